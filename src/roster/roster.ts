import { simulatedLeftOut } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import { isSimulated } from '../object/annotation.ts'
import type { Cluster } from '../object/cluster.ts'
import type { EndpointSlice } from '../object/endpoint-slice.ts'
import type { Endpoints } from '../object/endpoints.ts'
import { nameOf } from '../object/metadata.ts'
import type { Node } from '../object/node.ts'
import type { Pod } from '../object/pod.ts'
import type { Service } from '../object/service.ts'
import { resourceOf } from '../object/workload.ts'
import { placeOf } from '../object/written.ts'
import { isMirrored, slicesFromEndpoints } from './mirror.ts'
import { indexPods, type PodIndex, selectPods } from './pod-index.ts'
import { slicesFromPods } from './pod-slices.ts'
import { simulate } from './simulate.ts'
import { weightOf } from './weight.ts'

/**
 * Who could answer, found once, so that each Service can be asked about by itself and at the cost of
 * its own endpoints. Whoever keeps the maps up to date can go on asking.
 */
export interface Roster {
  /** By the Service they belong to, as `default/web`; each list by the names of the slices. */
  readonly slices: ReadonlyMap<string, readonly EndpointSlice[]>
  readonly endpoints: ReadonlyMap<string, Endpoints>
  readonly nodes: ReadonlyMap<string, Node>
  readonly pods: () => PodIndex
  /** Pods made up for workloads that have none yet. */
  readonly simulated: () => PodIndex
  /** What annotations say of pods: by namespace, then by the name of the pod. */
  readonly weights: ReadonlyMap<string, ReadonlyMap<string, number>>
}

/** Who answers for a Service, whichever way that is known, in the words of EndpointSlices. */
export interface Answer {
  readonly by: 'slices' | 'endpoints' | 'pods' | 'simulation' | 'nobody'
  readonly slices: readonly EndpointSlice[]
  /** By the name of the pod. */
  readonly weights: ReadonlyMap<string, number>
}

/** Reads who could answer out of a cluster. Nothing is made up before a Service needs it. */
export function rosterOf(cluster: Cluster, report: Report): Roster {
  return {
    slices: slicesByService(cluster.slices),
    endpoints: new Map(cluster.endpoints.map((endpoints) => [nameOf(endpoints), endpoints])),
    nodes: new Map(cluster.nodes.map((node) => [node.name, node])),
    pods: once(() => indexPods(cluster.pods)),
    simulated: once(() => indexPods(simulatedPods(cluster, report))),
    weights: weightsOf(cluster.pods),
  }
}

/** Who answers for one Service: what is written comes before what would be made of it. */
export function answerOf(roster: Roster, service: Service): Answer {
  const id = nameOf(service)
  const weights = roster.weights.get(service.namespace) ?? none
  const slices = roster.slices.get(id)
  if (slices !== undefined) {
    return { by: slices.some(isSimulated) ? 'simulation' : 'slices', slices, weights }
  }
  const endpoints = roster.endpoints.get(id)
  if (endpoints !== undefined && isMirrored(endpoints)) {
    const by = isSimulated(endpoints) ? 'simulation' : 'endpoints'
    return { by, slices: slicesFromEndpoints(endpoints), weights }
  }
  const { selector, type } = service.spec
  if (selector === undefined || type === 'ExternalName') return nobody
  const pods = selectPods(roster.pods(), service.namespace, selector)
  if (pods.some(({ podIPs }) => podIPs.length > 0)) {
    const by = pods.some((pod) => pod.simulated) ? 'simulation' : 'pods'
    return { by, slices: slicesFromPods(service, pods, roster.nodes), weights }
  }
  const simulated = selectPods(roster.simulated(), service.namespace, selector)
  return {
    by: simulated.length > 0 ? 'simulation' : 'nobody',
    slices: slicesFromPods(service, simulated, roster.nodes),
    weights: weightsByName(simulated),
  }
}

const none: ReadonlyMap<string, number> = new Map()
const nobody: Answer = { by: 'nobody', slices: [], weights: none }

function slicesByService(slices: readonly EndpointSlice[]): Map<string, readonly EndpointSlice[]> {
  const byService = new Map<string, EndpointSlice[]>()
  for (const slice of slices) {
    if (slice.service === undefined) continue
    const id = `${slice.namespace}/${slice.service}`
    const others = byService.get(id)
    if (others === undefined) byService.set(id, [slice])
    else others.push(slice)
  }
  for (const several of byService.values()) if (several.length > 1) several.sort(byName)
  return byService
}

function weightsOf(pods: readonly Pod[]): Map<string, Map<string, number>> {
  const weights = new Map<string, Map<string, number>>()
  for (const pod of pods) {
    const weight = weightOf(pod)
    if (weight === undefined) continue
    const others = weights.get(pod.namespace) ?? new Map<string, number>()
    weights.set(pod.namespace, others.set(pod.name, weight))
  }
  return weights
}

function weightsByName(pods: readonly Pod[]): Map<string, number> {
  return new Map(
    pods.flatMap((pod) => {
      const weight = weightOf(pod)
      return weight === undefined ? [] : [[pod.name, weight]]
    }),
  )
}

function simulatedPods(cluster: Cluster, report: Report): readonly Pod[] {
  const { pods, leftOut } = simulate(cluster)
  for (const [workload, count] of leftOut) {
    const { origin } = workload
    const place = origin === undefined ? undefined : placeOf(origin, ['spec', 'replicas'])
    report(simulatedLeftOut(resourceOf(workload), count).at(place))
  }
  return pods
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

function byName(a: EndpointSlice, b: EndpointSlice): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}
