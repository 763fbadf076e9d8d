import type { Fields } from '../manifest/document.ts'
import { isSimulated } from './annotation.ts'
import { type KubernetesObject, list, map, readMetadata, text } from './metadata.ts'
import type { Origin } from './written.ts'

export interface Pod extends KubernetesObject, PodSpec {
  readonly nodeName: string | undefined
  /** `status.podIPs`, else `status.podIP`. */
  readonly podIPs: readonly string[]
  readonly phase: string | undefined
  readonly ready: boolean
  /** Somebody asked for its deletion. */
  readonly terminating: boolean
  readonly creationTimestamp: string | undefined
  /** Made up from a workload whose pods have no address yet. */
  readonly simulated?: boolean | undefined
}

/** What a pod and the template of a workload have in common. */
export interface PodSpec {
  readonly hostNetwork: boolean
  readonly containers: readonly Container[]
}

export interface Container {
  readonly name: string
  /** Where in the spec it stands: `['containers', 0]`. */
  readonly path: readonly [string, number]
  /** An init container that keeps running, whose ports count like any other's. */
  readonly sidecar: boolean
  readonly ports: readonly ContainerPort[]
  /** As written; nobody but the prober reads it. */
  readonly readinessProbe: Fields | undefined
}

export interface ContainerPort {
  readonly name: string | undefined
  readonly protocol: string
  readonly containerPort: number
  readonly hostPort: number | undefined
  readonly hostIP: string | undefined
}

export function readPod(fields: Fields, namespace: string, origin: Origin): Pod {
  const spec = map(fields.spec)
  const status = map(fields.status)
  const metadata = map(fields.metadata)
  const podIPs = list(status.podIPs).flatMap((entry) => text(entry?.ip) ?? [])
  const podIP = text(status.podIP)
  const condition = list(status.conditions).find((entry) => entry?.type === 'Ready')
  const read = readMetadata(fields, namespace, origin)
  return {
    ...read,
    ...readPodSpec(spec),
    nodeName: text(spec.nodeName),
    podIPs: podIPs.length === 0 && podIP !== undefined ? [podIP] : podIPs,
    phase: text(status.phase),
    ready: condition?.status === 'True',
    terminating: text(metadata.deletionTimestamp) !== undefined,
    creationTimestamp: text(metadata.creationTimestamp),
    simulated: isSimulated(read),
  }
}

export function readPodSpec(spec: Fields): PodSpec {
  return {
    hostNetwork: spec.hostNetwork === true,
    containers: [
      ...list(spec.containers).map((fields, index) =>
        readContainer(fields ?? {}, ['containers', index], false),
      ),
      ...list(spec.initContainers).flatMap((fields, index) =>
        fields?.restartPolicy === 'Always'
          ? readContainer(fields, ['initContainers', index], true)
          : [],
      ),
    ],
  }
}

function readContainer(
  fields: Fields,
  path: readonly [string, number],
  sidecar: boolean,
): Container {
  return {
    name: text(fields.name) ?? '',
    path,
    sidecar,
    ports: list(fields.ports).map((port) => ({
      name: text(port?.name),
      protocol: text(port?.protocol) ?? 'TCP',
      containerPort: (port?.containerPort ?? 0) as number,
      hostPort: (port?.hostPort ?? undefined) as number | undefined,
      hostIP: text(port?.hostIP),
    })),
    readinessProbe: (fields.readinessProbe ?? undefined) as Fields | undefined,
  }
}
