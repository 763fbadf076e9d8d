import { describe, expect, test } from '@jest/globals'
import { type IP, withPort } from '../../src/address/ip.ts'
import type { Endpoint, EndpointSlice } from '../../src/object/endpoint-slice.ts'
import type { Granted } from '../../src/pool/grant.ts'
import { rosterOf } from '../../src/roster/roster.ts'
import { defaultSettings, settingsFrom } from '../../src/table/service-settings.ts'
import type { NodeView } from '../../src/table/view.ts'
import { Flag, identityOf, type VirtualServer } from '../../src/table/virtual-server.ts'
import { virtualServersOf } from '../../src/table/virtual-servers.ts'
import { clusterOf, endpointOf, serviceOf, sliceOf } from '../support/built.ts'

// The numbers in the titles are those of Kubernetes' own unit tests for the IPVS proxier, and of
// what its source says besides: A virtual servers, B choice of endpoints.

const v4Slice = sliceOf({ endpoints: [endpointOf('10.180.0.1', { nodeName: 'test-node' })] })
const v6Slice = sliceOf({
  name: 'web-v6',
  addressType: 'IPv6',
  endpoints: [endpointOf('1002:ab8::2:10')],
})
const bothWays = sliceOf({
  endpoints: [
    endpointOf('10.180.0.1', { nodeName: 'test-node' }),
    endpointOf('10.180.1.1', { nodeName: 'other-node' }),
  ],
})
const nodeIPs = ['100.101.102.103', '2001:db8::1:1']

