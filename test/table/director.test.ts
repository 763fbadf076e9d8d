import { describe, expect, test } from '@jest/globals'
import { type IP, withPort } from '../../src/address/ip.ts'
import type { Diagnostic } from '../../src/diagnostic/diagnostic.ts'
import type { Granted } from '../../src/pool/grant.ts'
import { rosterOf } from '../../src/roster/roster.ts'
import { directorServersOf } from '../../src/table/director.ts'
import { defaultSettings } from '../../src/table/service-settings.ts'
import { type DirectorOptions, directorView } from '../../src/table/view.ts'
import { Flag, Forwarding, identityOf, type VirtualServer } from '../../src/table/virtual-server.ts'
import {
  clusterOf,
  endpointOf,
  type GrantedCluster,
  nodeOf,
  serviceOf,
  sliceOf,
  workloadOf,
} from '../support/built.ts'

const nodes = ['a', 'b', 'c'].map((letter, index) =>
  nodeOf(`node-${letter}`, {
    addresses: [
      { type: 'InternalIP', address: `192.168.10.1${index}` },
      ...(letter === 'c' ? [] : [{ type: 'InternalIP', address: `fd00:192::1${index}` }]),
    ],
  }),
)
const balancer = { type: 'LoadBalancer', clusterIP: '10.96.0.10' } as const
const ingress = [{ ip: '203.0.113.40' }]
const ports = [{ nodePort: 30080 }]

