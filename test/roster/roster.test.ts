import { describe, expect, test } from '@jest/globals'
import type { Endpoint, EndpointSlice } from '../../src/object/endpoint-slice.ts'
import type { Pod } from '../../src/object/pod.ts'
import type { Service } from '../../src/object/service.ts'
import type { GrantedSpec } from '../../src/pool/grant.ts'
import { endpointsOf as endpointsFor } from '../../src/roster/endpoints.ts'
import { answerOf, rosterOf } from '../../src/roster/roster.ts'
import {
  clusterOf,
  containerOf,
  endpointOf,
  endpointsOf,
  type GrantedCluster,
  nodeOf,
  podOf,
  serviceOf,
  sliceOf,
  workloadOf,
} from '../support/built.ts'

// The numbers F are those of the unit tests of Kubernetes' EndpointSlice controller, and of what its
// source says besides.

const selector = { app: 'web' }
const web = serviceOf({ spec: { selector } })

describe('a pod as an endpoint', () => {
  test.each<[string, Partial<Pod>, boolean, Partial<Endpoint>]>([
    ['F1: ready', {}, false, { ready: true, serving: true, terminating: false }],
    ['F1: unready', { ready: false }, false, { ready: false, serving: false, terminating: false }],
    [
      'F1: ready and leaving',
      { terminating: true },
      false,
      { ready: false, serving: true, terminating: true },
    ],
    [
      'F1: unready and leaving',
      { ready: false, terminating: true },
      false,
      { ready: false, serving: false, terminating: true },
    ],
    [
      'F2: unready, but published',
      { ready: false },
      true,
      { ready: true, serving: false, terminating: false },
    ],
    [
      'F2: leaving, but published',
      { terminating: true },
      true,
      { ready: true, serving: true, terminating: true },
    ],
  ])('%s', (_, pod, publishNotReadyAddresses, expected) => {
    const service = serviceOf({ spec: { selector, publishNotReadyAddresses } })
    const [slice] = slicesOf(service, { pods: [podOf('web-0', pod)] })
    expect(slice?.endpoints).toMatchObject([{ address: '10.244.1.5', pod: 'web-0', ...expected }])
  })

  test.each<[string, Partial<Pod>, Partial<GrantedSpec>, string[]]>([
    ['F8: on a node that nobody knows', { nodeName: 'nowhere' }, {}, []],
    ['F8: on no node', { nodeName: undefined }, {}, []],
    [
      'F8: on a node that nobody knows, but published',
      { nodeName: 'nowhere' },
      { publishNotReadyAddresses: true },
      ['10.244.1.5'],
    ],
    ['F9: at its end', { nodeName: 'node-a', phase: 'Succeeded' }, {}, []],
    ['F9: failed', { nodeName: 'node-a', phase: 'Failed' }, {}, []],
    ['without an address', { nodeName: 'node-a', podIPs: [] }, {}, []],
    ['of other labels', { nodeName: 'node-a', labels: { app: 'db' } }, {}, []],
    ['of another namespace', { nodeName: 'node-a', namespace: 'other' }, {}, []],
    [
      'with more labels',
      { nodeName: 'node-a', labels: { app: 'web', x: 'y' } },
      {},
      ['10.244.1.5'],
    ],
    [
      'F10: with an address of each family',
      { nodeName: 'node-a', podIPs: ['fd00::5', '10.244.1.5'] },
      { ipFamilies: ['IPv4'] },
      ['10.244.1.5'],
    ],
    [
      'with an address of each family, as the Service is of both',
      { nodeName: 'node-a', podIPs: ['fd00::5', '10.244.1.5'] },
      { ipFamilies: ['IPv4', 'IPv6'] },
      ['10.244.1.5', 'fd00::5'],
    ],
  ])('%s', (_, pod, spec, expected) => {
    const service = serviceOf({ spec: { selector, ...spec } })
    const slices = slicesOf(service, { pods: [podOf('web-0', pod)], nodes: [nodeOf('node-a')] })
    expect(slices.flatMap(({ endpoints }) => endpoints.map(({ address }) => address))).toEqual(
      expected,
    )
  })

  test('where the manifests have no Nodes, no pod is on a wrong one', () => {
    const [slice] = slicesOf(web, { pods: [podOf('web-0', { nodeName: 'node-a' })] })
    expect(slice?.endpoints).toHaveLength(1)
  })

  test('knows its node and its zone', () => {
    const [slice] = slicesOf(web, {
      pods: [podOf('web-0', { nodeName: 'node-a' })],
      nodes: [nodeOf('node-a', { zone: 'z1' })],
    })
    expect(slice?.endpoints).toMatchObject([{ nodeName: 'node-a', zone: 'z1', hints: undefined }])
  })

  test.each([
    ['PreferClose', {}, { zones: ['z1'], nodes: [] }],
    ['PreferSameZone', {}, { zones: ['z1'], nodes: [] }],
    ['PreferSameNode', {}, { zones: ['z1'], nodes: ['node-a'] }],
    ['PreferClose', { 'service.kubernetes.io/topology-mode': 'Auto' }, undefined],
  ])('is hinted to what is near with %s %j', (trafficDistribution, annotations, hints) => {
    const service = serviceOf({ annotations, spec: { selector, trafficDistribution } })
    const [slice] = slicesOf(service, {
      pods: [
        podOf('web-0', { nodeName: 'node-a' }),
        podOf('web-1', { nodeName: 'node-a', ready: false }),
      ],
      nodes: [nodeOf('node-a', { zone: 'z1' })],
    })
    expect(slice?.endpoints.map((endpoint) => endpoint.hints)).toEqual([hints, undefined])
  })
})