describe('the virtual servers of a Service', () => {
  const nodePort = { type: 'NodePort', clusterIP: '10.20.30.41' } as const
  const externalIPs = ['50.60.70.81', '2012::51', '127.0.0.1']

  test.each<[string, Granted, readonly EndpointSlice[], readonly string[], readonly string[]]>([
    [
      'A1: a node port has the cluster IP and the node of its family',
      serviceOf({ spec: nodePort, ports: [{ nodePort: 3001 }] }),
      [v4Slice, v6Slice],
      nodeIPs,
      ['TCP 10.20.30.41:80 -> 10.180.0.1:80', 'TCP 100.101.102.103:3001 -> 10.180.0.1:80'],
    ],
    [
      'A2: UDP as well',
      serviceOf({ spec: nodePort, ports: [{ protocol: 'UDP', nodePort: 3001 }] }),
      [sliceOf({ ports: [{ protocol: 'UDP' }], endpoints: v4Slice.endpoints })],
      nodeIPs,
      ['UDP 10.20.30.41:80 -> 10.180.0.1:80', 'UDP 100.101.102.103:3001 -> 10.180.0.1:80'],
    ],
    [
      'A3: they are there where nobody answers',
      serviceOf({ spec: nodePort, ports: [{ nodePort: 3001 }] }),
      [],
      nodeIPs,
      ['TCP 10.20.30.41:80 ->', 'TCP 100.101.102.103:3001 ->'],
    ],
    [
      'A4: one for each address of the node',
      serviceOf({ spec: nodePort, ports: [{ protocol: 'SCTP', nodePort: 3001 }] }),
      [sliceOf({ ports: [{ protocol: 'SCTP' }], endpoints: v4Slice.endpoints })],
      ['100.101.102.103', '100.101.102.104', '100.101.102.105', ...nodeIPs.slice(1)],
      [
        'SCTP 10.20.30.41:80 -> 10.180.0.1:80',
        'SCTP 100.101.102.103:3001 -> 10.180.0.1:80',
        'SCTP 100.101.102.104:3001 -> 10.180.0.1:80',
        'SCTP 100.101.102.105:3001 -> 10.180.0.1:80',
      ],
    ],
    [
      'A5: Local keeps a node port to the node',
      serviceOf({
        spec: { ...nodePort, externalTrafficPolicy: 'Local' },
        ports: [{ nodePort: 3001 }],
      }),
      [bothWays],
      ['100.101.102.103'],
      [
        'TCP 10.20.30.41:80 -> 10.180.0.1:80 10.180.1.1:80',
        'TCP 100.101.102.103:3001 -> 10.180.0.1:80',
      ],
    ],
    [
      'A6: IPv6',
      serviceOf({ spec: { ...nodePort, clusterIP: '2020::1' }, ports: [{ nodePort: 3001 }] }),
      [v4Slice, v6Slice],
      nodeIPs,
      [
        'TCP [2020::1]:80 -> [1002:ab8::2:10]:80',
        'TCP [2001:db8::1:1]:3001 -> [1002:ab8::2:10]:80',
      ],
    ],
    [
      'A7: without a cluster IP of a family there is nothing of that family',
      serviceOf({ spec: { ...nodePort, externalIPs: ['2012::51'] } }),
      [v6Slice],
      nodeIPs,
      ['TCP 10.20.30.41:80 ->'],
    ],
    [
      'A9: a cluster IP alone',
      serviceOf({ spec: { clusterIP: '10.20.30.41' } }),
      [],
      nodeIPs,
      ['TCP 10.20.30.41:80 ->'],
    ],
    [
      'A10: external IPs without endpoints',
      serviceOf({ spec: { clusterIP: '10.20.30.41', externalIPs: ['50.60.70.81'] } }),
      [],
      nodeIPs,
      ['TCP 10.20.30.41:80 ->', 'TCP 50.60.70.81:80 ->'],
    ],
    [
      'A11: a slice port of another protocol answers nobody',
      serviceOf({ spec: { clusterIP: '10.20.30.41', externalIPs } }),
      [sliceOf({ ports: [{ protocol: 'UDP' }], endpoints: v4Slice.endpoints })],
      nodeIPs,
      ['TCP 10.20.30.41:80 ->', 'TCP 50.60.70.81:80 ->', 'TCP 127.0.0.1:80 ->'],
    ],
    [
      'A12: Local keeps external IPs to the node',
      serviceOf({ spec: { ...nodePort, externalIPs, externalTrafficPolicy: 'Local' } }),
      [bothWays],
      nodeIPs,
      [
        'TCP 10.20.30.41:80 -> 10.180.0.1:80 10.180.1.1:80',
        'TCP 50.60.70.81:80 -> 10.180.0.1:80',
        'TCP 127.0.0.1:80 -> 10.180.0.1:80',
      ],
    ],
    [
      'A13: a load balancer on a node without addresses',
      serviceOf({
        spec: { type: 'LoadBalancer', clusterIP: '10.20.30.41' },
        ports: [{ nodePort: 3001 }],
        ingress: [{ ip: '1.2.3.4' }],
      }),
      [sliceOf({ ports: [{ protocol: 'UDP' }], endpoints: v4Slice.endpoints })],
      [],
      ['TCP 10.20.30.41:80 ->', 'TCP 1.2.3.4:80 ->'],
    ],
    [
      'A14: a load balancer that is a proxy wants to see all packets itself',
      serviceOf({
        spec: { type: 'LoadBalancer', clusterIP: '10.20.30.41' },
        ingress: [
          { ip: '1.2.3.4', ipMode: 'Proxy' },
          { ip: '1.2.3.5', ipMode: 'VIP' },
        ],
      }),
      [],
      [],
      ['TCP 10.20.30.41:80 ->', 'TCP 1.2.3.5:80 ->'],
    ],
    [
      'A15: Local keeps a load balancer to the node',
      serviceOf({
        spec: {
          type: 'LoadBalancer',
          clusterIP: '10.20.30.41',
          externalTrafficPolicy: 'Local',
        },
        ingress: [{ ip: '1.2.3.4' }],
      }),
      [bothWays],
      [],
      ['TCP 10.20.30.41:80 -> 10.180.0.1:80 10.180.1.1:80', 'TCP 1.2.3.4:80 -> 10.180.0.1:80'],
    ],
    [
      'A21: endpoints of all nodes, the unready one left out',
      serviceOf({}),
      [
        sliceOf({
          endpoints: [
            ready(1, 'test-node'),
            ready(2, 'node2'),
            ready(3, 'node3'),
            endpointOf('10.0.1.4', { nodeName: 'node3', ready: false, serving: false }),
          ],
        }),
      ],
      [],
      ['TCP 172.20.1.1:80 -> 10.0.1.1:80 10.0.1.2:80 10.0.1.3:80'],
    ],
    [
      'A23: TCP and UDP of one number are two ports',
      serviceOf({
        spec: { type: 'NodePort', clusterIP: '10.20.30.41' },
        ports: [
          { name: 'dns-tcp', port: 53, nodePort: 30053 },
          { name: 'dns', port: 53, protocol: 'UDP', nodePort: 30053 },
        ],
      }),
      [],
      ['192.0.2.1'],
      [
        'TCP 10.20.30.41:53 ->',
        'TCP 192.0.2.1:30053 ->',
        'UDP 10.20.30.41:53 ->',
        'UDP 192.0.2.1:30053 ->',
      ],
    ],
    [
      'A24: another proxy looks after it',
      serviceOf({ labels: { 'service.kubernetes.io/service-proxy-name': '' } }),
      [v4Slice],
      nodeIPs,
      [],
    ],
    ['A25: headless', serviceOf({ spec: { clusterIP: 'None' } }), [v4Slice], nodeIPs, []],
    ['A25: ExternalName', serviceOf({ spec: { type: 'ExternalName' } }), [v4Slice], nodeIPs, []],
    ['A25: no cluster IP', serviceOf({ spec: { clusterIP: '' } }), [v4Slice], nodeIPs, []],
    [
      'A27: an external IP that the node has itself',
      serviceOf({ spec: { externalIPs: ['203.0.113.5'] } }),
      [v4Slice],
      ['203.0.113.5'],
      ['TCP 172.20.1.1:80 -> 10.180.0.1:80', 'TCP 203.0.113.5:80 -> 10.180.0.1:80'],
    ],
    [
      'A28: hostnames of a load balancer are nobody to IPVS',
      serviceOf({
        spec: { type: 'LoadBalancer', clusterIP: '10.20.30.41' },
        ports: [{ nodePort: 30080 }],
        ingress: [{ ip: '198.51.100.7' }, { hostname: 'lb.example' }],
      }),
      [],
      ['172.17.0.1', '192.0.2.1'],
      [
        'TCP 10.20.30.41:80 ->',
        'TCP 198.51.100.7:80 ->',
        'TCP 172.17.0.1:30080 ->',
        'TCP 192.0.2.1:30080 ->',
      ],
    ],
    [
      'A29: a slice port of another name answers nobody',
      serviceOf({ ports: [{ name: 'http' }] }),
      [sliceOf({ ports: [{ name: '' }], endpoints: v4Slice.endpoints })],
      [],
      ['TCP 172.20.1.1:80 ->'],
    ],
    [
      'a headless slice answers nobody, and neither does one of host names',
      serviceOf({}),
      [
        sliceOf({ ...v4Slice, labels: { 'service.kubernetes.io/headless': '' } }),
        sliceOf({ ...v4Slice, name: 'web-names', addressType: 'FQDN' }),
      ],
      [],
      ['TCP 172.20.1.1:80 ->'],
    ],
    [
      'the headless label on a Service changes nothing since Kubernetes 1.36',
      serviceOf({ labels: { 'service.kubernetes.io/headless': '' } }),
      [v4Slice],
      [],
      ['TCP 172.20.1.1:80 -> 10.180.0.1:80'],
    ],
    [
      'both families of a dual-stack Service, IPv4 first',
      serviceOf({
        spec: {
          clusterIP: '2020::1',
          clusterIPs: ['2020::1', '10.20.30.41'],
          ipFamilies: ['IPv6', 'IPv4'],
        },
      }),
      [v4Slice, v6Slice],
      [],
      ['TCP 10.20.30.41:80 -> 10.180.0.1:80', 'TCP [2020::1]:80 -> [1002:ab8::2:10]:80'],
    ],
  ])('%s', (_, service, slices, addresses, expected) => {
    expect(serversOf(service, slices, { addresses: addresses as IP[] }).map(show)).toEqual(expected)
  })

  test('A8: each family sees its own Services only', () => {
    const six = serviceOf({ name: 'six', spec: { clusterIP: '1002:ab8::2:1' } })
    const sixes = sliceOf({ ...v6Slice, service: 'six' })
    expect(serversOf(six, [v4Slice, sixes]).map(show)).toEqual([
      'TCP [1002:ab8::2:1]:80 -> [1002:ab8::2:10]:80',
    ])
  })

  test('A19: affinity is the same on every way in', () => {
    const service = serviceOf({
      spec: {
        type: 'NodePort',
        externalIPs: ['50.60.70.81'],
        sessionAffinity: 'ClientIP',
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } },
      },
      ports: [{ nodePort: 3001 }],
    })
    const servers = serversOf(service, [v4Slice], { addresses: ['100.101.102.103' as IP] })
    expect(servers.map(({ flags, timeout }) => [flags, timeout])).toEqual(
      Array(3).fill([Flag.persistent, 10_800]),
    )
  })

  test('A26: mh is told to look at ports, and affinity stands beside it', () => {
    const service = serviceOf({
      spec: {
        sessionAffinity: 'ClientIP',
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 600 } },
      },
    })
    const settings = settingsFrom({ scheduler: 'mh' }, defaultSettings)
    const roster = rosterOf(clusterOf({}), () => {})
    const [server] = virtualServersOf(service, roster, viewOf({}), settings)
    expect(server).toMatchObject({ scheduler: 'mh', flags: 0x11, timeout: 600 })
  })

  test('back ends stand in the order of their text, each with its pod', () => {
    const slice = sliceOf({
      endpoints: ['10.0.0.1', '10.0.0.2', '10.0.0.10'].map((address) =>
        endpointOf(address, { pod: `pod-${address}` }),
      ),
    })
    const [server] = serversOf(serviceOf({}), [slice])
    expect(server?.realServers.map(({ address, name }) => [address, name])).toEqual([
      ['10.0.0.10', 'pod-10.0.0.10'],
      ['10.0.0.1', 'pod-10.0.0.1'],
      ['10.0.0.2', 'pod-10.0.0.2'],
    ])
  })
})

