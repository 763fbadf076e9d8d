import { type Family, familyOf, type IP, ipIn, withPort } from '../address/ip.ts'
import { isPort } from '../address/port.ts'
import type { Endpoint, EndpointSlice } from '../object/endpoint-slice.ts'
import type { ServicePort } from '../object/service.ts'
import type { Answer } from './roster.ts'
import { weightOf } from './weight.ts'

/** One that answers for a Service port, as every node sees it. */
export interface Backend {
  readonly address: IP
  readonly port: number
  /** Its conditions, its node and its hints. */
  readonly endpoint: Endpoint
  /** Absent where no annotation says it. */
  readonly weight: number | undefined
}

const headlessLabel = 'service.kubernetes.io/headless'

/**
 * What kube-proxy makes of the slices of a Service for one of its ports: joined by name and protocol
 * of the port and never by its number, only the first address of an endpoint, each address and port
 * once, in the order of their text.
 */
export function backendsOf(
  answer: Answer,
  { name, protocol }: Pick<ServicePort, 'name' | 'protocol'>,
  family: Family,
): readonly Backend[] {
  const found: Backend[] = []
  for (const slice of answer.slices) {
    if (slice.addressType !== family || slice.labels[headlessLabel] !== undefined) continue
    for (const { name: portName, protocol: portProtocol, port } of slice.ports) {
      if (portName !== name || portProtocol !== protocol) continue
      if (port !== undefined && isPort(port)) gather(slice, port, family, answer, found)
    }
  }
  return areInOrder(found) ? found : eachOnce(found.sort(compareAddresses))
}

/** Whether each is there once and in its place already, as controllers often write them. */
function areInOrder(backends: readonly Backend[]): boolean {
  return backends.every((backend, index) => {
    const before = backends[index - 1]
    return before === undefined || compareAddresses(before, backend) < 0
  })
}

function gather(
  slice: EndpointSlice,
  port: number,
  family: Family,
  { weights }: Answer,
  found: Backend[],
): void {
  const weightOfSlice = weightOf(slice)
  for (const endpoint of slice.endpoints) {
    const address = ipIn(endpoint.address)
    if (address === undefined || familyOf(address) !== family) continue
    const { pod } = endpoint
    // Few clusters have weights, and to look a pod up costs more than all the rest here.
    const own = weights.size === 0 || pod === undefined ? undefined : weights.get(pod)
    const weight = own ?? weightOfSlice
    found.push({ address, port, endpoint, weight })
  }
}

interface Addressed {
  readonly address: IP
  readonly port: number
}

/**
 * The order of the texts `10.0.0.1:80` and `[fd00::1]:80`, of one family. What follows an address is
 * looked at only where one address is the beginning of another.
 */
export function compareAddresses(a: Addressed, b: Addressed): number {
  if (a.address === b.address && a.port === b.port) return 0
  const { address: left } = a
  const { address: right } = b
  const apart = left.length === right.length && left !== right
  if (apart || !(left.startsWith(right) || right.startsWith(left))) return left < right ? -1 : 1
  return withPort(left, a.port) < withPort(right, b.port) ? -1 : 1
}

/** Of one address and port given twice, the later counts, unless it is about to go. */
function eachOnce(sorted: readonly Backend[]): readonly Backend[] {
  const once: Backend[] = []
  for (const backend of sorted) {
    const last = once.at(-1)
    if (last === undefined || compareAddresses(last, backend) !== 0) once.push(backend)
    else if (!backend.endpoint.terminating) once[once.length - 1] = backend
  }
  return once
}
