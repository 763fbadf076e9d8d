import { nameOf } from '../../object/metadata.ts'
import { isHeadless, isReachableFromOutside } from '../../object/service.ts'
import type { Granted } from '../../pool/grant.ts'
import { type Backend, backendsOf } from '../../roster/backend.ts'
import { clusterIPsOf, familiesOf } from '../../roster/families.ts'
import { internalIPs } from '../../roster/node-ips.ts'
import { type Answer, answerOf, type Roster } from '../../roster/roster.ts'
import { serversByService } from '../../table/by-service.ts'
import { choose } from '../../table/choice.ts'
import type { NodeView } from '../../table/view.ts'
import { protocolNames, type VirtualServer } from '../../table/virtual-server.ts'
import type { Situation } from '../../table/way.ts'
import type {
  Graph,
  GraphArrival,
  GraphNode,
  GraphPort,
  GraphService,
  GraphTarget,
} from './model.ts'

/** The picture of all nodes together: to none of them is anybody local, so nobody is left out. */
export function graphOfCluster(title: string, situation: Situation): Graph {
  const { cluster, view } = situation
  const known = cluster.nodes.map((node) => ({ name: node.name, addresses: internalIPs(node) }))
  const own = view.role === 'node' ? view.addresses : []
  const nodes = known.length > 0 ? known : [{ name: 'node', addresses: own }]
  return { title, nodes, services: servicesSeen(situation, anyNode) }
}

const anyNode: NodeView = { role: 'node', name: '', zone: undefined, addresses: [] }

/** The picture of one node, or of the director before them. */
export function graphOfView(title: string, situation: Situation): Graph {
  const { view } = situation
  if (view.role === 'director') return { title, nodes: [], services: servicesDirected(situation) }
  const nodes: GraphNode[] = [{ name: view.name, addresses: view.addresses }]
  return { title, nodes, services: servicesSeen(situation, view) }
}

function servicesSeen(situation: Situation, node: NodeView): readonly GraphService[] {
  return inOrder(situation.granteds)
    .filter(({ spec }) => spec.type !== 'ExternalName')
    .map((service) => ({
      ...headOf(service),
      ports: portsOf(service),
      targets: targetsOf(service, situation, node),
    }))
}

function inOrder(granteds: readonly Granted[]): readonly Granted[] {
  const keyed = granteds.map((service) => ({ service, key: nameOf(service) }))
  return keyed
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ service }) => service)
}

function headOf({
  namespace,
  name,
  spec,
}: Granted): Pick<GraphService, 'namespace' | 'name' | 'type'> {
  return { namespace, name, type: spec.type }
}

function portsOf(service: Granted): readonly GraphPort[] {
  const { spec, ingress } = service
  const balancers = ingress.flatMap(({ ip, ipMode }) => (ipMode === 'Proxy' ? [] : (ip ?? [])))
  const externalIPs = [...new Set([...(spec.externalIPs ?? []), ...balancers])]
  return spec.ports.map(({ protocol, port, nodePort }) => ({
    protocol,
    port,
    clusterIPs: clusterIPsOf(service),
    nodePort: nodePort || undefined,
    externalIPs,
  }))
}

/** Those whom packets from outside reach or, where none can come in, those from inside. */
function targetsOf(
  service: Granted,
  { roster }: Situation,
  node: NodeView,
): readonly GraphTarget[] {
  const { spec } = service
  const answer = answerSeen(service, roster)
  const isAccessible = isReachableFromOutside(spec.type, spec.externalIPs)
  const reached = spec.ports.flatMap((port) =>
    familiesOf(service).flatMap((family) => {
      const { internal, external } = choose(
        backendsOf(answer, port, family),
        spec,
        isAccessible,
        node,
      )
      return isAccessible ? external : internal
    }),
  )
  return merged(reached.map((backend) => targetAt(backend, answer.by === 'simulation')))
}

/** No proxy looks at the slices of a headless Service, but clients find its pods by them. */
function answerSeen(service: Granted, roster: Roster): Answer {
  const answer = answerOf(roster, service)
  if (!isHeadless(service)) return answer
  return { ...answer, slices: answer.slices.map((slice) => ({ ...slice, labels: {} })) }
}

function targetAt(
  { address, port, weight = 1, endpoint }: Backend,
  simulated: boolean,
): GraphTarget {
  return { name: endpoint.pod ?? '', address, simulated, arrivals: [{ port, weight }] }
}

/** A director's table knows who is asked, and for what. */
function servicesDirected({ granteds, table }: Situation): readonly GraphService[] {
  const byService = serversByService(table)
  return inOrder(granteds).flatMap((service) => {
    const servers = byService.get(nameOf(service))
    if (servers === undefined) return []
    const targets = servers.flatMap(({ realServers }) =>
      realServers.map(({ name = '', address, port, weight }) => {
        return { name, address, simulated: false, arrivals: [{ port, weight }] }
      }),
    )
    return { ...headOf(service), ports: servers.map(portDirected), targets: merged(targets) }
  })
}

function portDirected({ protocol, port, address }: VirtualServer): GraphPort {
  return {
    protocol: protocolNames.get(protocol) ?? String(protocol),
    port,
    clusterIPs: [],
    nodePort: undefined,
    externalIPs: [address],
  }
}

/** One target for each name, with all its addresses and everything that arrives there. */
function merged(targets: readonly GraphTarget[]): readonly GraphTarget[] {
  const byName = new Map<string, GraphTarget[]>()
  for (const target of targets) {
    const key = target.name || target.address
    const others = byName.get(key)
    if (others === undefined) byName.set(key, [target])
    else others.push(target)
  }
  return [...byName].map(([name, alike]) => ({
    name,
    address: [...new Set(alike.map(({ address }) => address))].join(', '),
    simulated: alike.some(({ simulated }) => simulated),
    arrivals: eachOnce(alike.flatMap(({ arrivals }) => arrivals)),
  }))
}

function eachOnce(arrivals: readonly GraphArrival[]): readonly GraphArrival[] {
  return [...new Map(arrivals.map((it) => [`${it.port} ${it.weight}`, it])).values()]
}
