import type { Place } from '../diagnostic/source.ts'
import type { Container, ContainerPort } from '../object/pod.ts'
import { ownerOf, portsOf, type Target } from './selection.ts'
import { at } from './surveyed.ts'

/** A port that a container has on the host itself. */
export interface HostPort {
  readonly target: Target
  readonly port: number
  readonly protocol: string
  /** `container web of Deployment web` */
  readonly owner: string
  readonly place: Place | undefined
}

/** The ports of the host that pods would take, those of the host's own addresses only. */
export function* hostPortsOf(targets: readonly Target[]): Generator<HostPort> {
  for (const target of targets) {
    for (const container of target.pod.containers) {
      for (const [index, declared] of container.ports.entries()) {
        const port = numberOf(declared, target)
        if (port === undefined || declared.hostIP?.startsWith('127.')) continue
        yield {
          target,
          port,
          protocol: declared.protocol,
          owner: `container ${container.name} of ${ownerOf(target)}`,
          place: placeOf(target, container, index, declared),
        }
      }
    }
  }
}

function numberOf({ hostPort, containerPort }: ContainerPort, { pod }: Target): number | undefined {
  return hostPort ?? (pod.hostNetwork ? containerPort : undefined)
}

function placeOf(
  target: Target,
  container: Container,
  index: number,
  { hostPort }: ContainerPort,
): Place | undefined {
  const field = hostPort === undefined ? 'containerPort' : 'hostPort'
  return at(target.object, [...portsOf(target, container), index, field])
}
