import { immutableField, nodePortRepeated } from '../diagnostic/complaints.ts'
import type { Path } from '../manifest/document.ts'
import { hasNodePorts, type ServiceSpec } from '../object/service.ts'
import type { Draft } from './draft.ts'
import { forbidden } from './field-error.ts'
import type { Need, Refuse } from './need.ts'

/** The node ports that a Service needs, before any is granted. */
export interface NodePortPlan {
  /** Each once, the health check's last. */
  readonly needs: readonly Need<number>[]
  /** For each entry of `ports`, the need whose number it gets. */
  readonly byEntry: readonly (Need<number> | undefined)[]
  readonly healthCheck: Need<number> | undefined
}

/** Where there are node ports, finds out which of them are wished for, kept, or left to the pool. */
export function planNodePorts(draft: Draft, refuse: Refuse): NodePortPlan {
  if (!hasNodePorts(draft.service.spec.type)) return noNodePorts
  const byEntry =
    draft.held === undefined ? planForCreate(draft) : planForUpdate(draft, draft.held, refuse)
  const healthCheck = planHealthCheck(draft, refuse)
  const needs = [...new Set([...byEntry, healthCheck])].filter((need) => need !== undefined)
  return { needs, byEntry, healthCheck }
}

const noNodePorts: NodePortPlan = { needs: [], byEntry: [], healthCheck: undefined }

/** Every node port that a Service has, its health check's too. */
export function nodePortsOf(spec: ServiceSpec): number[] {
  if (!hasNodePorts(spec.type)) return []
  const ports = spec.ports.map(({ nodePort }) => nodePort)
  if (needsHealthCheck(spec)) ports.push(spec.healthCheckNodePort ?? 0)
  return ports.filter((port) => port !== 0)
}

export function needsHealthCheck({ type, externalTrafficPolicy }: ServiceSpec): boolean {
  return type === 'LoadBalancer' && externalTrafficPolicy === 'Local'
}

/** A load balancer that needs no node ports can say so; what it wishes for it still gets. */
function wantsNodePorts({ type, allocateLoadBalancerNodePorts }: ServiceSpec): boolean {
  return type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false)
}

/** Entries with the same `port`, such as DNS over TCP and UDP, share a node port if they can. */
function planForCreate({ name, service }: Draft): (Need<number> | undefined)[] {
  const { spec } = service
  const { ports } = spec
  const wished = new Map<number, number>()
  for (const [index, { port, nodePort }] of ports.entries()) {
    if (nodePort !== 0 && !wished.has(port)) wished.set(port, index)
  }
  const shared = new Map<number, Need<number>>()
  return ports.map(({ port, nodePort, name: portName }, index) => {
    if (nodePort === 0 && !wantsNodePorts(spec)) return undefined
    const first = shared.get(port)
    if (first === undefined) {
      const written = wished.get(port) ?? index
      const wish = ports[written]?.nodePort ?? 0
      const need = needFor(`${name}/${portName}`, wish, index, written)
      shared.set(port, need)
      return need
    }
    if (nodePort === 0 || nodePort === first.wish) return first
    return needFor(`${name}/${portName}`, nodePort, index)
  })
}

/** On update every entry is on its own, and keeps its number by its name. */
function planForUpdate(
  draft: Draft,
  held: ServiceSpec,
  refuse: Refuse,
): (Need<number> | undefined)[] {
  const { name, service } = draft
  const { spec } = service
  const had = new Set(hasNodePorts(held.type) ? held.ports.map(({ nodePort }) => nodePort) : [])
  const numbers = patchedNodePorts(spec, held)
  const needs = new Map<number, Need<number>>()
  const seen = new Map<string, number>()
  return spec.ports.map(({ protocol, port, name: portName }, index) => {
    const number = numbers[index] ?? 0
    if (number === 0) {
      return wantsNodePorts(spec) ? needFor(`${name}/${portName}`, 0, index) : undefined
    }
    const known = needs.get(number)
    const need = known ?? needFor(`${name}/${portName}`, number, index, index, had.has(number))
    needs.set(number, need)
    const identity = `{${protocol} ${number}}`
    const first = seen.get(identity)
    if (first === undefined) seen.set(identity, index)
    // Two entries that are the same in everything were found out when the Service was validated.
    else if (spec.ports[first]?.port !== port) {
      const message = `duplicate nodePort: ${identity}`
      refuse(draft, nodePortRepeated(message), nodePortOf(index), nodePortOf(first))
    }
    return need
  })
}

/**
 * What is left out stays as it was, unless another entry asks for that very number. One that shared
 * it before may go on to do so: the server would part the two if the manifest were put in place of
 * the object, but kubectl merges it into the object, and then they stay together.
 */
function patchedNodePorts(spec: ServiceSpec, held: ServiceSpec): number[] {
  if (!wantsNodePorts(spec) || !wantsNodePorts(held)) {
    return spec.ports.map(({ nodePort }) => nodePort)
  }
  const before = new Map(held.ports.map(({ name, nodePort }) => [name, nodePort]))
  const lost = new Set<number>()
  const shared = new Set<string>()
  for (const { name, protocol, nodePort } of spec.ports) {
    if (before.get(name) === nodePort) shared.add(`${protocol} ${nodePort}`)
    else lost.add(nodePort)
  }
  return spec.ports.map(({ name, protocol, nodePort }) => {
    if (nodePort !== 0) return nodePort
    const old = before.get(name) ?? 0
    return lost.has(old) || shared.has(`${protocol} ${old}`) ? 0 : old
  })
}

/** `default/web/healthCheckNodePort`: no port can be called so. */
function planHealthCheck(draft: Draft, refuse: Refuse): Need<number> | undefined {
  const { name, held } = draft
  const { spec } = draft.service
  if (!needsHealthCheck(spec)) return undefined
  const kind = 'healthCheckNodePort'
  const had = held !== undefined && needsHealthCheck(held) ? (held[kind] ?? 0) : 0
  const asked = spec[kind] ?? 0
  if (had !== 0 && asked !== 0 && asked !== had) {
    const message = forbidden(`spec.${kind}`, 'field is immutable')
    refuse(draft, immutableField(message, String(had)), ['spec', kind])
  }
  const wish = (had !== 0 ? had : asked) || undefined
  const entry = { index: 0, written: 0, got: undefined }
  return { kind, wish, kept: had !== 0, name: `${name}/${kind}`, ...entry }
}

function needFor(
  name: string,
  wish: number,
  index: number,
  written: number = index,
  kept: boolean = false,
): Need<number> {
  const kind = 'nodePort'
  return { kind, wish: wish || undefined, kept, name, index, written, got: undefined }
}

function nodePortOf(index: number): Path {
  return ['spec', 'ports', index, 'nodePort']
}
