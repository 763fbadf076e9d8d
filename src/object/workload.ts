import type { Fields } from '../manifest/document.ts'
import { type KubernetesObject, map, readMetadata, type Strings, text } from './metadata.ts'
import { type PodSpec, readPodSpec } from './pod.ts'
import type { Origin } from './written.ts'

export const workloadKinds = ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'] as const
export type WorkloadKind = (typeof workloadKinds)[number]

/** Something that makes pods: we know what they will look like, and not yet where they are. */
export interface Workload extends KubernetesObject {
  readonly kind: WorkloadKind
  /** How many pods it wants; a DaemonSet wants one on every node. */
  readonly replicas: number | undefined
  readonly template: PodSpec & { readonly labels: Strings; readonly annotations: Strings }
}

export function readWorkload(
  kind: WorkloadKind,
  fields: Fields,
  namespace: string,
  origin: Origin,
): Workload {
  const spec = map(fields.spec)
  const template = map(spec.template)
  const { labels, annotations } = readMetadata(template, namespace, origin)
  return {
    ...readMetadata(fields, namespace, origin),
    kind,
    replicas: kind === 'DaemonSet' ? undefined : ((spec.replicas ?? 1) as number),
    template: { ...readPodSpec(map(template.spec)), labels, annotations },
  }
}

/** `deployment.apps/web`, as kubectl names it. */
export function resourceOf({ kind, name }: Workload): string {
  return `${text(kind.toLowerCase())}.apps/${name}`
}
