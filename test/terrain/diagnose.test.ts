import { describe, expect, test } from '@jest/globals'
import { Forwarding, type VirtualServer } from '../../src/table/virtual-server.ts'
import { ailments } from '../../src/terrain/ailments.ts'
import { diagnose, examinationFor, type Needs } from '../../src/terrain/diagnose.ts'
import type { ClosedHook, Examination } from '../../src/terrain/examination.ts'
import { ip, realServerWith, serverWith } from '../support/tables.ts'

const nodePort: VirtualServer = serverWith({
  address: ip('192.0.2.1'),
  port: 30080,
  realServers: [realServerWith({})],
  cause: { service: 'default/web', port: 'http', kind: 'nodePort' },
})

const needs: Needs = {
  table: [nodePort],
  held: undefined,
  interface: 'nodeport0',
  behind: undefined,
  dates: ['2026-01-01T00:00:00Z'],
  now: new Date('2026-01-01T00:00:30Z'),
  steps: undefined,
  remedy: 'nodeport restore',
}

const healthy: Examination = {
  release: '6.1.0',
  hasIPVS: true,
  isPrivileged: true,
  sysctls: new Map([
    ['net.ipv4.ip_forward', '1'],
    ['net.ipv4.vs.conntrack', '1'],
    ['net.ipv4.vs.conn_reuse_mode', '1'],
    ['net.ipv4.vs.expire_nodest_conn', '1'],
    ['net.ipv4.vs.expire_quiescent_template', '1'],
    ['net.ipv4.ip_local_port_range', '32768\t60999'],
    ['net.ipv4.ip_local_reserved_ports', ''],
  ]),
  missingSchedulers: [],
  links: [],
  addresses: new Map([[ip('192.0.2.1'), 2]]),
  routes: new Map(),
  tracked: { count: 10, most: 65536 },
  reversePathDrops: 0,
  listeners: [],
  closedHooks: [],
  withoutHairpin: [],
  managers: [],
  rules: undefined,
  probes: new Map(),
}

test('a healthy machine suffers from nothing', () => {
  expect(diagnose(healthy, needs)).toEqual([])
})

test('no two kinds of ailment share a code', () => {
  expect(new Set(ailments.map(({ code }) => code)).size).toBe(ailments.length)
})

describe('a firewall that is closed', () => {
  const closed = (hook: ClosedHook['hook'], ...accepting: string[]): ClosedHook => ({
    ...{ hook, how: 'policy drop', seenBy: 'x', chain: 'chain c', opening: 'x', accepting },
  })

  test.each<[string, ClosedHook, boolean]>([
    ['to all', closed('input'), true],
    ['but to ssh', closed('input', '--dport 22'), true],
    ['but to the nodePort', closed('input', '--dport 30080'), false],
    ['in name alone', closed('input', ''), false],
    ['to answers', closed('forward', '-s 10.0.0.0/8'), true],
    ['but to what is known', closed('forward', '--ctstate ESTABLISHED'), false],
    ['but to the machine itself', closed('output', '-o lo'), true],
    ['but to pods', closed('output', '-d 10.244.0.0/16'), false],
  ])('%s', (_, hook, isFound) => {
    const found = diagnose({ ...healthy, closedHooks: [hook] }, needs)
    expect(found.map(({ code }) => code)).toEqual(isFound ? ['firewall-closes'] : [])
  })
})

test('ports that are reserved are added to, not replaced', () => {
  const sysctls = new Map([
    ...healthy.sysctls,
    ['net.ipv4.ip_local_port_range', '30000 60999'] as const,
    ['net.ipv4.ip_local_reserved_ports', '8080,31000-31010'] as const,
  ])
  const [found] = diagnose({ ...healthy, sysctls }, needs)
  expect(found?.mend).toBe('sysctl -w net.ipv4.ip_local_reserved_ports=8080,31000-31010,30080')
})

test('clocks may differ by some seconds', () => {
  const late = { ...needs, dates: ['2026-01-01T00:01:00Z'] }
  expect(diagnose(healthy, late)).toEqual([])
  const later = { ...needs, dates: ['2026-01-01T00:02:00Z'] }
  expect(diagnose(healthy, later).map(({ code }) => code)).toEqual(['ledger-clock'])
})

test('many addresses are not typed one by one', () => {
  const table = Array.from({ length: 9 }, (_, last) =>
    serverWith({ address: ip(`10.96.0.${last}`) }),
  )
  const [found] = diagnose(healthy, { ...needs, table })
  expect(found?.message).toBe(
    '10.96.0.0 and 8 more of Services are on no interface of this machine',
  )
  expect(found?.mend).toBe('nodeport restore')
})

describe('an address that is missing', () => {
  const table = [serverWith({ address: ip('10.96.0.10') })]
  const remedy = 'nodeport apply -f web.yaml'
  const ours = {
    ...{ name: 'nodeport0', kind: 'dummy', index: 3, mtu: 1500, isUp: false, master: 0 },
    ...{ tunnelLocal: undefined, hairpin: undefined },
  }

  test.each([
    ['is put on our interface', [ours], 'ip address add 10.96.0.10/32 dev nodeport0'],
    ['is left to us where there is none yet', [], remedy],
  ])('%s', (_, links, mend) => {
    const [found] = diagnose({ ...healthy, links }, { ...needs, table, remedy })
    expect(found).toMatchObject({ code: 'address-missing', mend })
  })
})

test('rules that were never made are made by applying', () => {
  const rules = { by: 'nftables', sets: undefined, isIntact: true } as const
  const [found] = diagnose({ ...healthy, rules }, { ...needs, remedy: 'nodeport apply -f a.yaml' })
  expect(found).toMatchObject({ code: 'rules-missing', mend: 'nodeport apply -f a.yaml' })
})

test('each way that is missing wants a command, and a dozen are not written out', () => {
  const routes = new Map(
    Array.from({ length: 12 }, (_, last) => [ip(`10.244.0.${last}`), 'ENETUNREACH'] as const),
  )
  const mend = diagnose({ ...healthy, routes }, needs)[0]?.mend.split('\n') ?? []
  expect(mend).toHaveLength(6)
  expect(mend[0]).toBe('ip route add 10.244.0.0 via NODE  # the node of that pod')
  expect(mend[5]).toBe('# and so for 7 more')
})

test('only real servers that get rewritten packets of TCP are asked', () => {
  const all = [
    nodePort,
    serverWith({ protocol: 17, realServers: [realServerWith({ address: ip('10.244.0.6') })] }),
    serverWith({
      port: 81,
      realServers: [realServerWith({ address: ip('10.244.0.7'), forwarding: Forwarding.tunnel })],
    }),
  ]
  expect(examinationFor(all, { probe: true }).probes).toEqual([
    { address: '10.244.0.5', port: 8080 },
  ])
  expect(examinationFor(all, { probe: false }).probes).toEqual([])
})
