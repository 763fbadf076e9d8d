import { type IP, ipIn, withPort } from '../address/ip.ts'
import { isPort, isProtocol } from '../address/port.ts'
import type { Claimant } from '../diagnostic/complaints.ts'
import type { Place } from '../diagnostic/source.ts'
import type { Path } from '../manifest/document.ts'
import { nameOf } from '../object/metadata.ts'
import { isHeadless, type Service, type ServicePort } from '../object/service.ts'
import type { Granted } from '../pool/grant.ts'
import { clusterIPsOf } from '../roster/families.ts'
import { at } from './surveyed.ts'

/** One way in that a Service port asks for: an address and a port. */
export interface Claim extends Claimant {
  readonly kind: (typeof kinds)[number]
  /** `TCP 203.0.113.5:80` */
  readonly identity: string
  readonly address: IP
  readonly place: Place | undefined
}

/** In the order in which they win: what was handed out goes before what was merely named. */
const kinds = ['clusterIP', 'nodePort', 'loadBalancer', 'externalIP'] as const

/** Who keeps a way in that several ask for, the first of them in this order, as in the table. */
export function compareClaims(a: Claim, b: Claim): number {
  if (a.kind !== b.kind) return kinds.indexOf(a.kind) - kinds.indexOf(b.kind)
  if (a.service !== b.service) return a.service < b.service ? -1 : 1
  return a.port < b.port ? -1 : a.port > b.port ? 1 : 0
}

/** The ways in that a Service names itself, whether or not the pools granted it anything. */
export function externalClaims(service: Service): readonly Claim[] {
  const { spec, ingress } = service
  if (spec.externalIPs === undefined && spec.loadBalancerIP === undefined && ingress.length === 0) {
    return []
  }
  if (!isProxied(service)) return []
  return spec.ports.flatMap((port) => {
    const claim = (text: string | undefined, kind: Claim['kind'], path: Path): Claim[] => {
      const address = ipIn(text ?? '')
      return address === undefined ? [] : claimOf(service, port, kind, address, port.port, path)
    }
    return [
      ...(spec.externalIPs ?? []).flatMap((text, index) =>
        claim(text, 'externalIP', ['spec', 'externalIPs', index]),
      ),
      ...claim(spec.loadBalancerIP, 'loadBalancer', ['spec', 'loadBalancerIP']),
      // Whoever balances as a proxy has a port of its own to tell Services apart by.
      ...ingress.flatMap(({ ip, ipMode }, index) =>
        ipMode === 'Proxy'
          ? []
          : claim(ip, 'loadBalancer', ['status', 'loadBalancer', 'ingress', index, 'ip']),
      ),
    ]
  })
}

/** The ways in that the pools granted a Service, on those of its addresses that are asked about. */
export function grantedClaims(
  service: Granted,
  isAsked: (ip: IP) => boolean,
  nodes: readonly IP[],
): readonly Claim[] {
  const clusterIPs = clusterIPsOf(service).filter(isAsked)
  if (clusterIPs.length + nodes.length === 0 || !isProxied(service)) return []
  return service.spec.ports.flatMap((port, index) => {
    const path = (field: string): Path => ['spec', 'ports', index, field]
    return [
      ...clusterIPs.flatMap((ip) =>
        claimOf(service, port, 'clusterIP', ip, port.port, path('port')),
      ),
      ...nodes.flatMap((ip) =>
        claimOf(service, port, 'nodePort', ip, port.nodePort, path('nodePort')),
      ),
    ]
  })
}

function claimOf(
  service: Service,
  { name, port, protocol }: ServicePort,
  kind: Claim['kind'],
  address: IP,
  number: number,
  path: Path,
): Claim[] {
  if (!isPort(number) || !isProtocol(protocol)) return []
  const identity = `${protocol} ${withPort(address, number)}`
  const of = { service: nameOf(service), port: name === '' ? String(port) : name }
  return [{ ...of, kind, identity, address, place: at(service, path) }]
}

function isProxied(service: Service): boolean {
  const label = 'service.kubernetes.io/service-proxy-name'
  const { spec, labels } = service
  return spec.type !== 'ExternalName' && !isHeadless(service) && !Object.hasOwn(labels, label)
}