describe('a target port', () => {
  const main = containerOf([{ name: 'p', containerPort: 93 }])
  const second = containerOf([{ name: 'q', containerPort: 33 }])
  const udp = containerOf([{ name: 'q', protocol: 'UDP', containerPort: 34 }])
  const sidecar = containerOf([{ name: 'q', containerPort: 35 }], { sidecar: true })

  test.each([
    ['F3: a number needs nobody to know it', 93, [], [93]],
    ['F4: a name in the second container', 'q', [main, second], [33]],
    ['F5: a name of another protocol', 'q', [main, udp], []],
    ['F5: a name that is missing', 'r', [main, second], []],
    ['F6: a name in a sidecar', 'q', [main, sidecar], [35]],
    ['F6: containers go before sidecars', 'q', [sidecar, second], [33]],
  ])('%s', (_, targetPort, containers, expected) => {
    const service = serviceOf({ spec: { selector }, ports: [{ targetPort }] })
    const [slice] = slicesOf(service, { pods: [podOf('web-0', { containers })] })
    expect(slice?.ports.map(({ port }) => port)).toEqual(expected)
    expect(slice?.endpoints).toHaveLength(1)
  })

  test('F7: pods that mean different numbers by one name are in slices of their own', () => {
    const pods = Array.from({ length: 300 }, (_, index) =>
      podOf(`web-${index}`, {
        podIPs: [`10.244.${index >> 8}.${index & 255}`],
        containers: [containerOf([{ name: 'http', containerPort: 8080 + (index % 5) }])],
      }),
    )
    const service = serviceOf({ spec: { selector }, ports: [{ targetPort: 'http' }] })
    const slices = slicesOf(service, { pods })
    expect(slices.map(({ endpoints }) => endpoints.length)).toEqual([60, 60, 60, 60, 60])
    expect(slices.map(({ ports }) => ports[0]?.port).sort()).toEqual([8080, 8081, 8082, 8083, 8084])
  })

  test('a slice takes a hundred endpoints, and names stay as they are', () => {
    const pods = Array.from({ length: 250 }, (_, index) =>
      podOf(`web-${index}`, { podIPs: [`10.244.0.${index}`] }),
    )
    const slices = slicesOf(web, { pods })
    expect(slices.map(({ endpoints }) => endpoints.length)).toEqual([100, 100, 50])
    expect(slices.map(({ name }) => name)).toEqual(slicesOf(web, { pods }).map(({ name }) => name))
    expect(new Set(slices.map(({ name }) => name)).size).toBe(3)
    expect(slices[0]?.name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
    expect(slices[0]?.labels).toEqual({
      'kubernetes.io/service-name': 'web',
      'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
    })
  })
})

describe('who answers', () => {
  const pods = [podOf('web-0')]
  const endpoints = [
    endpointsOf({
      subsets: [
        {
          addresses: [{ ip: '10.0.0.2', nodeName: 'node-a', pod: 'web-0' }],
          notReadyAddresses: [{ ip: '10.0.0.3', nodeName: undefined, pod: undefined }],
          ports: [{ name: 'p80', protocol: 'TCP', port: 80, appProtocol: undefined }],
        },
      ],
    }),
  ]
  const slices = [sliceOf({ endpoints: [endpointOf('10.0.0.1')] })]
  const workloads = [workloadOf('web')]
  const everything = { pods, endpoints, slices, workloads }
  const skipped = endpointsOf({ labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } })
  const lock = endpointsOf({ annotations: { 'control-plane.alpha.kubernetes.io/leader': '{}' } })
  const waiting = [podOf('web-0', { podIPs: [], phase: 'Pending' })]

  test.each<[string, Partial<GrantedCluster>, string]>([
    ['slices first', everything, 'slices'],
    ['then Endpoints', { ...everything, slices: [] }, 'endpoints'],
    [
      'unless they are not to be mirrored',
      { ...everything, slices: [], endpoints: [skipped] },
      'pods',
    ],
    ['or hold a lock', { ...everything, slices: [], endpoints: [lock] }, 'pods'],
    ['then pods', { pods, workloads }, 'pods'],
    ['then workloads whose pods have no address yet', { pods: waiting, workloads }, 'simulation'],
    ['else nobody', { pods: waiting }, 'nobody'],
    ['a slice of another Service says nothing', { slices: [sliceOf({ service: 'db' })] }, 'nobody'],
    [
      'neither does one of another namespace',
      { slices: [sliceOf({ namespace: 'other' })] },
      'nobody',
    ],
  ])('%s', (_, parts, expected) => {
    expect(
      answerOf(
        rosterOf(clusterOf(parts), () => {}),
        web,
      ).by,
    ).toBe(expected)
  })

  test('a Service without a selector asks no pods', () => {
    const roster = rosterOf(clusterOf({ pods, workloads }), () => {})
    expect(answerOf(roster, serviceOf({})).by).toBe('nobody')
  })

  test('Endpoints say who is ready, and nothing else', () => {
    const [slice] = slicesOf(web, { endpoints })
    expect(slice).toMatchObject({
      service: 'web',
      addressType: 'IPv4',
      endpoints: [
        { address: '10.0.0.2', ready: true, serving: true, nodeName: 'node-a', pod: 'web-0' },
        { address: '10.0.0.3', ready: false, serving: true, terminating: false },
      ],
    })
  })

  test('Endpoints of both families become slices of each, and no more than a thousand addresses', () => {
    const addresses = Array.from({ length: 1001 }, (_, index) => ({
      ip: index % 2 === 0 ? `10.0.${index >> 8}.${index & 255}` : `fd00::${index.toString(16)}`,
      nodeName: undefined,
      pod: undefined,
    }))
    const subset = { addresses, notReadyAddresses: [], ports: [] }
    const made = slicesOf(web, { endpoints: [endpointsOf({ subsets: [subset, subset] })] })
    expect(made.map(({ addressType, endpoints }) => [addressType, endpoints.length])).toEqual([
      ['IPv4', 500],
      ['IPv6', 500],
      ['IPv4', 500],
      ['IPv6', 500],
    ])
    expect(new Set(made.map(({ name }) => name)).size).toBe(4)
  })
})

