import type { EndpointSlice } from './endpoint-slice.ts'
import type { Endpoints } from './endpoints.ts'
import type { KubernetesObject } from './metadata.ts'
import type { Node } from './node.ts'
import type { Pod } from './pod.ts'
import type { Service } from './service.ts'
import type { Workload } from './workload.ts'

/** Everything that the manifests say a cluster contains, as far as it concerns us. */
export interface Cluster {
  readonly services: readonly Service[]
  readonly slices: readonly EndpointSlice[]
  readonly endpoints: readonly Endpoints[]
  readonly pods: readonly Pod[]
  readonly nodes: readonly Node[]
  readonly namespaces: readonly KubernetesObject[]
  readonly workloads: readonly Workload[]
  /** How many objects of these kinds were there, also those that could not be decoded. */
  readonly objects: number
  /** Objects of other kinds: how many of each. */
  readonly passedOver: ReadonlyMap<string, number>
}
