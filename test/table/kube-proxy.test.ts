import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parseCIDR } from '../../src/address/cidr.ts'
import { compile } from '../../src/compile.ts'
import { type Diagnostic, hasErrors } from '../../src/diagnostic/diagnostic.ts'
import type { Source } from '../../src/diagnostic/source.ts'
import { readCluster } from '../../src/object/read-cluster.ts'
import type { Service } from '../../src/object/service.ts'
import { defaultPools } from '../../src/pool/allocate.ts'
import type { Granted } from '../../src/pool/grant.ts'
import { rosterOf } from '../../src/roster/roster.ts'
import type { HostAddress } from '../../src/table/node-addresses.ts'
import { type ProxyConfig, readProxyConfig } from '../../src/table/proxy-config.ts'
import { tableFor } from '../../src/table/table.ts'
import { nodeView } from '../../src/table/view.ts'
import type { Table } from '../../src/table/virtual-server.ts'
import { printList } from '../../src/text/ipvsadm/list.ts'
import { printRules } from '../../src/text/ipvsadm/rules.ts'

// What a real kube-proxy in IPVS mode put into a real kernel for the same manifests, on the node
// `node-a` (fixtures/kube-proxy/README.md).

const folder = 'fixtures/kube-proxy'

/** Where we differ on purpose: why, and what stands in the place of what was recorded. */
const differences: Readonly<Record<string, Difference>> = {
  '040-headless-label-on-service': {
    why: 'Kubernetes 1.36 minds the headless label on slices only, 1.30 minded it on Services too',
    instead: () => recorded('001-single-nodeport', ''),
  },
  '062-topology-hints-no-annotation': {
    why: 'Kubernetes 1.36 follows hints without being asked by an annotation, 1.30 did not',
    instead: (rules) => rules.filter((rule) => !rule.includes(' -r 10.244.2.50:80 ')),
  },
  '091-preexisting-foreign': {
    why: 'the rule with a firewall mark is foreign, and none of what we ask for',
    instead: (rules) => without(rules, '-f 7'),
  },
  '092-exclude-cidrs': {
    why: 'the rules that kube-proxy was told to leave alone are none of what we ask for',
    instead: (rules) => without(rules, '-t 172.16.5.5:8080'),
  },
  '113-external-ip-conflict': {
    why: 'two Services ask for one address; kube-proxy leaves it to chance, we to their names',
    instead: (rules) => [
      ...without(rules, '-t 198.51.100.7:80'),
      '-A -t 198.51.100.7:80 -s rr',
      '-a -t 198.51.100.7:80 -r 10.244.1.57:80 -m -w 1',
      '-a -t 198.51.100.7:80 -r 10.244.2.50:80 -m -w 1',
    ],
  },
}

interface Difference {
  readonly why: string
  readonly instead: (rules: readonly string[]) => readonly string[]
}

/** Objects that an API server would have filled in before kube-proxy saw them. */
const unfinished = ['101-no-cluster-ip', '102-no-node-port']

const cases = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => [[name, ''] as const, [name, '-2'] as const])
  .filter(([name, state]) => existsSync(join(folder, name, `Sn${state}.txt`)))
  .sort()

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

const conflicts: Readonly<Record<string, string>> = {
  '113-external-ip-conflict': 'virtual-server-conflict',
}

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

interface Situation {
  readonly source: Source
  readonly config: ProxyConfig & { readonly diagnostics: readonly Diagnostic[] }
  readonly hosts: readonly HostAddress[]
}

function situation(name: string, state: string): Situation {
  const gone = state !== '' && existsSync(join(folder, name, 'cleanup'))
  const text = gone ? '' : textOf(name, 'cluster', state, 'yaml')
  const source = { name: 'cluster.yaml', text }
  return { source, config: configOf(name, state), hosts: hostAddresses(name, state) }
}

function configOf(name: string, state: string): Situation['config'] {
  const diagnostics: Diagnostic[] = []
  const source = { name: 'config.yaml', text: textOf(name, 'config', state, 'yaml') }
  const config = readProxyConfig(source, (diagnostic) => diagnostics.push(diagnostic))
  return { ...config, diagnostics }
}

/** kube-proxy ends, and no rule is written. */
function isRefused({ diagnostics }: Situation['config']): boolean {
  return hasErrors(diagnostics)
}

/** Those that were there before kube-proxy came, and those that it bound itself. */
function hostAddresses(name: string, state: string): HostAddress[] {
  const before = textOf(name, 'host-addr', '', 'txt').matchAll(/^\d+: (\S+) +inet6? ([^/ ]+)/gm)
  const bound = textOf(name, 'kube-ipvs0', state, 'txt').matchAll(/^ +inet6? ([^/ ]+)/gm)
  return [
    ...[...before].map(([, at = '', address = '']) => ({ interface: at, address })),
    ...[...bound].map(([, address = '']) => ({ interface: 'kube-ipvs0', address })),
  ]
}

function asGranted(service: Service): Granted {
  const { ipFamilies, ipFamilyPolicy, ...spec } = service.spec
  return { ...service, spec }
}

function recorded(name: string, state: string): string[] {
  return linesOf(textOf(name, 'Sn', state, 'txt'))
}

function without(rules: readonly string[], server: string): string[] {
  return rules.filter((rule) => !rule.slice(3).startsWith(`${server} `))
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}

/** The file of a state, or of the first one where nothing changed. */
function textOf(name: string, base: string, state: string, extension: string): string {
  const path = join(folder, name, `${base}${state}.${extension}`)
  return readFileSync(existsSync(path) ? path : join(folder, name, `${base}.${extension}`), 'utf8')
}
