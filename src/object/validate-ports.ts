import { isPort, isProtocol, protocols } from '../address/port.ts'
import type { Fields, Path } from '../manifest/document.ts'
import {
  type ApiError,
  duplicate,
  type Field,
  field,
  forbidden,
  invalid,
  noErrors,
  printField,
  required,
  unsupported,
} from './api-error.ts'
import { json, quote } from './go-text.ts'
import { list, map, text } from './metadata.ts'
import { faultsOfDNSLabel, faultsOfLabelKey, faultsOfPortName } from './names.ts'
import { hasNodePorts, type Service, type ServicePort } from './service.ts'
import { hintForName } from './validate-metadata.ts'

const outOfRange = 'must be between 1 and 65535, inclusive'

/** Each port by itself, and that names are unique: validateServicePort. */
export function portErrors({ spec: { ports }, fields }: Service): readonly ApiError[] {
  const [only] = ports
  if (ports.length === 1 && only !== undefined && isPlainPort(only)) return noErrors
  const names = new Map<string, Path>()
  const written = list(map(fields.spec).ports)
  return ports.flatMap((port, index) => {
    const at = (key: string): Field => field('spec', 'ports', index, key)
    return [
      ...portNameErrors(port.name, at('name'), { needed: ports.length > 1, names }),
      ...portNumberErrors(port.port, at('port')),
      ...protocolErrors(port.protocol, at('protocol')),
      ...targetPortErrors(port.targetPort, written[index], index),
      ...qualifiedNameErrors(port.appProtocol, at('appProtocol')),
    ]
  })
}

/** Whether there is nothing to say of a port, so that nothing is built for it. */
function isPlainPort({ name, port, protocol, targetPort, appProtocol }: ServicePort): boolean {
  return (
    isPort(port) &&
    isProtocol(protocol) &&
    appProtocol === undefined &&
    (typeof targetPort === 'string'
      ? faultsOfPortName(targetPort).length === 0
      : isPort(targetPort)) &&
    (name === '' || faultsOfDNSLabel(name).length === 0)
  )
}

function portNameErrors(
  name: string,
  at: Field,
  { needed, names }: { needed: boolean; names: Map<string, Path> },
): ApiError[] {
  if (name === '') {
    return needed ? [required(at, '', 'where a Service has several ports, each needs a name')] : []
  }
  const errors = faultsOfDNSLabel(name).map((fault) =>
    invalid(at, quote(name), fault, hintForName(name)),
  )
  const first = names.get(name)
  if (first === undefined) names.set(name, at.path)
  else errors.push(duplicate(at, quote(name), first))
  return errors
}

export function portNumberErrors(port: number, at: Field): ApiError[] {
  return isPort(port) ? [] : [invalid(at, String(port), outOfRange)]
}

export function protocolErrors(protocol: string, at: Field): ApiError[] {
  return isProtocol(protocol) ? [] : [unsupported(at, protocol, protocols)]
}

function targetPortErrors(
  target: number | string,
  written: Fields | undefined,
  index: number,
): ApiError[] {
  const at = field('spec', 'ports', index, 'targetPort')
  if (typeof target === 'string') {
    const help = /^\d+$/.test(target)
      ? `without quotes, ${target} is the number of a port`
      : undefined
    return faultsOfPortName(target).map((fault) => invalid(at, quote(target), fault, help))
  }
  if (isPort(target) || text(map(written).targetPort) !== undefined) {
    return portNumberErrors(target, at)
  }
  // A target port that was not written is the port.
  const { path } = field('spec', 'ports', index, 'port')
  return portNumberErrors(target, { name: printField(at), path })
}

export function qualifiedNameErrors(name: string | undefined, at: Field): ApiError[] {
  if (name === undefined) return []
  return faultsOfLabelKey(name).map((fault) => invalid(at, quote(name), fault))
}

/** ClusterIP Services have no node ports. */
export function nodePortErrors({ spec }: Service): readonly ApiError[] {
  if (spec.type !== 'ClusterIP') return noErrors
  const detail = "may not be used when `type` is 'ClusterIP'"
  const help = 'set type: NodePort, or remove the nodePort'
  return spec.ports.flatMap(({ nodePort }, index) =>
    nodePort === 0 ? [] : forbidden(field('spec', 'ports', index, 'nodePort'), detail, help),
  )
}

/**
 * A node port stands once for each protocol. Two ports of different numbers that wish for one node
 * port never come this far on a server: it refuses the second while it hands them out.
 */
export function nodePortTwinErrors({ spec: { type, ports } }: Service): readonly ApiError[] {
  if (ports.length < 2) return noErrors
  const seen = new Map<string, { index: number; port: ServicePort }>()
  return ports.flatMap((port, index) => {
    if (port.nodePort === 0) return []
    const key = `${port.protocol} ${port.nodePort}`
    const first = seen.get(key)
    if (first === undefined) seen.set(key, { index, port })
    if (first === undefined || (hasNodePorts(type) && first.port.port !== port.port)) return []
    const at = field('spec', 'ports', index, 'nodePort')
    return duplicate(at, String(port.nodePort), ['spec', 'ports', first.index, 'nodePort'])
  })
}

/** A port number stands once for each protocol. */
export function portTwinErrors({ spec: { ports } }: Service): readonly ApiError[] {
  if (ports.length < 2) return noErrors
  const seen = new Map<string, number>()
  return ports.flatMap(({ protocol, port }, index) => {
    const key = `${protocol} ${port}`
    const first = seen.get(key)
    if (first === undefined) {
      seen.set(key, index)
      return []
    }
    // The server prints a port of its own that has nothing but the two.
    const twin = { Name: '', Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0 }
    const at = { name: `spec.ports[${index}]`, path: ['spec', 'ports', index, 'port'] }
    return duplicate(at, json({ ...twin, NodePort: 0 }), ['spec', 'ports', first, 'port'])
  })
}