const here = 'test-node'
const there = 'other-node'

function ready(digit: number, nodeName: string): Endpoint {
  return endpointOf(`10.0.1.${digit}`, { nodeName })
}

function leaving(digit: number, nodeName: string): Endpoint {
  const address = `10.0.1.${digit}`
  return endpointOf(address, { nodeName, ready: false, terminating: true })
}

function gone(digit: number, nodeName: string): Endpoint {
  return { ...leaving(digit, nodeName), serving: false }
}

describe('the real servers of a virtual server', () => {
  const cluster = { externalTrafficPolicy: 'Cluster' } as const
  const local = { externalTrafficPolicy: 'Local' } as const

  test.each([
    [
      'B1: the ready ones, wherever they are',
      [ready(1, here), ready(2, here), leaving(3, here), gone(4, here), ready(5, there)],
      cluster,
      { internal: '1 2 5', external: '1 2 5' },
    ],
    [
      'B2: Local means the ready ones on this node',
      [ready(1, here), ready(2, here), leaving(3, here), gone(4, here), ready(5, there)],
      local,
      { internal: '1 2 5', external: '1 2' },
    ],
    [
      'B3: where none is ready, those that are leaving',
      [leaving(1, here), leaving(2, here), gone(3, here), leaving(4, there), gone(5, there)],
      cluster,
      { internal: '1 2 4', external: '1 2 4' },
    ],
    [
      'B4: also on this node alone',
      [leaving(1, here), leaving(2, here), gone(3, here), leaving(4, there), ready(5, there)],
      local,
      { internal: '5', external: '1 2' },
    ],
    [
      'B5: Local falls back on the others',
      [ready(1, there), ready(2, there)],
      local,
      { internal: '1 2', external: '1 2' },
    ],
    [
      'B6: what is gone keeps nothing local',
      [gone(1, here), leaving(4, there), ready(5, there)],
      local,
      { internal: '5', external: '5' },
    ],
    [
      'B23: a leaving one is local as well',
      [ready(0, there), gone(1, here), leaving(2, here), leaving(3, there)],
      local,
      { internal: '0', external: '2' },
    ],
    [
      'B25: all are leaving',
      [leaving(0, here), leaving(1, there)],
      cluster,
      { internal: '0 1', external: '0 1' },
    ],
  ])('%s', (_, endpoints, policy, expected) => {
    const service = serviceOf({ spec: { type: 'NodePort', externalIPs: ['1.2.3.4'], ...policy } })
    const [internal, external] = serversOf(service, [sliceOf({ endpoints })]).map(digitsOf)
    expect({ internal, external }).toEqual(expected)
  })

  const three = [ready(1, here), ready(2, 'node1'), ready(3, 'node2')]
  const away = three.map((endpoint, index) => ({ ...endpoint, nodeName: `node${index}` }))

  test.each([
    ['B7: internal Cluster', three, { internalTrafficPolicy: 'Cluster' } as const, '1 2 3'],
    ['B8: internal Local', three, { internalTrafficPolicy: 'Local' } as const, '1'],
    ['B9: internal Local and none here', away, { internalTrafficPolicy: 'Local' } as const, ''],
    [
      'B10: the same with a way in from outside',
      away,
      { internalTrafficPolicy: 'Local', externalIPs: ['1.2.3.4'] } as const,
      '1 2 3',
    ],
    [
      'B24: external Local means nothing without a way in from outside',
      [ready(0, there), ready(1, here)],
      { externalTrafficPolicy: 'Local' } as const,
      '0 1',
    ],
  ])('%s', (_, endpoints, spec, expected) => {
    const [server] = serversOf(serviceOf({ spec }), [sliceOf({ endpoints })])
    expect(server && digitsOf(server)).toBe(expected)
  })

  test('B10: a node port is a way in even where the node has no address for it', () => {
    const service = serviceOf({
      spec: { type: 'NodePort', internalTrafficPolicy: 'Local' },
      ports: [{ nodePort: 30080 }],
    })
    expect(serversOf(service, [sliceOf({ endpoints: away })]).map(digitsOf)).toEqual(['1 2 3'])
  })

  test.each([
    [
      'B26: of one address given three times the last that stays',
      [leaving(1, here), ready(1, here), gone(1, here)],
      '1',
    ],
    ['B26: whatever comes later replaces a leaving one', [gone(1, here), ready(1, here)], '1'],
    [
      'B27: ready is denied, serving is not',
      [endpointOf('10.0.1.1', { ready: false, terminating: true })],
      '1',
    ],
    ['not ready and not leaving', [endpointOf('10.0.1.1', { ready: false })], ''],
  ])('%s', (_, endpoints, expected) => {
    const [server] = serversOf(serviceOf({}), [sliceOf({ endpoints })])
    expect(server && digitsOf(server)).toBe(expected)
  })
})

