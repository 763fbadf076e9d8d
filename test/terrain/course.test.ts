import { describe, expect, test } from '@jest/globals'
import { courseOf, type Scene } from '../../src/terrain/course.ts'
import type { Examination } from '../../src/terrain/examination.ts'
import type { Link, Route } from '../../src/terrain/link.ts'
import { emptySets, type Sets } from '../../src/terrain/sets.ts'
import { parseFlow } from '../../src/text/way/packet.ts'
import { ip, realServerWith, serverWith } from '../support/tables.ts'

// A machine with a street, eth0, and pods behind cni0. The pod 10.244.0.5 is here, 10.244.1.7 is on
// another machine of the street.

const link = (index: number, name: string, kind = ''): Link => ({
  ...{ index, name, kind, mtu: 1500, isUp: true, master: 0 },
  ...{ tunnelLocal: undefined, hairpin: undefined },
})
const route = (index: number, gateway?: string): Route => ({
  ...{ index, gateway: gateway === undefined ? undefined : ip(gateway), isLocal: false, mtu: 0 },
  source: ip(index === 2 ? '192.0.2.1' : '10.244.0.1'),
})

const seen: Examination = {
  ...{ release: '6.1.0', hasIPVS: true, isPrivileged: true, missingSchedulers: [] },
  sysctls: new Map([
    ['net.ipv4.ip_forward', '1'],
    ['net.ipv4.vs.conntrack', '1'],
  ]),
  links: [link(2, 'eth0'), link(3, 'cni0', 'bridge'), link(4, 'nodeport0', 'dummy')],
  addresses: new Map([
    [ip('192.0.2.1'), 2],
    [ip('10.244.0.1'), 3],
    [ip('10.96.0.1'), 4],
  ]),
  routes: new Map([
    [ip('10.244.0.5'), route(3)],
    [ip('10.244.1.7'), route(2, '192.0.2.2')],
    [ip('192.0.2.100'), route(2)],
    [ip('10.244.0.6'), route(3)],
    [ip('10.96.0.99'), route(2, '192.0.2.254')],
  ]),
  ...{ tracked: undefined, reversePathDrops: 0, listeners: [], closedHooks: [] },
  ...{ withoutHairpin: [], managers: [], rules: undefined, probes: new Map() },
}

const live = [
  serverWith({
    address: ip('10.96.0.1'),
    realServers: [
      realServerWith({ address: ip('10.244.0.5') }),
      realServerWith({ address: ip('10.244.1.7') }),
    ],
  }),
]

const sets: Sets = emptySets()
sets.servers4.set('10.96.0.1 . tcp . 80', 'goto clusterip')
sets.pods4.set('10.244.0.0/16', '')
sets.segments.set('"cni0" . "cni0"', '')
sets.guarded4.set('10.96.0.1', '')
sets.open4.set('10.96.0.1 . tcp . 80', '')

const scene: Scene = { seen, live, sets, changed: new Set() }

function toldOf(flow: string, parts: Partial<Scene> = {}): string {
  const read = parseFlow(flow)
  if (typeof read !== 'object') throw new Error(`no flow: ${flow}`)
  const { fate, end, ways } = courseOf(read, { ...scene, ...parts })
  const said = ways.map((way) => way.why ?? `seen as ${way.seen}`)
  return [fate, ...(end === undefined ? said : [end])].join('; ')
}

const withSysctl = (name: string): Partial<Scene> => ({
  seen: { ...seen, sysctls: new Map([...seen.sysctls, [name, '0']]) },
})

