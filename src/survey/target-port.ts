import type { ContainerPort } from '../object/pod.ts'
import type { Service, ServicePort } from '../object/service.ts'
import type { Surveyed } from './surveyed.ts'

/** A Service port beside what the containers say that it leads to. */
export interface TargetPort {
  readonly service: Service
  readonly port: ServicePort
  readonly index: number
  /** The ports of all containers that the Service selects. */
  readonly declared: readonly ContainerPort[]
}

/** The ports of Services that select something. */
export function* targetPortsOf({ cluster, selection }: Surveyed): Generator<TargetPort> {
  if (selection.targets.length === 0) return
  for (const service of cluster.services) {
    if (service.spec.selector === undefined || service.spec.type === 'ExternalName') continue
    const selected = selection.targetsOf(service)
    if (selected.length === 0) continue
    const declared = selected.flatMap(({ pod }) => pod.containers.flatMap(({ ports }) => ports))
    for (const [index, port] of service.spec.ports.entries()) {
      yield { service, port, index, declared }
    }
  }
}
