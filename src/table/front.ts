import { familyOf, type IP, ipIn } from '../address/ip.ts'
import { isPort, isProtocol, protocolNumbers } from '../address/port.ts'
import type { Path } from '../manifest/document.ts'
import { nameOf } from '../object/metadata.ts'
import type { Ingress, Service, ServicePort } from '../object/service.ts'
import { placeOf } from '../object/written.ts'
import type { Settings } from './service-settings.ts'
import {
  type Cause,
  Flag,
  Forwarding,
  fullNetmask,
  type RealServer,
  type VirtualServer,
} from './virtual-server.ts'

/** Where clients come in: what a virtual server is before it has real servers. */
export interface Front {
  readonly address: IP
  readonly port: number
  readonly cause: Cause
}

/** Whether IPVS could serve a port; what the API server refuses is reported where that is checked. */
export function isServable({ protocol, port }: ServicePort): boolean {
  return isProtocol(protocol) && isPort(port)
}

/** Why a virtual server is there, and the way to where that is written. */
export function causeOf(
  service: Service,
  { name, port }: ServicePort,
  kind: Cause['kind'],
  path: Path,
): Cause {
  const { origin } = service
  const place = origin && placeOf(origin, path)
  return { service: nameOf(service), port: name === '' ? String(port) : name, kind, place }
}

/** The addresses for the outside that a Service names itself: on all of them it has the same ports. */
export function namedFronts(
  service: Service,
  port: ServicePort,
  counts: (ingress: Ingress) => boolean,
): Front[] {
  const fronts: Front[] = []
  const add = (text: string, kind: Cause['kind'], path: Path): void => {
    const address = ipIn(text)
    if (address === undefined) return
    fronts.push({ address, port: port.port, cause: causeOf(service, port, kind, path) })
  }
  for (const [index, text] of (service.spec.externalIPs ?? []).entries()) {
    add(text, 'externalIP', ['spec', 'externalIPs', index])
  }
  for (const [index, ingress] of service.ingress.entries()) {
    if (ingress.ip === undefined || !counts(ingress)) continue
    add(ingress.ip, 'loadBalancer', ['status', 'loadBalancer', 'ingress', index, 'ip'])
  }
  return fronts
}

/** The virtual server of a front; scheduler and affinity are the same on all fronts of a Service. */
export function serverAt(
  { address, port, cause }: Front,
  { protocol }: ServicePort,
  { spec }: Service,
  { scheduler, schedulerFlags }: Settings,
  realServers: readonly RealServer[],
): VirtualServer {
  const family = familyOf(address)
  const sticky = spec.sessionAffinity === 'ClientIP'
  const seconds = spec.sessionAffinityConfig?.clientIP.timeoutSeconds ?? defaultTimeout
  return {
    family,
    protocol: protocolNumbers[protocol],
    address,
    port,
    fwmark: 0,
    scheduler,
    flags: schedulerFlags | (sticky ? Flag.persistent : 0),
    timeout: sticky ? seconds : 0,
    netmask: fullNetmask[family],
    engine: undefined,
    realServers,
    cause,
  }
}

/** Three hours, as the API server fills in. */
const defaultTimeout = 10_800

/** One that answers: its address, and what is known of it. */
export interface Answering {
  readonly address: IP
  readonly port: number
  readonly weight: number | undefined
  readonly name: string | undefined
  readonly simulated?: true | undefined
}

export function realServerOf(
  { address, port, weight = 1, name, simulated }: Answering,
  { forwarding, upperThreshold, lowerThreshold }: Settings,
): RealServer {
  return {
    address,
    port,
    forwarding: Forwarding[forwarding],
    weight,
    upperThreshold,
    lowerThreshold,
    tunnel: forwarding === 'tunnel' ? plainTunnel : undefined,
    name,
    simulated,
  }
}

const plainTunnel = { type: 0, port: 0, flags: 0 }