describe('topology', () => {
  function hinted(
    digit: number,
    zones: string,
    nodes = '',
    parts: Partial<Endpoint> = {},
  ): Endpoint {
    const hints = {
      zones: zones.split(' ').filter(Boolean),
      nodes: nodes.split(' ').filter(Boolean),
    }
    return endpointOf(`10.1.2.${digit}`, { hints, ...parts })
  }
  const byZone = [hinted(3, 'a'), hinted(4, 'b'), hinted(5, 'c'), hinted(6, 'a')]
  const manyZones = [hinted(3, 'a b c'), hinted(4, 'b c'), hinted(5, 'b d'), hinted(6, 'c')]
  const byNode = [
    hinted(3, 'a', 'node-1'),
    hinted(4, 'b', 'node-2'),
    hinted(5, 'c', 'node-3'),
    hinted(6, 'a', 'node-4'),
  ]
  const without = (digit: number): Partial<Endpoint> => ({ address: `10.1.2.${digit}` })
  const unready = (endpoints: Endpoint[], ...digits: number[]): Endpoint[] =>
    endpoints.map((endpoint) =>
      digits.some((digit) => endpoint.address.endsWith(`.${digit}`))
        ? { ...endpoint, ready: false }
        : endpoint,
    )
  const hintless = (endpoints: Endpoint[], digit: number): Endpoint[] =>
    endpoints.map((endpoint) =>
      endpoint.address === without(digit).address ? { ...endpoint, hints: undefined } : endpoint,
    )

  test.each<[string, Endpoint[], Partial<NodeView>, string]>([
    ['B12: those hinted to this zone', byZone, { zone: 'a' }, '3 6'],
    ['B14: a node without a zone', byZone, { zone: undefined }, '3 4 5 6'],
    ['B15: no hint means this zone', [hinted(3, 'a')], { zone: 'b' }, '3'],
    ['B16: one of the zone is not ready', unready(byZone, 6), { zone: 'a' }, '3'],
    ['B17: none of the zone is ready', unready(byZone, 3, 6), { zone: 'a' }, '4 5'],
    ['B18: one has no hint', hintless(byZone, 5), { zone: 'a' }, '3 4 5 6'],
    ['B19: hints to several zones', manyZones, { zone: 'c' }, '3 4 6'],
    ['B20: hints to nodes go first', byNode, { name: 'node-1', zone: 'a' }, '3'],
    ['B21: no hint means this node', byNode, { name: 'node-0', zone: 'a' }, '3 6'],
    ['B22: one has no hint at all', hintless(byNode, 4), { name: 'node-1', zone: 'a' }, '3 4 5 6'],
  ])('%s', (_, endpoints, view, expected) => {
    const [server] = serversOf(serviceOf({}), [sliceOf({ endpoints })], view)
    expect(server && digitsOf(server)).toBe(expected)
  })

  test('B13: what is local is not asked for hints', () => {
    const endpoints = [
      hinted(3, 'a', '', { nodeName: here }),
      hinted(4, 'b', '', { nodeName: here }),
      hinted(5, 'c', '', { nodeName: there }),
      hinted(6, 'a', '', { nodeName: there }),
    ]
    const spec = { type: 'NodePort', externalTrafficPolicy: 'Local' } as const
    const service = serviceOf({ spec, ports: [{ nodePort: 30080 }] })
    const view = { zone: 'a', addresses: ['192.0.2.1' as IP] }
    const servers = serversOf(service, [sliceOf({ endpoints })], view)
    expect(servers.map(digitsOf)).toEqual(['3 6', '3 4'])
  })
})

function viewOf(parts: Partial<NodeView>): NodeView {
  return { role: 'node', name: here, zone: undefined, addresses: [], ...parts }
}

function serversOf(
  service: Granted,
  slices: readonly EndpointSlice[],
  view: Partial<NodeView> = {},
): readonly VirtualServer[] {
  const roster = rosterOf(clusterOf({ services: [service], slices }), () => {})
  return virtualServersOf(service, roster, viewOf(view), defaultSettings)
}

function show(server: VirtualServer): string {
  const realServers = server.realServers.map(({ address, port }) => ` ${withPort(address, port)}`)
  return `${identityOf(server)} ->${realServers.join('')}`
}

/** The last digits of the addresses of the real servers. */
function digitsOf({ realServers }: VirtualServer): string {
  return realServers.map(({ address }) => address.split('.')[3]).join(' ')
}
