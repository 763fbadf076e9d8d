import { type Family, familyOf, type IP } from '../address/ip.ts'
import { isPort } from '../address/port.ts'
import { forwardingKeepsPort } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import { annotations } from '../object/annotation.ts'
import type { ServicePort } from '../object/service.ts'
import { placeOf } from '../object/written.ts'
import type { Granted } from '../pool/grant.ts'
import { type Backend, backendsOf } from '../roster/backend.ts'
import { clusterIPsOf } from '../roster/families.ts'
import { type Answer, answerOf, type Roster } from '../roster/roster.ts'
import { choose } from './choice.ts'
import { causeOf, type Front, isServable, namedFronts, realServerOf, serverAt } from './front.ts'
import { type Settings, settingsOf } from './service-settings.ts'
import type { NodeView } from './view.ts'
import type { RealServer, VirtualServer } from './virtual-server.ts'

/**
 * The virtual servers that one Service gets on a node, as kube-proxy's IPVS mode would program them:
 * IPv4 before IPv6, port after port, and for each port the cluster IP, the external addresses and
 * the node ports. A virtual server is there also where nobody answers.
 */
export function virtualServersOf(
  service: Granted,
  roster: Roster,
  node: NodeView,
  defaults: Settings,
  report: Report = () => {},
): readonly VirtualServer[] {
  const clusterIPs = isProxied(service) ? clusterIPsOf(service) : []
  if (clusterIPs.length === 0) return []
  const settings = settingsOf(service.annotations, defaults)
  const answer = answerOf(roster, service)
  return families.flatMap((family) => {
    const clusterIP = clusterIPs.find((ip) => familyOf(ip) === family)
    if (clusterIP === undefined) return []
    return service.spec.ports.flatMap((port, index) => {
      if (!isServable(port)) return []
      const fronts = frontsOf(service, port, index, clusterIP, node)
      const isAccessible = fronts.external.length > 0 || port.nodePort !== 0
      const backends = backendsOf(answer, port, family)
      const { internal, external } = choose(backends, service.spec, isAccessible, node)
      const inside = realServersOf(internal, answer, settings)
      const outside = external === internal ? inside : realServersOf(external, answer, settings)
      const servers = [
        ...(isServedInside(service)
          ? [serverAt(fronts.internal, port, service, settings, inside)]
          : []),
        ...fronts.external.map((front) => serverAt(front, port, service, settings, outside)),
      ]
      if (settings.forwarding === 'masq') return servers
      reportMovedPort(servers, service, index, settings, report)
      return servers.map(keepingPort)
    })
  })
}

const families: readonly Family[] = ['IPv4', 'IPv6']

/** Another proxy may have been asked to look after a Service; an ExternalName needs none. */
function isProxied({ spec, labels }: Granted): boolean {
  return (
    spec.type !== 'ExternalName' &&
    !Object.hasOwn(labels, 'service.kubernetes.io/service-proxy-name')
  )
}

/** A virtual address that was ours before any cluster was need not bring a cluster IP along. */
function isServedInside({ annotations: texts }: Granted): boolean {
  return texts[annotations.serve.name] !== 'external'
}

/** The ways to one Service port: from within the cluster, and from outside. */
interface Fronts {
  readonly internal: Front
  readonly external: readonly Front[]
}

function frontsOf(
  service: Granted,
  port: ServicePort,
  index: number,
  clusterIP: IP,
  { addresses }: NodeView,
): Fronts {
  const path = ['spec', 'ports', index]
  const isOfFamily = (address: IP): boolean => familyOf(address) === familyOf(clusterIP)
  const inner = causeOf(service, port, 'clusterIP', [...path, 'port'])
  // Whoever balances as a proxy wants to see the packets, even those from the nodes.
  const named = namedFronts(service, port, ({ ipMode }) => ipMode !== 'Proxy')
  const external = named.filter(({ address }) => isOfFamily(address))
  if (isPort(port.nodePort)) {
    const cause = causeOf(service, port, 'nodePort', [...path, 'nodePort'])
    for (const address of addresses) {
      if (isOfFamily(address)) external.push({ address, port: port.nodePort, cause })
    }
  }
  return { internal: { address: clusterIP, port: port.port, cause: inner }, external }
}

function realServersOf(
  backends: readonly Backend[],
  { by }: Answer,
  settings: Settings,
): readonly RealServer[] {
  const simulated = by === 'simulation' ? true : undefined
  return backends.map(({ address, port, weight, endpoint }) =>
    realServerOf({ address, port, weight, name: endpoint.pod, simulated }, settings),
  )
}

/**
 * Where packets are not rewritten, they arrive with the port that the client asked for. The kernel
 * would keep another number and never use it; ipvsadm replaces it, and so do we.
 */
function keepingPort(server: VirtualServer): VirtualServer {
  const byAddress = new Map<IP, RealServer>()
  for (const realServer of server.realServers) {
    const { address } = realServer
    if (!byAddress.has(address)) byAddress.set(address, { ...realServer, port: server.port })
  }
  return { ...server, realServers: [...byAddress.values()] }
}

function reportMovedPort(
  servers: readonly VirtualServer[],
  { origin, annotations: texts }: Granted,
  index: number,
  { forwarding }: Settings,
  report: Report,
): void {
  for (const { port, realServers } of servers) {
    const other = realServers.find((realServer) => realServer.port !== port)
    if (other === undefined) continue
    const { name } = annotations.forwarding
    const path =
      name in texts ? ['metadata', 'annotations', name] : ['spec', 'ports', index, 'port']
    const place = origin && placeOf(origin, path)
    report(forwardingKeepsPort(forwarding, port, other.port).at(place))
    return
  }
}