describe('a director', () => {
  test.each<[string, Granted, Partial<DirectorOptions>, Partial<GrantedCluster>, string[]]>([
    [
      'sends from the load-balancer address to the node port of every Node',
      serviceOf({ spec: balancer, ports, ingress }),
      {},
      {},
      ['TCP 203.0.113.40:80 -> 192.168.10.10:30080 192.168.10.11:30080 192.168.10.12:30080'],
    ],
    [
      'serves external addresses as well, and the load balancer whatever its mode',
      serviceOf({
        spec: { ...balancer, externalIPs: ['198.51.100.7'] },
        ports,
        ingress: [{ ip: '203.0.113.40', ipMode: 'Proxy' }, { hostname: 'lb.example' }],
      }),
      { backends: ['10.1.1.1' as IP] },
      {},
      ['TCP 198.51.100.7:80 -> 10.1.1.1:30080', 'TCP 203.0.113.40:80 -> 10.1.1.1:30080'],
    ],
    [
      'answers on the address it is given in place of those',
      serviceOf({ spec: { ...balancer, type: 'NodePort' }, ports, ingress }),
      { vips: ['192.0.2.100', '192.0.2.101'] as IP[], backends: ['10.1.1.1' as IP] },
      {},
      ['TCP 192.0.2.100:80 -> 10.1.1.1:30080', 'TCP 192.0.2.101:80 -> 10.1.1.1:30080'],
    ],
    [
      'keeps families apart',
      serviceOf({
        spec: { ...balancer, clusterIPs: ['10.96.0.10', 'fd00:96::a'] },
        ports,
        ingress: [...ingress, { ip: '2001:db8::40' }],
      }),
      {},
      {},
      [
        'TCP 203.0.113.40:80 -> 192.168.10.10:30080 192.168.10.11:30080 192.168.10.12:30080',
        'TCP [2001:db8::40]:80 -> [fd00:192::10]:30080 [fd00:192::11]:30080',
      ],
    ],
    [
      'leaves out a family that the Service is not of',
      serviceOf({ spec: balancer, ports, ingress: [...ingress, { ip: '2001:db8::40' }] }),
      { backends: ['10.1.1.1' as IP] },
      {},
      ['TCP 203.0.113.40:80 -> 10.1.1.1:30080'],
    ],
    [
      'sends to the nodes with a ready back end where the policy is Local',
      serviceOf({ spec: { ...balancer, externalTrafficPolicy: 'Local' }, ports, ingress }),
      {},
      {
        slices: [
          sliceOf({
            endpoints: [
              endpointOf('10.244.1.1', { nodeName: 'node-b' }),
              endpointOf('10.244.2.1', { nodeName: 'node-c', ready: false }),
            ],
          }),
        ],
      },
      ['TCP 203.0.113.40:80 -> 192.168.10.11:30080'],
    ],
    [
      'sends to all nodes where nobody knows where the back ends are',
      serviceOf({ spec: { ...balancer, externalTrafficPolicy: 'Local' }, ports, ingress }),
      {},
      { slices: [sliceOf({ endpoints: [endpointOf('10.244.1.1')] })] },
      ['TCP 203.0.113.40:80 -> 192.168.10.10:30080 192.168.10.11:30080 192.168.10.12:30080'],
    ],
    [
      'does not take made-up pods for back ends it knows of',
      serviceOf({
        spec: { ...balancer, externalTrafficPolicy: 'Local', selector: { app: 'web' } },
        ports,
        ingress,
      }),
      {},
      { workloads: [workloadOf('web')] },
      ['TCP 203.0.113.40:80 -> 192.168.10.10:30080 192.168.10.11:30080 192.168.10.12:30080'],
    ],
    [
      'asks routed nodes on the port that the client asked for',
      serviceOf({
        spec: { ...balancer, type: 'ClusterIP', externalIPs: ['198.51.100.7'] },
        annotations: { 'nodeport.io/forwarding': 'route' },
      }),
      { backends: ['10.1.1.1' as IP] },
      {},
      ['TCP 198.51.100.7:80 -> 10.1.1.1:80'],
    ],
    [
      'passes over what is for the cluster only',
      serviceOf({}),
      { vips: ['192.0.2.100' as IP] },
      {},
      [],
    ],
  ])('%s', (_, service, options, parts, expected) => {
    const diagnostics: Diagnostic[] = []
    expect(serversOf(service, options, parts, diagnostics).map(show)).toEqual(expected)
    expect(diagnostics).toEqual([])
  })

  test('keeps scheduler, affinity and the weights of Nodes', () => {
    const service = serviceOf({
      spec: { ...balancer, sessionAffinity: 'ClientIP' },
      annotations: { 'nodeport.io/scheduler': 'wrr', 'nodeport.io/forwarding': 'tunnel' },
      ports,
      ingress,
    })
    const weighty = nodes.map((node) => ({ ...node, annotations: { 'nodeport.io/weight': '0' } }))
    const [server] = serversOf(service, {}, { nodes: weighty.slice(0, 1) })
    expect(server).toMatchObject({
      scheduler: 'wrr',
      flags: Flag.persistent,
      timeout: 10_800,
      cause: { service: 'default/web', port: 'p80', kind: 'loadBalancer' },
      realServers: [
        {
          address: '192.168.10.10',
          port: 80,
          weight: 0,
          name: 'node-a',
          forwarding: Forwarding.tunnel,
          tunnel: { type: 0, port: 0, flags: 0 },
        },
      ],
    })
  })

  test.each([
    [
      'without an address',
      serviceOf({ spec: { ...balancer, type: 'NodePort' }, ports }),
      'default/web has no address for a director to answer on',
    ],
    [
      'without a node port',
      serviceOf({ spec: balancer, ingress }),
      'port p80 of default/web has no node port that a director could send to',
    ],
  ])('warns of a Service %s', (_, service, message) => {
    const diagnostics: Diagnostic[] = []
    expect(serversOf(service, {}, {}, diagnostics)).toEqual([])
    expect(diagnostics).toMatchObject([{ severity: 'warning', message }])
  })
})

function serversOf(
  service: Granted,
  options: Partial<DirectorOptions>,
  parts: Partial<GrantedCluster>,
  diagnostics: Diagnostic[] = [],
): readonly VirtualServer[] {
  const cluster = clusterOf({ services: [service], nodes, ...parts })
  const view = directorView(cluster.nodes, {
    role: 'director',
    vips: [],
    backends: [],
    ...options,
  })
  const roster = rosterOf(cluster, () => {})
  return directorServersOf(service, roster, view, defaultSettings, (it) => diagnostics.push(it))
}

function show(server: VirtualServer): string {
  const realServers = server.realServers.map(({ address, port }) => ` ${withPort(address, port)}`)
  return `${identityOf(server)} ->${realServers.join('')}`
}
