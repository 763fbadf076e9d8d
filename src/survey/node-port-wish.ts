import type { Protocol } from '../address/port.ts'
import type { Path } from '../manifest/document.ts'
import { nameOf } from '../object/metadata.ts'
import { hasNodePorts, type Service, type ServicePort } from '../object/service.ts'
import { needsHealthCheck } from '../pool/node-ports.ts'

/** A node port that somebody wrote down. */
export interface NodePortWish {
  readonly service: Service
  /** The name of the Service, as `default/web`. */
  readonly name: string
  readonly port: number
  readonly protocol: Protocol
  /** What it leads to; nothing for a health check. */
  readonly servicePort: ServicePort | undefined
  readonly path: Path
}

/** Every node port that is wished for, with each protocol that it is wished for. */
export function* nodePortWishes(services: readonly Service[]): Generator<NodePortWish> {
  for (const service of services) if (hasNodePorts(service.spec.type)) yield* wishesOf(service)
}

/** The same, but a number once for a Service: for rules that no protocol matters to. */
export function* nodePortNumbers(services: readonly Service[]): Generator<NodePortWish> {
  for (const service of services) {
    if (!hasNodePorts(service.spec.type)) continue
    const seen = new Set<number>()
    for (const wish of wishesOf(service)) {
      if (!seen.has(wish.port)) yield wish
      seen.add(wish.port)
    }
  }
}

function wishesOf(service: Service): readonly NodePortWish[] {
  const { spec } = service
  const name = nameOf(service)
  const wishes: NodePortWish[] = []
  for (const [index, servicePort] of spec.ports.entries()) {
    const { nodePort: port, protocol } = servicePort
    if (port === 0 || wishes.some((it) => it.port === port && it.protocol === protocol)) continue
    const path = ['spec', 'ports', index, 'nodePort']
    wishes.push({ service, name, port, protocol, servicePort, path })
  }
  const port = spec.healthCheckNodePort
  if (port !== undefined && needsHealthCheck(spec)) {
    const path = ['spec', 'healthCheckNodePort']
    wishes.push({ service, name, port, protocol: 'TCP', servicePort: undefined, path })
  }
  return wishes
}

/** What the pools draw a number for: `default/web/http`. */
export function needNameOf({ name, servicePort }: NodePortWish): string {
  return `${name}/${servicePort?.name ?? 'healthCheckNodePort'}`
}
