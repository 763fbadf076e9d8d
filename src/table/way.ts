import { familyOf, type IP } from '../address/ip.ts'
import { type Protocol, protocolNumbers } from '../address/port.ts'
import type { Cluster } from '../object/cluster.ts'
import { nameOf } from '../object/metadata.ts'
import type { Node } from '../object/node.ts'
import type { ServicePort, TrafficPolicy } from '../object/service.ts'
import type { Granted } from '../pool/grant.ts'
import { type Backend, backendsOf } from '../roster/backend.ts'
import { nodeIPs } from '../roster/node-ips.ts'
import { type Answer, answerOf, type Roster } from '../roster/roster.ts'
import { excludeLabel, type NodeView, type Target, takesPart, type View } from './view.ts'
import { Forwarding, type RealServer, type Table, type VirtualServer } from './virtual-server.ts'

/** What somebody sends: the first packet of a connection. */
export interface Packet {
  readonly protocol: Protocol
  readonly address: IP
  readonly port: number
}

/** What a way is looked for in: manifests, and the table that they were compiled to. */
export interface Situation {
  readonly cluster: Cluster
  readonly granteds: readonly Granted[]
  readonly roster: Roster
  readonly view: View
  readonly table: Table
}

/** The way of a packet through a table, and why it is no other. */
export interface Way {
  readonly server: VirtualServer
  readonly service: Granted
  readonly port: ServicePort
  /** Who says who answers. */
  readonly by: Answer['by']
  readonly stops: readonly Stop[]
  readonly leftOut: readonly LeftOut[]
  readonly policy: Policy
  /** Whose address is seen by who answers. */
  readonly source: Source
  /** Why nobody answers, where that is so. */
  readonly why: WhyNobody | undefined
}

/** One that the packet may reach. */
export interface Stop {
  readonly realServer: RealServer
  readonly nodeName: string | undefined
}

/** One that could answer and is not asked. */
export interface LeftOut {
  readonly address: string
  /** Absent for a node that a director leaves out. */
  readonly port: number | undefined
  readonly name: string | undefined
  readonly nodeName: string | undefined
  readonly reason: Reason
  /** The zones or nodes that hints keep it for. */
  readonly keptFor: readonly string[]
}

export type Reason =
  | 'not-ready'
  | 'terminating'
  | 'not-local'
  | 'other-zone'
  | 'other-node'
  | 'excluded'
  | 'no-address'
  | 'no-local-endpoint'

export interface Policy {
  readonly field: 'internalTrafficPolicy' | 'externalTrafficPolicy'
  readonly value: TrafficPolicy
  /** `elsewhere`: it should be local, but nobody is there, so all the others are asked. */
  readonly scope: 'cluster' | 'local' | 'elsewhere' | 'nobody'
  /** Hints keep the packet near. */
  readonly near: 'zone' | 'node' | undefined
  /** Nobody is ready, so those that are about to go still answer. */
  readonly lastResort: boolean
}

/** `insider`: that of a pod stays, that of anybody else becomes the node's. */
export type Source = 'client' | 'node' | 'insider'

export type WhyNobody = 'no-slices' | 'no-pods' | 'no-port' | 'none-usable'

/** The virtual server that takes a packet in. */
export function serverFor(
  { protocol, address, port }: Packet,
  table: Table,
): VirtualServer | undefined {
  const number = protocolNumbers[protocol]
  return table.find(
    (it) => it.fwmark === 0 && it.protocol === number && it.address === address && it.port === port,
  )
}

/** Why a virtual server is there and whom it leads to; nothing where no manifest asked for it. */
export function wayThrough(server: VirtualServer, situation: Situation): Way | undefined {
  const { cause } = server
  const service = situation.granteds.find((granted) => nameOf(granted) === cause?.service)
  const port = service?.spec.ports.find((it) => (it.name || String(it.port)) === cause?.port)
  if (service === undefined || port === undefined) return undefined
  const { roster, view } = situation
  const answer = answerOf(roster, service)
  const backends = backendsOf(answer, port, server.family)
  const found = { server, service, port, by: answer.by }
  const why = whyNobody(server, service, answer, backends)
  return view.role === 'director'
    ? { ...found, ...throughDirector(server, service, situation), why }
    : { ...found, ...throughNode(server, service, backends, view), why }
}

type Course = Pick<Way, 'stops' | 'leftOut' | 'policy' | 'source'>

function throughNode(
  server: VirtualServer,
  service: Granted,
  backends: readonly Backend[],
  node: NodeView,
): Course {
  const byAddress = new Map(backends.map((backend) => [keyOf(server, backend), backend]))
  const stops = server.realServers.map((realServer) => ({
    realServer,
    nodeName: byAddress.get(keyOf(server, realServer))?.endpoint.nodeName,
  }))
  const asked = new Set(server.realServers.map((it) => keyOf(server, it)))
  const chosen = backends.filter((backend) => asked.has(keyOf(server, backend)))
  const others = backends.filter((backend) => !asked.has(keyOf(server, backend)))
  const policy = policyFor(server, service, chosen, others, node)
  const leftOut = others.map((backend) => leftOutBy(policy, backend, node))
  return { stops, leftOut, policy, source: sourceSeen(server, policy) }
}