describe('Endpoints as Kubernetes would make them', () => {
  test('have one family, sorted, and no pod that is leaving', () => {
    const pods = [
      podOf('a', { podIPs: ['10.0.0.9'] }),
      podOf('b', { podIPs: ['10.0.0.10', 'fd00::1'] }),
      podOf('c', { podIPs: ['10.0.0.1'], ready: false }),
      podOf('d', { podIPs: ['10.0.0.2'], terminating: true }),
    ]
    const roster = rosterOf(clusterOf({ pods }), () => {})
    const address = (ip: string, pod: string) => ({ ip, nodeName: undefined, pod })
    expect(endpointsFor(roster, web)?.subsets).toEqual([
      {
        addresses: [address('10.0.0.10', 'b'), address('10.0.0.9', 'a')],
        notReadyAddresses: [address('10.0.0.1', 'c')],
        ports: [{ name: 'p80', protocol: 'TCP', port: 80, appProtocol: undefined }],
      },
    ])
  })

  test('end at a thousand addresses, and say so', () => {
    const pods = Array.from({ length: 1001 }, (_, index) =>
      podOf(`web-${index}`, { podIPs: [`10.0.${index >> 8}.${index & 255}`] }),
    )
    const roster = rosterOf(clusterOf({ pods }), () => {})
    const made = endpointsFor(roster, web)
    expect(made?.subsets[0]?.addresses).toHaveLength(1000)
    expect(made?.annotations).toEqual({ 'endpoints.kubernetes.io/over-capacity': 'truncated' })
  })

  test('are empty where nobody answers, and absent where nobody is asked', () => {
    const roster = rosterOf(clusterOf({}), () => {})
    expect(endpointsFor(roster, web)?.subsets).toEqual([])
    expect(endpointsFor(roster, serviceOf({}))).toBeUndefined()
  })
})

function slicesOf(service: Service, parts: Partial<GrantedCluster>): readonly EndpointSlice[] {
  return answerOf(
    rosterOf(clusterOf(parts), () => {}),
    service,
  ).slices
}
