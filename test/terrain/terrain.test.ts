import { describe, expect, test } from '@jest/globals'
import type { Entry, HeldServer, HeldTerrain } from '../../src/ledger/ledger.ts'
import { reuseModeFor, type Terrain, terrainFor, withoutOurs } from '../../src/terrain/terrain.ts'
import { entryWith, ledgerWith } from '../support/ledgers.ts'
import { ip } from '../support/tables.ts'

const told: HeldTerrain = {
  interface: 'nodeport0',
  role: 'node',
  podCIDRs: ['10.244.0.0/16', '10.244.1.0/24'],
  sysctls: {},
}
const around = { own: new Set([ip('192.0.2.1')]), segments: [], release: '6.1.0-18-amd64' }

describe('the addresses of our interface', () => {
  test.each<[string, string, HeldServer, readonly string[]]>([
    ['a cluster IP is one', 'clusterIP', server('clusterIP', '10.96.0.10', 80), ['10.96.0.10']],
    [
      'so is an external IP',
      'externalIP',
      server('externalIP', '198.51.100.7', 80),
      ['198.51.100.7'],
    ],
    [
      'a node port has the node its address for',
      'nodePort',
      server('nodePort', '192.0.2.9', 30080),
      [],
    ],
    [
      'what another interface has is left there',
      'externalIP',
      server('externalIP', '192.0.2.1', 80),
      [],
    ],
  ])('%s', (_, __, held, expected) => {
    expect([...terrainOf([held]).addresses]).toEqual(expected)
  })
})

describe('what a machine has without us', () => {
  const ledger = (terrain: HeldTerrain | undefined) =>
    ledgerWith(
      [entryWith({ service: {}, servers: [server('externalIP', '198.51.100.7', 80)] })],
      terrain === undefined ? {} : { terrain },
    )
  const addresses = ['eth0 192.0.2.1', 'eth0 198.51.100.7', 'svc0 198.51.100.7', 'svc0 10.0.0.9']

  test.each<[string, HeldTerrain | undefined, readonly number[]]>([
    ['is all it has, where we did nothing', undefined, [0, 1, 2, 3]],
    ['is nothing on an interface that we made', { ...told, interface: 'svc0' }, [0, 1]],
    [
      'is what others put where we came later',
      { ...told, interface: 'svc0', found: [] },
      [0, 1, 3],
    ],
    [
      'is what was found, whoever wants it',
      { ...told, interface: 'svc0', found: ['198.51.100.7'] },
      [0, 1, 2, 3],
    ],
  ])('%s', (_, terrain, left) => {
    const host = addresses.map((line) => {
      const [name = '', address = ''] = line.split(' ')
      return { interface: name, address }
    })
    expect(withoutOurs(host, ledger(terrain))).toEqual(left.map((index) => host[index]))
  })
})

describe('the source of packets', () => {
  test.each<[string, HeldServer, object, string | undefined]>([
    [
      'to a cluster IP stays that of a pod',
      server('clusterIP', '10.96.0.10', 80),
      {},
      'goto clusterip',
    ],
    ['to a node port becomes the node', server('nodePort', '192.0.2.1', 30080), {}, 'goto cluster'],
    [
      'to a node port with the policy Local stays',
      server('nodePort', '192.0.2.1', 30080),
      { externalTrafficPolicy: 'Local' },
      'goto local',
    ],
    [
      'to a cluster IP does not heed that policy',
      server('clusterIP', '10.96.0.10', 80),
      { externalTrafficPolicy: 'Local' },
      'goto clusterip',
    ],
    [
      'is no concern of ours where packets are routed on',
      server('externalIP', '198.51.100.7', 80, [{ at: '10.244.0.5:80', forwarding: 'route' }]),
      {},
      undefined,
    ],
  ])('%s', (_, held, spec, expected) => {
    const { sets } = terrainOf([held], spec)
    expect(sets.servers4.get(`${held.address} . tcp . ${held.port}`)).toBe(expected)
  })

  test('becomes the director, whatever the policy', () => {
    const held = server('loadBalancer', '198.51.100.7', 80)
    const spec = { externalTrafficPolicy: 'Local' }
    const { sets } = terrainOf([held], spec, { ...told, role: 'director' })
    expect([...sets.servers4.values()]).toEqual(['goto cluster'])
  })
})

