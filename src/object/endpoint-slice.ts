import type { Fields } from '../manifest/document.ts'
import { type KubernetesObject, list, map, readMetadata, text, texts } from './metadata.ts'
import type { Origin } from './written.ts'

/** Back ends of a Service, as somebody or some controller wrote them down. */
export interface EndpointSlice extends KubernetesObject {
  /** The Service it belongs to, by its label. */
  readonly service: string | undefined
  readonly addressType: string
  readonly ports: readonly SlicePort[]
  readonly endpoints: readonly Endpoint[]
}

export interface SlicePort {
  readonly name: string
  readonly protocol: string
  /** Absent where every port is meant, which no proxy serves. */
  readonly port: number | undefined
  readonly appProtocol: string | undefined
}

/**
 * There can be a million of these, so each has the same shape and no more than is needed. Conditions
 * that were not given are filled in as kube-proxy does: ready, serving, not terminating.
 */
export interface Endpoint {
  /** The first address: the only one that proxies use. */
  readonly address: string
  readonly otherAddresses: readonly string[] | undefined
  readonly ready: boolean
  readonly serving: boolean
  readonly terminating: boolean
  readonly nodeName: string | undefined
  readonly zone: string | undefined
  readonly hints: Hints | undefined
  /** The name of the pod behind it, if there is one. */
  readonly pod: string | undefined
}

export interface Hints {
  readonly zones: readonly string[]
  readonly nodes: readonly string[]
}

export const serviceNameLabel = 'kubernetes.io/service-name'

export function readEndpointSlice(
  fields: Fields,
  namespace: string,
  origin: Origin,
): EndpointSlice {
  const metadata = readMetadata(fields, namespace, origin)
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    labels: metadata.labels,
    annotations: metadata.annotations,
    origin,
    service: text(metadata.labels[serviceNameLabel]),
    addressType: text(fields.addressType) ?? '',
    ports: list(fields.ports).map(readPort),
    endpoints: list(fields.endpoints).map(readEndpoint),
  }
}

function readPort(fields: Fields): SlicePort {
  return {
    name: text(fields?.name) ?? '',
    protocol: text(fields?.protocol) ?? 'TCP',
    port: (fields?.port ?? undefined) as number | undefined,
    appProtocol: text(fields?.appProtocol),
  }
}

function readEndpoint(fields: Fields): Endpoint {
  const addresses = texts(fields?.addresses)
  const conditions = map(fields?.conditions)
  const reference = map(fields?.targetRef)
  return {
    address: addresses[0] ?? '',
    otherAddresses: addresses.length > 1 ? addresses.slice(1) : undefined,
    ready: (conditions.ready ?? true) as boolean,
    serving: (conditions.serving ?? true) as boolean,
    terminating: (conditions.terminating ?? false) as boolean,
    nodeName: text(fields?.nodeName),
    zone: text(fields?.zone),
    hints: readHints(fields?.hints),
    pod: reference.kind === 'Pod' ? text(reference.name) : undefined,
  }
}

function readHints(value: unknown): Hints | undefined {
  if (value === undefined) return undefined
  const hints = map(value)
  const names = (entries: unknown): string[] =>
    list(entries).map((entry) => text(entry?.name) ?? '')
  const zones = names(hints.forZones)
  const nodes = names(hints.forNodes)
  return zones.length + nodes.length === 0 ? undefined : { zones, nodes }
}
