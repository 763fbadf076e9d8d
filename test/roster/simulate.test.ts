import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { contains, parseCIDR } from '../../src/address/cidr.ts'
import { familyOf, parseIP } from '../../src/address/ip.ts'
import type { Diagnostic } from '../../src/diagnostic/diagnostic.ts'
import type { Pod } from '../../src/object/pod.ts'
import type { Workload } from '../../src/object/workload.ts'
import { answerOf, rosterOf } from '../../src/roster/roster.ts'
import { simulate } from '../../src/roster/simulate.ts'
import {
  clusterOf,
  type GrantedCluster,
  nodeOf,
  podOf,
  serviceOf,
  workloadOf,
} from '../support/built.ts'

const nodes = ['a', 'b', 'c'].map((letter, index) =>
  nodeOf(`node-${letter}`, { podCIDRs: [`10.244.${index}.0/24`, `fd00:10:244:${index}::/64`] }),
)

describe('made-up pods', () => {
  test('are spread over the nodes, with addresses of their node and of each family', () => {
    const pods = podsOf({ workloads: [workloadOf('web', { replicas: 6 })], nodes })
    const nodeNames = pods.map(({ nodeName }) => nodeName).sort()
    expect(nodeNames).toEqual(['node-a', 'node-a', 'node-b', 'node-b', 'node-c', 'node-c'])
    for (const { nodeName, podIPs, ready, phase } of pods) {
      const { podCIDRs = [] } = nodes.find(({ name }) => name === nodeName) ?? {}
      expect(podIPs.map((ip, index) => isIn(ip, podCIDRs[index] ?? ''))).toEqual([true, true])
      expect({ ready, phase }).toEqual({ ready: true, phase: 'Running' })
    }
  })

  test.each<[string, Partial<Workload>, RegExp]>([
    ['a StatefulSet', { kind: 'StatefulSet', replicas: 2 }, /^web-0 web-1$/],
    ['a Deployment', { replicas: 2 }, /^(web-[b-z2-9]{10})-[b-z2-9]{5} \1-[b-z2-9]{5}$/],
    ['a ReplicaSet', { kind: 'ReplicaSet', replicas: 1 }, /^web-[b-z2-9]{5}$/],
  ])('of %s are named like real ones', (_, parts, names) => {
    const pods = podsOf({ workloads: [workloadOf('web', parts)], nodes })
    expect(pods.map(({ name }) => name).join(' ')).toMatch(names)
  })

  test('of a DaemonSet are on every node', () => {
    const daemons = workloadOf('web', { kind: 'DaemonSet', replicas: undefined })
    const pods = podsOf({ workloads: [daemons], nodes })
    expect(pods.map(({ nodeName }) => nodeName)).toEqual(['node-a', 'node-b', 'node-c'])
    expect(podsOf({ workloads: [daemons] })).toHaveLength(1)
  })

  test('of a ReplicaSet that a Deployment made are not made twice', () => {
    const labels = { 'pod-template-hash': '5d4f8c7b9d' }
    const workloads = [
      workloadOf('web'),
      workloadOf('web-5d4f8c7b9d', { kind: 'ReplicaSet', labels }),
    ]
    expect(podsOf({ workloads, nodes })).toHaveLength(1)
  })

  test('on the network of their node have its addresses, one to a node', () => {
    const { template } = workloadOf('web')
    const workload = workloadOf('web', {
      replicas: 5,
      template: { ...template, hostNetwork: true },
    })
    const hosts = nodes.map((node, index) => ({
      ...node,
      addresses: [{ type: 'InternalIP', address: `192.168.10.1${index}` }],
    }))
    const { pods, leftOut } = simulate(clusterOf({ workloads: [workload], nodes: hosts }))
    expect(pods.flatMap(({ podIPs }) => podIPs).sort()).toEqual([
      '192.168.10.10',
      '192.168.10.11',
      '192.168.10.12',
    ])
    expect([...leftOut]).toEqual([[workload, 2]])
  })

  test('have addresses such as kubeadm would give where nobody says anything about nodes', () => {
    const [pod] = podsOf({ workloads: [workloadOf('web')] })
    expect(pod?.nodeName).toBeUndefined()
    expect(isIn(pod?.podIPs[0] ?? '', '10.244.0.0/24')).toBe(true)
    expect(isIn(pod?.podIPs[1] ?? '', 'fd00:10:244::/64')).toBe(true)
  })

  test('take no address that a real pod has', () => {
    const block = { nodes: [nodeOf('node-a', { podCIDRs: ['10.244.0.0/29'] })] }
    const real = ['10.244.0.2', '10.244.0.3', '10.244.0.5'].map((ip, index) =>
      podOf(`real-${index}`, { podIPs: [ip] }),
    )
    const workloads = [workloadOf('web', { replicas: 2 })]
    const pods = podsOf({ ...block, pods: real, workloads })
    expect(pods.map(({ podIPs }) => podIPs[0]).sort()).toEqual(['10.244.0.4', '10.244.0.6'])
  })

  test('stay as they are when more of them come', () => {
    const seven = podsOf({ workloads: [workloadOf('web', { replicas: 7 })], nodes })
    const three = podsOf({ workloads: [workloadOf('web', { replicas: 3 })], nodes })
    expect(seven.slice(0, 3)).toEqual(three)
  })

  test('are the same for every Service that selects them', () => {
    const workload = workloadOf('web', { replicas: 4 })
    const selector = { app: 'web' }
    const services = ['one', 'two'].map((name) => serviceOf({ name, spec: { selector } }))
    const roster = rosterOf(clusterOf({ workloads: [workload], nodes, services }), () => {})
    const [one, two] = services.map((service) =>
      answerOf(roster, service).slices.map(({ endpoints }) => endpoints),
    )
    expect(one).toEqual(two)
  })

  test('without an address are left out, and that is said', () => {
    const selector = { app: 'web' }
    const cluster = clusterOf({
      services: [serviceOf({ spec: { selector } })],
      workloads: [workloadOf('web', { replicas: 2_000_000_000 })],
      nodes: [nodeOf('node-a', { podCIDRs: ['10.244.0.0/30', 'fd00::/125'] })],
    })
    const diagnostics: Diagnostic[] = []
    const roster = rosterOf(cluster, (diagnostic) => diagnostics.push(diagnostic))
    expect(diagnostics).toEqual([])
    const { slices } = answerOf(roster, serviceOf({ spec: { selector } }))
    expect(slices.map(({ endpoints }) => endpoints.length)).toEqual([1])
    expect(diagnostics).toMatchObject([
      {
        message:
          '1999999994 pods of deployment.apps/web are left out: there is no address for them',
      },
    ])
  })

  test('are as many as there are addresses, and none has the address of another', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 5 }),
        fc.integer({ min: 26, max: 30 }),
        (replicas, bits) => {
          const workloads = replicas.map((count, index) =>
            workloadOf(`w${index}`, { replicas: count }),
          )
          const small = nodes.map((node, index) => ({
            ...node,
            podCIDRs: [`10.244.${index}.0/${bits}`],
          }))
          const pods = podsOf({ workloads, nodes: small })
          const ips = pods.flatMap(({ podIPs }) => podIPs)
          expect(new Set(ips).size).toBe(ips.length)
          const reversed = { workloads: [...workloads].reverse(), nodes: [...small].reverse() }
          expect(podsOf(reversed)).toEqual(pods)
        },
      ),
    )
  })
})

function podsOf(parts: Partial<GrantedCluster>): readonly Pod[] {
  return simulate(clusterOf(parts)).pods
}

function isIn(text: string, block: string): boolean {
  const ip = parseIP(text)
  const cidr = parseCIDR(block)
  if (ip === undefined || cidr === undefined) return false
  return familyOf(ip) === familyOf(cidr.base) && contains(cidr, ip)
}
