import { familyOf, type IP } from '../address/ip.ts'
import { isPort } from '../address/port.ts'
import { directorNoAddress, directorNoNodePort } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import { nameOf } from '../object/metadata.ts'
import { hasNodePorts, type ServicePort } from '../object/service.ts'
import { placeOf } from '../object/written.ts'
import type { Granted } from '../pool/grant.ts'
import { type Backend, backendsOf, compareAddresses } from '../roster/backend.ts'
import { familiesOf } from '../roster/families.ts'
import { type Answer, answerOf, type Roster } from '../roster/roster.ts'
import {
  type Answering,
  causeOf,
  type Front,
  isServable,
  namedFronts,
  realServerOf,
  serverAt,
} from './front.ts'
import { type Settings, settingsOf } from './service-settings.ts'
import type { DirectorView, Target } from './view.ts'
import type { VirtualServer } from './virtual-server.ts'

/**
 * The virtual servers of one Service on a balancer before the nodes: its addresses for the outside,
 * each sending to the nodes. What is for the cluster's own use only is passed over.
 */
export function directorServersOf(
  service: Granted,
  roster: Roster,
  director: DirectorView,
  defaults: Settings,
  report: Report = () => {},
): readonly VirtualServer[] {
  if (!isForOutside(service)) return []
  const settings = settingsOf(service.annotations, defaults)
  const answer = answerOf(roster, service)
  let isReachable = false
  const servers = service.spec.ports.flatMap((port, index) => {
    if (!isServable(port)) return []
    const fronts = frontsOf(service, port, index, director)
    isReachable ||= fronts.length > 0
    if (settings.forwarding === 'masq' && !isPort(port.nodePort)) {
      if (fronts.length > 0) reportNoNodePort(service, port, index, report)
      return []
    }
    return fronts.map((front) => {
      const targets = targetsFor(front, service, port, answer, director)
      const answering = targets.flatMap((it) => answeringOf(it, front, port, settings) ?? [])
      const realServers = onePerAddress(answering).map((it) => realServerOf(it, settings))
      return serverAt(front, port, service, settings, realServers)
    })
  })
  if (!isReachable) reportNoAddress(service, report)
  return servers
}

function isForOutside({ spec }: Granted): boolean {
  if (spec.type === 'ClusterIP') return (spec.externalIPs ?? []).length > 0
  return hasNodePorts(spec.type)
}

/** Addresses of a family that the Service is not of would lead to nodes that do not listen there. */
function frontsOf(
  service: Granted,
  port: ServicePort,
  index: number,
  { vips }: DirectorView,
): readonly Front[] {
  const families = familiesOf(service)
  const cause = causeOf(service, port, 'vip', ['spec', 'ports', index, 'port'])
  const fronts =
    vips.length > 0
      ? vips.map((address) => ({ address, port: port.port, cause }))
      : namedFronts(service, port, () => true)
  return fronts.filter(({ address }) => families.includes(familyOf(address)))
}

/**
 * The nodes that would answer. With the policy `Local` those do that have a ready back end, as their
 * health checks would say; where nobody knows of back ends and their nodes, all of them might.
 */
function targetsFor(
  { address }: Front,
  { spec }: Granted,
  port: ServicePort,
  answer: Answer,
  { targets }: DirectorView,
): readonly Target[] {
  if (spec.externalTrafficPolicy !== 'Local') return targets
  if (answer.by === 'nobody' || answer.by === 'simulation') return targets
  const backends = backendsOf(answer, port, familyOf(address))
  if (backends.length > 0 && backends.every(isNowhere)) return targets
  const ready = backends.filter(({ endpoint }) => endpoint.ready)
  const names = new Set(ready.map(({ endpoint }) => endpoint.nodeName))
  return targets.filter(({ name }) => name === undefined || names.has(name))
}

function isNowhere({ endpoint }: Backend): boolean {
  return endpoint.nodeName === undefined
}

/**
 * How a node is asked. With `masq` it is asked on the node port, like by any client. With `route` and
 * `tunnel` the packet still has the address and port that the client asked for: the node must have
 * that address (on an interface that does not answer ARP for it) and a virtual server of its own
 * there, which `nodeport apply` gives it from the same manifests; for `tunnel`, an IPIP interface
 * besides.
 */
function answeringOf(
  target: Target,
  front: Front,
  { nodePort }: ServicePort,
  { forwarding }: Settings,
): Answering | undefined {
  const family = familyOf(front.address)
  const address = target.addresses.find((ip) => familyOf(ip) === family)
  if (address === undefined) return undefined
  const port = forwarding === 'masq' ? nodePort : front.port
  return { address, port, weight: target.weight, name: target.name }
}

/** In the order of their text, as on the nodes. */
function onePerAddress(answering: readonly Answering[]): readonly Answering[] {
  const byAddress = new Map<IP, Answering>()
  for (const it of answering) if (!byAddress.has(it.address)) byAddress.set(it.address, it)
  return [...byAddress.values()].sort(compareAddresses)
}

function reportNoAddress(service: Granted, report: Report): void {
  const { origin } = service
  report(directorNoAddress(nameOf(service)).at(origin && placeOf(origin, ['spec', 'type'])))
}

function reportNoNodePort(
  service: Granted,
  { name, port }: ServicePort,
  index: number,
  report: Report,
): void {
  const { origin } = service
  const place = origin && placeOf(origin, ['spec', 'ports', index])
  report(directorNoNodePort(nameOf(service), name === '' ? String(port) : name).at(place))
}
