import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseIP, withPort } from '../../src/address/ip.ts'
import type { Diagnostic } from '../../src/diagnostic/diagnostic.ts'
import { nameOf } from '../../src/object/metadata.ts'
import { type Backend, backendsOf } from '../../src/roster/backend.ts'
import { answerOf, rosterOf } from '../../src/roster/roster.ts'
import { defaultSettings } from '../../src/table/service-settings.ts'
import { tableFor } from '../../src/table/table.ts'
import type { NodeView } from '../../src/table/view.ts'
import { identityOf, type Table } from '../../src/table/virtual-server.ts'
import {
  clusterOf,
  endpointOf,
  type GrantedCluster,
  nodeOf,
  podOf,
  serviceOf,
  sliceOf,
  workloadOf,
} from '../support/built.ts'

const node: NodeView = {
  role: 'node',
  name: 'node-a',
  zone: 'z1',
  addresses: ['192.168.10.10', '192.168.10.11'].flatMap((text) => parseIP(text) ?? []),
}

describe('a virtual server that two ask for', () => {
  const one = (name: string, clusterIP: string, parts: object = {}) =>
    serviceOf({ name, spec: { clusterIP, ...parts } })

  test.each([
    [
      'two external IPs: names decide',
      [
        one('b', '10.96.0.2', { externalIPs: ['198.51.100.7'] }),
        one('a', '10.96.0.1', { externalIPs: ['198.51.100.7'] }),
      ],
      'TCP 198.51.100.7:80 is asked for by default/b and by default/a',
      'default/a externalIP',
    ],
    [
      "an external IP that is another's cluster IP stays with that",
      [one('a', '10.96.0.1', { externalIPs: ['10.96.0.2'] }), one('b', '10.96.0.2')],
      'TCP 10.96.0.2:80 is asked for by default/a and by default/b',
      'default/b clusterIP',
    ],
    [
      "an external address that is another's node port stays with that",
      [
        serviceOf({
          name: 'a',
          spec: { clusterIP: '10.96.0.1', externalIPs: ['192.168.10.10'] },
          ports: [{ port: 30080 }],
        }),
        serviceOf({
          name: 'b',
          spec: { clusterIP: '10.96.0.2', type: 'NodePort' },
          ports: [{ nodePort: 30080 }],
        }),
      ],
      'TCP 192.168.10.10:30080 is asked for by default/a and by default/b',
      'default/b nodePort',
    ],
    [
      'a node port on two addresses is one conflict',
      ['a', 'b'].map((name, index) =>
        serviceOf({
          name,
          spec: { clusterIP: `10.96.0.${index}`, type: 'NodePort' },
          ports: [{ nodePort: 30080 }],
        }),
      ),
      'TCP 192.168.10.10:30080 is asked for by default/b and by default/a',
      'default/a nodePort',
    ],
    [
      'two ports of one Service',
      [
        serviceOf({
          spec: { clusterIP: '10.96.0.1', externalIPs: ['192.168.10.10'], type: 'NodePort' },
          ports: [
            { name: 'x', port: 80, nodePort: 30080 },
            { name: 'y', port: 30080 },
          ],
        }),
      ],
      'TCP 192.168.10.10:30080 is asked for by default/web and by default/web',
      'default/web nodePort',
    ],
  ])('%s', (_, services, message, winner) => {
    for (const order of [services, [...services].reverse()]) {
      const diagnostics: Diagnostic[] = []
      const table = tableOf(clusterOf({ services: order }), diagnostics)
      expect(diagnostics).toMatchObject([{ code: 'virtual-server-conflict', message }])
      const identity = message.replace(/ is asked.*/, '')
      const { cause } = table.find((server) => identityOf(server) === identity) ?? {}
      expect(`${cause?.service} ${cause?.kind}`).toBe(winner)
      expect(new Set(table.map(identityOf)).size).toBe(table.length)
    }
  })

  test('an external IP that is the load balancer too is no conflict', () => {
    const service = serviceOf({
      spec: { type: 'LoadBalancer', externalIPs: ['203.0.113.40'] },
      ingress: [{ ip: '203.0.113.40' }],
    })
    const diagnostics: Diagnostic[] = []
    const table = tableOf(clusterOf({ services: [service] }), diagnostics)
    expect(diagnostics).toEqual([])
    expect(table.map(identityOf)).toEqual(['TCP 172.20.1.1:80', 'TCP 203.0.113.40:80'])
  })
})

