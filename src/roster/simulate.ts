import { type Family, familyOf, type IP } from '../address/ip.ts'
import { annotations } from '../object/annotation.ts'
import type { Cluster } from '../object/cluster.ts'
import { nameOf } from '../object/metadata.ts'
import type { Node } from '../object/node.ts'
import type { Pod } from '../object/pod.ts'
import type { Workload } from '../object/workload.ts'
import { hashOf } from '../pool/hash.ts'
import { internalIPs } from './node-ips.ts'
import { type PodBlock, podBlockOf, takeFrom } from './pod-block.ts'
import { suffixFor } from './suffix.ts'

/** The pods that workloads would have. */
export interface Simulation {
  readonly pods: readonly Pod[]
  /** How many pods of a workload found no address. */
  readonly leftOut: ReadonlyMap<Workload, number>
}

/** Nobody previews more pods of one workload; a slip of the pen in `replicas` must not fill the memory. */
const mostPods = 10_000

/**
 * Makes up the pods of workloads: ready, spread over the nodes, with addresses out of the nodes' pod
 * CIDRs. Everything follows from names, so the order of documents makes no difference. All first
 * pods choose before any second one: more replicas never move the earlier pods of their own workload,
 * and those of another only where two want one address.
 */
export function simulate({ workloads, nodes, pods }: Cluster): Simulation {
  const berths = berthsOn(nodes)
  const taken = new Set(pods.flatMap(({ podIPs }) => podIPs))
  const made: Pod[] = []
  const leftOut = new Map<Workload, number>()
  const leave = (workload: Workload, count: number): void => {
    leftOut.set(workload, (leftOut.get(workload) ?? 0) + count)
  }

  let crews = workloads
    .filter(standsAlone)
    .sort(byName)
    .map((it) => crewOf(it, berths.length))
  for (const { workload, wanted, size } of crews) if (wanted > size) leave(workload, wanted - size)
  for (let ordinal = 0; crews.length > 0; ordinal++) {
    crews = crews.filter(({ size }) => ordinal < size)
    for (const { workload, first } of crews) {
      const berth = berths[(first + ordinal) % berths.length] as Berth
      const pod = podOf(workload, ordinal, berth, taken)
      if (pod === undefined) leave(workload, 1)
      else made.push(pod)
    }
  }
  return { pods: made, leftOut }
}

/** A place for pods: a node, or whatever there is where nobody says anything about nodes. */
interface Berth {
  readonly nodeName: string | undefined
  readonly hostIPs: readonly IP[]
  readonly blocks: readonly PodBlock[]
}

function berthsOn(nodes: readonly Node[]): readonly Berth[] {
  const known: readonly (Node | undefined)[] =
    nodes.length > 0 ? [...nodes].sort(byName) : [undefined]
  return known.map((node, index) => ({
    nodeName: node?.name,
    hostIPs: node === undefined ? [] : internalIPs(node),
    blocks: families.map((family) => podBlockOf(node, index, family)),
  }))
}

const families: readonly Family[] = ['IPv4', 'IPv6']

/** How many pods a workload wants, how many it gets, and which berth the first one has. */
interface Crew {
  readonly workload: Workload
  readonly wanted: number
  readonly size: number
  readonly first: number
}

function crewOf(workload: Workload, berths: number): Crew {
  const { replicas, template } = workload
  if (replicas === undefined) return { workload, wanted: berths, size: berths, first: 0 }
  // Two pods that share the network of their node would want the same ports.
  const most = template.hostNetwork ? berths : mostPods
  const first = hashOf(keyOf(workload)) % berths
  return { workload, wanted: replicas, size: Math.min(replicas, most), first }
}

function podOf(
  workload: Workload,
  ordinal: number,
  { nodeName, hostIPs, blocks }: Berth,
  taken: Set<string>,
): Pod | undefined {
  const { namespace, kind, template, origin } = workload
  const key = `${keyOf(workload)} ${kind === 'DaemonSet' ? (nodeName ?? '') : ordinal}`
  const podIPs = template.hostNetwork
    ? oneOfEach(hostIPs)
    : blocks.flatMap((block) => takeFrom(block, taken, key) ?? [])
  if (podIPs.length === 0) return undefined
  return {
    namespace,
    name: podName(workload, ordinal, key),
    labels: template.labels,
    annotations: { ...template.annotations, [annotations.simulated.name]: 'true' },
    origin,
    hostNetwork: template.hostNetwork,
    containers: template.containers,
    nodeName,
    podIPs,
    phase: 'Running',
    ready: true,
    terminating: false,
    creationTimestamp: undefined,
    simulated: true,
  }
}

function podName({ kind, name }: Workload, ordinal: number, key: string): string {
  if (kind === 'StatefulSet') return `${name}-${ordinal}`
  if (kind === 'Deployment') return `${name}-${suffixFor(`${kind} ${name}`, 10)}-${suffixFor(key)}`
  return `${name}-${suffixFor(key)}`
}

/** A ReplicaSet that a Deployment made would have the Deployment's pods a second time. */
function standsAlone({ kind, labels }: Workload): boolean {
  return kind !== 'ReplicaSet' || !Object.hasOwn(labels, 'pod-template-hash')
}

function keyOf(workload: Workload): string {
  return `${workload.kind} ${nameOf(workload)}`
}

function byName<T extends { namespace: string; name: string; kind?: string }>(a: T, b: T): number {
  const [left, right] = [sortKey(a), sortKey(b)]
  return left < right ? -1 : left > right ? 1 : 0
}

function sortKey({
  namespace,
  name,
  kind = '',
}: {
  namespace: string
  name: string
  kind?: string
}) {
  return `${namespace}/${name} ${kind}`
}

function oneOfEach(ips: readonly IP[]): readonly IP[] {
  return families.flatMap((family) => ips.find((ip) => familyOf(ip) === family) ?? [])
}