describe('what is let in', () => {
  test('to an address of a Service are its ports alone', () => {
    const { sets } = terrainOf([
      server('clusterIP', '10.96.0.10', 80),
      server('clusterIP', '10.96.0.10', 443),
      server('nodePort', '192.0.2.1', 30080),
    ])
    expect([...sets.guarded4.keys()]).toEqual(['10.96.0.10'])
    expect([...sets.open4.keys()]).toEqual(['10.96.0.10 . tcp . 80', '10.96.0.10 . tcp . 443'])
  })

  test('to a load-balancer address comes from the blocks of its own family', () => {
    const spec = { loadBalancerSourceRanges: ['10.0.0.0/8', ' 10.1.0.0/16', '2001:db8::/32'] }
    const { sets } = terrainOf(
      [
        server('loadBalancer', '198.51.100.7', 80),
        server('loadBalancer', '2001:db8::7', 80),
        server('externalIP', '198.51.100.8', 80),
      ],
      spec,
    )
    expect([...sets.allowed4.keys()]).toEqual(['198.51.100.7 . tcp . 80 . 10.0.0.0/8'])
    expect([...sets.fenced4.keys()]).toEqual(['198.51.100.7 . tcp . 80'])
    expect([...sets.allowed6.keys()]).toEqual(['2001:db8::7 . tcp . 80 . 2001:db8::/32'])
  })
})

describe('the settings of the kernel', () => {
  test('are those of the families that are served', () => {
    const { sysctls } = terrainOf([server('clusterIP', '10.96.0.10', 80)])
    expect(Object.fromEntries(sysctls)).toEqual({
      'net.ipv4.ip_forward': '1',
      'net.ipv4.vs.conntrack': '1',
      'net.ipv4.vs.expire_nodest_conn': '1',
      'net.ipv4.vs.expire_quiescent_template': '1',
      'net.ipv4.vs.conn_reuse_mode': '1',
    })
  })

  test('do without forwarding where nothing is rewritten', () => {
    const real = [{ at: '192.0.2.9:80', forwarding: 'tunnel' }]
    const { sysctls } = terrainOf([server('vip', '198.51.100.7', 80, real)])
    expect([...sysctls.keys()].filter((name) => !name.includes('.vs.'))).toEqual([])
    expect(sysctls.has('net.ipv4.vs.conntrack')).toBe(false)
  })

  test.each([
    ['4.19.0-26-amd64', '0'],
    ['5.8.18', '0'],
    ['5.9.0', '1'],
    ['6.12.0-rc1', '1'],
  ])('let a port be used again as Linux %s can: %s', (release, mode) => {
    expect(reuseModeFor(release)).toBe(mode)
  })
})

test('blocks within others are not said again', () => {
  expect([...terrainOf([server('clusterIP', '10.96.0.10', 80)]).sets.pods4.keys()]).toEqual([
    '10.244.0.0/16',
  ])
})

test('rules that a person wrote ask nothing of the host', () => {
  const entry = entryWith({ name: 'rules:default', servers: [server('vip', '10.96.0.10', 80)] })
  expect(terrainFor(ledgerWith([entry]), told, around)).toBeUndefined()
})

function server(
  kind: string,
  address: string,
  port: number,
  realServers: HeldServer['realServers'] = ['10.244.0.5:8080'],
): HeldServer {
  return { protocol: 'TCP', address, port, scheduler: 'rr', kind, servicePort: '80', realServers }
}

function terrainOf(
  servers: readonly HeldServer[],
  spec: object = {},
  held: HeldTerrain = told,
): Terrain {
  const entry: Entry = entryWith({ service: { kind: 'Service', spec }, servers })
  const terrain = terrainFor(ledgerWith([entry]), held, around)
  if (terrain === undefined) throw new Error('a Service wants a terrain')
  return terrain
}
