import { describe, expect, test } from '@jest/globals'
import { parseCIDR } from '../../src/address/cidr.ts'
import { compile } from '../../src/compile.ts'
import { readCluster } from '../../src/object/read-cluster.ts'
import type { Service } from '../../src/object/service.ts'
import { defaultPools } from '../../src/pool/allocate.ts'
import type { Granted } from '../../src/pool/grant.ts'
import { rosterOf } from '../../src/roster/roster.ts'
import { tableFor } from '../../src/table/table.ts'
import { nodeView } from '../../src/table/view.ts'
import type { Table } from '../../src/table/virtual-server.ts'
import { printList } from '../../src/text/ipvsadm/list.ts'
import { printRules } from '../../src/text/ipvsadm/rules.ts'
import {
  cases,
  conflicts,
  differences,
  isRefused,
  linesOf,
  recorded,
  situation,
  textOf,
  unfinished,
} from '../support/recorded-kube-proxy.ts'

// What a real kube-proxy in IPVS mode put into a real kernel for the same manifests, on the node
// `node-a` (fixtures/kube-proxy/README.md).

describe('the rules are those of kube-proxy', () => {
  test.each(cases)('%s%s', (name, state) => {
    const rules = recorded(name, state)
    const expected = differences[name]?.instead(rules) ?? rules
    expect(linesOf(printRules(tableOf(name, state))).sort()).toEqual([...expected].sort())
  })
})

describe('and they are listed as ipvsadm lists them', () => {
  const same = cases.filter(([name]) => differences[name] === undefined)

  test.each(same)('%s%s', (name, state) => {
    expect(printList(tableOf(name, state))).toBe(textOf(name, 'Ln', state, 'txt'))
  })
})

describe('so it goes through the whole compiler, with what an API server fills in', () => {
  const possible = cases.filter(([name]) => !unfinished.includes(name))

  test.each(possible)('%s%s', (name, state) => {
    const { source, config, hosts } = situation(name, state)
    const { table, diagnostics } = compile([source], {
      held: new Map(),
      pools: { ...defaultPools, serviceCIDRs },
      settings: config.settings,
      view: {
        role: 'node',
        node: undefined,
        nodeIPs: 'host',
        nodePortAddresses: config.nodePortAddresses,
        host: { name: 'node-a', addresses: hosts },
      },
    })
    const codes = diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code)
    expect(codes).toEqual(name in conflicts ? [conflicts[name]] : [])
    if (!isRefused(config)) expect(printRules(table)).toEqual(printRules(tableOf(name, state)))
  })
})

const serviceCIDRs = ['10.96.0.0/12', 'fd00:96::/108'].flatMap((text) => parseCIDR(text) ?? [])

/** What kube-proxy saw: the Services as they stand in the manifests, nothing handed out. */
function tableOf(name: string, state: string): Table {
  const { source, config, hosts } = situation(name, state)
  if (isRefused(config)) return []
  const cluster = readCluster([source], {}, () => {})
  const { nodePortAddresses, settings } = config
  const host = { name: 'node-a', addresses: hosts }
  const options = { node: undefined, nodeIPs: 'host', nodePortAddresses, host } as const
  const view = nodeView(cluster.nodes, { role: 'node', ...options }, () => {})
  const granteds = cluster.services.map(asGranted)
  return tableFor(
    granteds,
    rosterOf(cluster, () => {}),
    view,
    settings,
    () => {},
  )
}

function asGranted(service: Service): Granted {
  const { ipFamilies, ipFamilyPolicy, ...spec } = service.spec
  return { ...service, spec }
}
