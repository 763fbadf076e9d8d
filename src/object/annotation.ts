import type { Cluster } from './cluster.ts'
import type { KubernetesObject, Strings } from './metadata.ts'
import type { WorkloadKind } from './workload.ts'

export type AnnotatedKind =
  | 'Service'
  | 'EndpointSlice'
  | 'Endpoints'
  | 'Pod'
  | 'Node'
  | 'Namespace'
  | WorkloadKind

/** An annotation that means something to nodeport. */
export interface Annotation {
  readonly name: string
  readonly on: readonly AnnotatedKind[]
  /** What its value looks like. */
  readonly value: string
  /** One sentence for lists of them. */
  readonly summary: string
}

const anything: readonly AnnotatedKind[] = [
  'Service',
  'EndpointSlice',
  'Endpoints',
  'Pod',
  'Node',
  'Namespace',
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
]

/** What every annotation of ours begins with. */
export const annotationPrefix = 'nodeport.io/'

/** For what Kubernetes has no field for: all the annotations there are, in the order of the documents. */
export const annotations = {
  scheduler: {
    name: 'nodeport.io/scheduler',
    on: ['Service'],
    value: 'rr, wrr, lc, wlc, lblc, lblcr, dh, sh, sed, nq, fo, ovf, mh or twos',
    summary: 'how the kernel chooses a real server for a new connection',
  },
  schedulerFlags: {
    name: 'nodeport.io/scheduler-flags',
    on: ['Service'],
    value: 'sh-port, sh-fallback, mh-port, mh-fallback, flag-1, flag-2, flag-3, parted by commas',
    summary: 'what the scheduler is told besides; nothing at all where it is empty',
  },
  forwarding: {
    name: 'nodeport.io/forwarding',
    on: ['Service'],
    value: 'masq, route or tunnel',
    summary: 'how packets reach the real servers',
  },
  weight: {
    name: 'nodeport.io/weight',
    on: ['Pod', 'EndpointSlice', 'Endpoints', 'Node'],
    value: 'a number from 0 to 2147483647',
    summary: 'how much a real server takes beside the others; 0 takes no new connections',
  },
  thresholds: {
    name: 'nodeport.io/thresholds',
    on: ['Service'],
    value: 'UPPER or UPPER,LOWER',
    summary: 'how many connections are too many for a real server, and how few are few again',
  },
  serve: {
    name: 'nodeport.io/serve',
    on: ['Service'],
    value: 'all or external',
    summary: 'whether its cluster IP answers too, or its other addresses alone',
  },
  probe: {
    name: 'nodeport.io/probe',
    on: ['Service'],
    value: 'tcp, http:/path or https:/path',
    summary: 'how the agent finds out whether a real server answers',
  },
  probeFallback: {
    name: 'nodeport.io/probe-fallback',
    on: ['Service'],
    value: 'keep or empty',
    summary: 'what becomes of the real servers when all of them fail their probes',
  },
  simulated: {
    name: 'nodeport.io/simulated',
    on: ['Pod', 'EndpointSlice', 'Endpoints'],
    value: 'true',
    summary: 'says of what was made up from a workload that nobody runs it yet',
  },
  ignore: {
    name: 'nodeport.io/ignore',
    on: anything,
    value: 'codes of findings, parted by commas',
    summary: 'which findings about this object are not shown',
  },
} as const satisfies Record<string, Annotation>

export const knownAnnotations: readonly Annotation[] = Object.values(annotations)

/** Whether an object was made up, now or when it was printed, and is as little to be relied on. */
export function isSimulated(object: { readonly annotations: Strings }): boolean {
  return object.annotations[annotations.simulated.name] === 'true'
}

/** Annotations as they stand somewhere in a manifest: on an object, or on a workload's template. */
export interface Annotated {
  readonly kind: AnnotatedKind
  readonly annotations: Strings
  readonly object: KubernetesObject
  /** The way from the top of the object to its annotations. */
  readonly path: readonly string[]
}

/** Everything in the manifests that has annotations, one after another. */
export function* annotatedIn(cluster: Cluster): Generator<Annotated> {
  const path = ['metadata', 'annotations']
  const kinds: readonly [AnnotatedKind, readonly KubernetesObject[]][] = [
    ['Service', cluster.services],
    ['EndpointSlice', cluster.slices],
    ['Endpoints', cluster.endpoints],
    ['Pod', cluster.pods],
    ['Node', cluster.nodes],
    ['Namespace', cluster.namespaces],
  ]
  for (const [kind, objects] of kinds) {
    for (const object of objects) {
      const { annotations } = object
      if (hasSome(annotations)) yield { kind, annotations, object, path }
    }
  }
  for (const object of cluster.workloads) {
    const { kind, annotations, template } = object
    if (hasSome(annotations)) yield { kind, annotations, object, path }
    if (hasSome(template.annotations)) {
      const path = ['spec', 'template', 'metadata', 'annotations']
      yield { kind: 'Pod', annotations: template.annotations, object, path }
    }
  }
}

function hasSome(annotations: Strings): boolean {
  for (const _ in annotations) return true
  return false
}
