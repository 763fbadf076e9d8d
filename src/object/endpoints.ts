import type { Fields } from '../manifest/document.ts'
import { type KubernetesObject, list, map, readMetadata, text } from './metadata.ts'
import type { Origin } from './written.ts'

/** The older form of EndpointSlices: back ends of the Service of the same name. */
export interface Endpoints extends KubernetesObject {
  readonly subsets: readonly EndpointSubset[]
}

export interface EndpointSubset {
  readonly addresses: readonly EndpointAddress[]
  readonly notReadyAddresses: readonly EndpointAddress[]
  readonly ports: readonly EndpointPort[]
}

export interface EndpointAddress {
  readonly ip: string
  readonly nodeName: string | undefined
  readonly pod: string | undefined
}

export interface EndpointPort {
  readonly name: string
  readonly protocol: string
  readonly port: number
  readonly appProtocol: string | undefined
}

export function readEndpoints(fields: Fields, namespace: string, origin: Origin): Endpoints {
  const metadata = readMetadata(fields, namespace, origin)
  const subsets = list(fields.subsets).map((subset) => ({
    addresses: list(subset?.addresses).map(readAddress),
    notReadyAddresses: list(subset?.notReadyAddresses).map(readAddress),
    ports: list(subset?.ports).map(readPort),
  }))
  return { ...metadata, subsets }
}

function readAddress(fields: Fields): EndpointAddress {
  const reference = map(fields?.targetRef)
  return {
    ip: text(fields?.ip) ?? '',
    nodeName: text(fields?.nodeName),
    pod: reference.kind === 'Pod' ? text(reference.name) : undefined,
  }
}

function readPort(fields: Fields): EndpointPort {
  return {
    name: text(fields?.name) ?? '',
    protocol: text(fields?.protocol) ?? 'TCP',
    port: (fields?.port ?? 0) as number,
    appProtocol: text(fields?.appProtocol),
  }
}