/** Where packets are not rewritten, a real server goes by its address alone. */
function keyOf(server: VirtualServer, { address, port }: { address: IP; port: number }): string {
  const isRewritten = server.realServers.every(({ forwarding }) => forwarding === Forwarding.masq)
  return isRewritten ? `${address} ${port}` : address
}

function policyFor(
  server: VirtualServer,
  { spec }: Granted,
  chosen: readonly Backend[],
  others: readonly Backend[],
  { name }: NodeView,
): Policy {
  const field = isInside(server) ? 'internalTrafficPolicy' : 'externalTrafficPolicy'
  const value = spec[field] ?? 'Cluster'
  const isLocal = chosen.some(({ endpoint }) => endpoint.nodeName === name)
  const scope =
    value === 'Cluster'
      ? 'cluster'
      : chosen.length === 0
        ? 'nobody'
        : isLocal
          ? 'local'
          : 'elsewhere'
  const isNarrowed = scope !== 'local' && others.some(({ endpoint }) => endpoint.ready)
  const forUs = chosen.every(({ endpoint }) => endpoint.hints?.nodes.includes(name))
  const lastResort = chosen.some(({ endpoint }) => !endpoint.ready)
  const near = isNarrowed && chosen.length > 0 ? (forUs ? 'node' : 'zone') : undefined
  return { field, value, scope, near, lastResort }
}

function leftOutBy({ scope, near }: Policy, backend: Backend, { name }: NodeView): LeftOut {
  const { address, port, endpoint } = backend
  const { nodeName, hints, ready, serving, terminating } = endpoint
  const facts = { address, port, name: endpoint.pod, nodeName }
  const isAway = (scope === 'local' || scope === 'nobody') && nodeName !== name
  if (terminating && !ready) return { ...facts, reason: 'terminating', keptFor: [] }
  if (!ready || !serving) return { ...facts, reason: 'not-ready', keptFor: [] }
  if (isAway) return { ...facts, reason: 'not-local', keptFor: [] }
  return near === 'node'
    ? { ...facts, reason: 'other-node', keptFor: hints?.nodes ?? [] }
    : { ...facts, reason: 'other-zone', keptFor: hints?.zones ?? [] }
}

/** As kube-proxy has it: what is not rewritten twice must be answered past the node. */
function sourceSeen(server: VirtualServer, { value }: Policy): Source {
  if (server.realServers.some(({ forwarding }) => forwarding !== Forwarding.masq)) return 'client'
  if (isInside(server)) return 'insider'
  return value === 'Local' ? 'client' : 'node'
}

function isInside({ cause }: VirtualServer): boolean {
  return cause?.kind === 'clusterIP'
}

function throughDirector(
  server: VirtualServer,
  { spec }: Granted,
  { cluster, view }: Situation,
): Course {
  const stops = server.realServers.map((realServer) => ({ realServer, nodeName: realServer.name }))
  const asked = new Set(stops.map(({ nodeName }) => nodeName))
  const targets = view.role === 'director' ? view.targets : []
  const leftOut = cluster.nodes
    .filter(({ name }) => !asked.has(name))
    .flatMap((node) => nodeLeftOut(node, targets, server) ?? [])
  const value = spec.externalTrafficPolicy ?? 'Cluster'
  const scope = value === 'Local' ? 'local' : 'cluster'
  const policy: Policy = {
    field: 'externalTrafficPolicy',
    value,
    scope,
    near: undefined,
    lastResort: false,
  }
  return { stops, leftOut, policy, source: 'client' }
}

/** Nothing of a node that could take part: then somebody named others by hand. */
function nodeLeftOut(
  node: Node,
  targets: readonly Target[],
  { family }: VirtualServer,
): LeftOut | undefined {
  const [address = ''] = nodeIPs(node)
  const facts = { address, port: undefined, name: node.name, nodeName: node.name, keptFor: [] }
  const target = targets.find(({ name }) => name === node.name)
  if (target !== undefined) {
    const hasAddress = target.addresses.some((ip) => familyOf(ip) === family)
    return { ...facts, reason: hasAddress ? 'no-local-endpoint' : 'no-address' }
  }
  if (takesPart(node)) return undefined
  return { ...facts, reason: Object.hasOwn(node.labels, excludeLabel) ? 'excluded' : 'not-ready' }
}

function whyNobody(
  { realServers }: VirtualServer,
  { spec }: Granted,
  { slices }: Answer,
  backends: readonly Backend[],
): WhyNobody | undefined {
  if (realServers.length > 0) return undefined
  if (backends.length > 0) return 'none-usable'
  if (slices.some(({ endpoints }) => endpoints.length > 0)) return 'no-port'
  return spec.selector === undefined ? 'no-slices' : 'no-pods'
}