describe('forwarding without a change of port', () => {
  const slice = sliceOf({
    ports: [{ port: 8080 }],
    endpoints: [endpointOf('10.0.0.1'), endpointOf('10.0.0.2')],
  })
  const service = serviceOf({ annotations: { 'nodeport.io/forwarding': 'route' } })

  test('real servers have the port of their virtual server, and that is said', () => {
    const diagnostics: Diagnostic[] = []
    const [server] = tableOf(clusterOf({ services: [service], slices: [slice] }), diagnostics)
    expect(server?.realServers.map(({ address, port }) => withPort(address, port))).toEqual([
      '10.0.0.1:80',
      '10.0.0.2:80',
    ])
    expect(diagnostics).toMatchObject([
      {
        code: 'forwarding-keeps-port',
        message:
          'with the forwarding "route" packets for port 80 keep that port, and the back ends listen on 8080',
      },
    ])
  })

  test('there is nothing to say where the ports are the same', () => {
    const same = { ...slice, ports: slice.ports.map((port) => ({ ...port, port: 80 })) }
    const diagnostics: Diagnostic[] = []
    tableOf(clusterOf({ services: [service], slices: [same] }), diagnostics)
    expect(diagnostics).toEqual([])
  })
})

test('weights come from the pod, else from its slice', () => {
  const slice = sliceOf({
    annotations: { 'nodeport.io/weight': '7' },
    endpoints: [endpointOf('10.0.0.1', { pod: 'web-0' }), endpointOf('10.0.0.2', { pod: 'web-1' })],
  })
  const pods = [podOf('web-0', { annotations: { 'nodeport.io/weight': '3' } })]
  const cluster = clusterOf({ services: [serviceOf({})], slices: [slice], pods })
  const [server] = tableOf(cluster)
  expect(server?.realServers.map(({ weight }) => weight)).toEqual([3, 7])
})

test('made-up real servers are marked', () => {
  const services = [serviceOf({ spec: { selector: { app: 'web' } } })]
  const [server] = tableOf(clusterOf({ services, workloads: [workloadOf('web')] }))
  expect(server?.realServers).toMatchObject([{ simulated: true, weight: 1 }])
})

