import { type Family, familyOf, type IP, readIP, withPort } from '../address/ip.ts'
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
  const found = new Map<string, Backend>()
  for (const slice of answer.slices) {
    if (slice.addressType !== family || Object.hasOwn(slice.labels, headlessLabel)) continue
    for (const { name: portName, protocol: portProtocol, port } of slice.ports) {
      if (portName !== name || portProtocol !== protocol) continue
      if (port !== undefined && isPort(port)) gather(slice, port, family, answer, found)
    }
  }
  return [...found].sort(byKey).map(([, backend]) => backend)
}

function gather(
  slice: EndpointSlice,
  port: number,
  family: Family,
  { weights }: Answer,
  found: Map<string, Backend>,
): void {
  const weightOfSlice = weightOf(slice)
  for (const endpoint of slice.endpoints) {
    const address = readIP(endpoint.address)?.ip
    if (address === undefined || familyOf(address) !== family) continue
    const key = withPort(address, port)
    // Of one address and port given twice, the later counts, unless it is about to go.
    if (endpoint.terminating && found.has(key)) continue
    const { pod } = endpoint
    const weight = (pod === undefined ? undefined : weights.get(pod)) ?? weightOfSlice
    found.set(key, { address, port, endpoint, weight })
  }
}

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0
}