describe('a packet to a cluster IP', () => {
  test.each<[string, string, Partial<Scene>, string]>([
    [
      'of a client outside',
      '192.0.2.100 -> 10.96.0.1:80',
      {},
      'answered; seen as 10.244.0.1; seen as 192.0.2.1',
    ],
    [
      'of a pod here, that would be answered past the machine by its neighbour',
      '10.244.0.6 -> 10.96.0.1:80',
      {},
      'answered; seen as 10.244.0.1; seen as 10.244.0.6',
    ],
    [
      'of a pod to itself, on a bridge that asks the firewall',
      '10.244.0.5 -> 10.96.0.1:80',
      { seen: { ...seen, withoutHairpin: ['veth1'] } },
      'depends; its bridge asks the firewall, and sends nothing back to where it came from; seen as 10.244.0.5',
    ],
    [
      'where nothing is tracked',
      '192.0.2.100 -> 10.96.0.1:80',
      withSysctl('net.ipv4.vs.conntrack'),
      'depends; seen as 192.0.2.100; the answer would go past this machine, and net.ipv4.vs.conntrack = 0 keeps it from masquerading',
    ],
    [
      'where nothing is sent on',
      '192.0.2.100 -> 10.96.0.1:80',
      withSysctl('net.ipv4.ip_forward'),
      'waits; this machine sends nothing on: net.ipv4.ip_forward = 0; this machine sends nothing on: net.ipv4.ip_forward = 0',
    ],
    [
      'where our rules are gone',
      '10.96.0.1 -> 10.96.0.1:80',
      { sets: undefined },
      'depends; seen as 10.96.0.1; the answer would go past this machine, and nothing masquerades it',
    ],
    [
      'where a chain of ours was changed',
      '192.0.2.100 -> 10.96.0.1:80',
      { changed: new Set(['clusterip']) },
      'depends; seen as 192.0.2.100; the answer would go past this machine, and the chain clusterip of table inet nodeport is not as it was made',
    ],
    [
      'and another chain is the one that was changed',
      '192.0.2.100 -> 10.96.0.1:80',
      { changed: new Set(['cluster']) },
      'answered; seen as 10.244.0.1; seen as 192.0.2.1',
    ],
    [
      'and another port',
      '192.0.2.100 -> 10.96.0.1:22',
      {},
      'refused; 10.96.0.1 is of a Service that has no port 22',
    ],
    [
      'that is not this machine',
      '192.0.2.100 -> 10.96.0.99:80',
      {},
      'waits; 10.96.0.99 is no address of this machine: packets for it go on by eth0',
    ],
    [
      'whose pods nobody knows a way to',
      '192.0.2.100 -> 10.96.0.1:80',
      { seen: { ...seen, routes: new Map([[ip('10.244.0.5'), 'ENETUNREACH']]) } },
      'told that there is no such host; no way leads to it: ENETUNREACH; no way leads to it: unknown',
    ],
    [
      'whose pods take nobody',
      '192.0.2.100 -> 10.96.0.1:80',
      { live: live.map((it) => ({ ...it, realServers: [realServerWith({ weight: 0 })] })) },
      'refused; no real server of it takes new connections',
    ],
  ])('%s', (_, flow, parts, expected) => {
    expect(toldOf(flow, parts)).toBe(expected)
  })
})

test('a program of the machine answers where there is no virtual server', () => {
  const listener = { protocol: 'TCP', address: ip('0.0.0.0'), port: 22, program: 'sshd' } as const
  expect(toldOf('192.0.2.100 -> 192.0.2.1:22', { seen: { ...seen, listeners: [listener] } })).toBe(
    'answered; there is no virtual server: sshd answers itself',
  )
})

test.each([
  [
    '192.0.2.1 -> 192.0.2.2:80',
    { source: '192.0.2.1', packet: { protocol: 'TCP', address: '192.0.2.2', port: 80 } },
  ],
  [
    'fd00::1->[fd00::2]:53/udp',
    { source: 'fd00::1', packet: { protocol: 'UDP', address: 'fd00::2', port: 53 } },
  ],
  ['192.0.2.1:80', undefined],
  ['a -> 192.0.2.2:80', '"a" is no IP address'],
  ['fd00::1 -> 192.0.2.2:80', 'fd00::1 and 192.0.2.2 are of two families'],
  ['192.0.2.1 -> 192.0.2.2', '"192.0.2.2" is no address and port'],
  ['a -> b -> c', '"a -> b -> c" is no flow from one address to another'],
])('%s is read as a flow, or refused', (text, expected) => {
  expect(parseFlow(text)).toEqual(expected)
})