describe('of every cluster', () => {
  const names = ['a', 'b', 'c', 'd']
  const digit = fc.integer({ min: 1, max: 4 })
  const policy = fc.constantFrom('Cluster', 'Local', undefined)
  const nodeName = fc.constantFrom('node-a', 'node-b', undefined)
  const service = fc
    .record({
      clusterIP: digit.map((it) => `10.96.0.${it}`),
      externalIPs: fc.array(
        digit.map((it) => `198.51.100.${it}`),
        { maxLength: 2 },
      ),
      nodePort: fc.constantFrom(0, 30080, 30081),
      internal: policy,
      external: policy,
      selector: fc.constantFrom(undefined, { app: 'web' }, { app: 'db' }),
    })
    .map(({ nodePort, internal, external, clusterIP, externalIPs, selector }) => ({
      spec: {
        clusterIP,
        externalIPs,
        ...(selector && { selector }),
        ...(internal && { internalTrafficPolicy: internal }),
        ...(external && { externalTrafficPolicy: external }),
      },
      ports: [{ nodePort }],
    }))
  const endpoint = fc
    .tuple(digit, nodeName, fc.boolean(), fc.boolean(), fc.boolean())
    .map(([it, nodeName, ready, serving, terminating]) =>
      endpointOf(`10.0.0.${it}`, { nodeName, ready, serving, terminating }),
    )
  const cluster = fc
    .record({
      services: fc.array(service, { maxLength: 4 }),
      slices: fc.array(fc.tuple(fc.constantFrom(...names), fc.array(endpoint, { maxLength: 4 })), {
        maxLength: 4,
      }),
      pods: fc.array(fc.tuple(digit, nodeName, fc.boolean()), { maxLength: 4 }),
      workloads: fc.array(digit, { maxLength: 3 }),
    })
    .map(({ services, slices, pods, workloads }) =>
      clusterOf({
        services: services.map((parts, index) => serviceOf({ name: names[index] ?? '', ...parts })),
        slices: slices.map(([service, endpoints], index) =>
          sliceOf({ name: `slice-${index}`, service, endpoints }),
        ),
        pods: pods.map(([it, nodeName, ready], index) =>
          podOf(`pod-${index}`, {
            podIPs: [`10.0.1.${it}`],
            nodeName,
            ready,
            labels: { app: 'db' },
          }),
        ),
        workloads: workloads.map((replicas, index) => workloadOf(`work-${index}`, { replicas })),
        nodes: [nodeOf('node-a', { zone: 'z1' }), nodeOf('node-b')],
      }),
    )

  test('the order of documents makes no difference', () => {
    fc.assert(
      fc.property(cluster, fc.infiniteStream(fc.nat()), (cluster, order) => {
        const shuffled = shuffle(cluster, order)
        expect(tableOf(shuffled)).toEqual(tableOf(cluster))
      }),
    )
  })

  test('virtual servers are unique, and so are the real servers of each', () => {
    fc.assert(
      fc.property(cluster, (cluster) => {
        const table = tableOf(cluster)
        expect(new Set(table.map(identityOf)).size).toBe(table.length)
        for (const { realServers } of table) {
          const keys = realServers.map(({ address, port }) => withPort(address, port))
          expect(keys).toEqual([...new Set(keys)].sort())
        }
      }),
    )
  })

  test('Local means local, unless nobody here answers', () => {
    fc.assert(
      fc.property(cluster, (cluster) => {
        const roster = rosterOf(cluster, () => {})
        for (const { cause, realServers } of tableOf(cluster)) {
          const service = cluster.services.find((it) => nameOf(it) === cause?.service)
          const [port] = service?.spec.ports ?? []
          if (service === undefined || port === undefined) throw new Error('no such Service')
          const { internalTrafficPolicy, externalTrafficPolicy } = service.spec
          const isInside = cause?.kind === 'clusterIP'
          if ((isInside ? internalTrafficPolicy : externalTrafficPolicy) !== 'Local') continue
          const here = backendsOf(answerOf(roster, service), port, 'IPv4').filter(answersHere)
          const addresses = here.map(({ address }) => address)
          if (here.length === 0) continue
          expect(realServers.filter(({ address }) => !addresses.includes(address))).toEqual([])
        }
      }),
    )
  })

  function answersHere({ endpoint }: Backend): boolean {
    const { nodeName, ready, serving, terminating } = endpoint
    return nodeName === node.name && (ready || (serving && terminating))
  }

  function shuffle(cluster: GrantedCluster, order: Iterator<number>): GrantedCluster {
    const mix = <T>(list: readonly T[]): T[] =>
      list
        .map((it) => ({ it, rank: order.next().value as number }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ it }) => it)
    return {
      ...cluster,
      services: mix(cluster.services),
      slices: mix(cluster.slices),
      pods: mix(cluster.pods),
      nodes: mix(cluster.nodes),
      workloads: mix(cluster.workloads),
    }
  }
})

function tableOf(cluster: GrantedCluster, diagnostics: Diagnostic[] = []): Table {
  const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic)
  return tableFor(cluster.services, rosterOf(cluster, report), node, defaultSettings, report)
}
