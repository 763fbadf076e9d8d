import { contains, parseBlock } from '../address/cidr.ts'
import { familyOf, type IP } from '../address/ip.ts'
import type { Protocol } from '../address/port.ts'
import {
  Forwarding,
  type RealServer,
  type Table,
  type VirtualServer,
} from '../table/virtual-server.ts'
import { type Packet, serverFor } from '../table/way.ts'
import type { ClosedHook, Examination } from './examination.ts'
import type { Route } from './link.ts'
import type { Sets } from './sets.ts'

// The way of a packet through a machine as it is now: its firewall, its table, its settings and its
// routes, in the order in which a packet meets them. What other machines do is not known here.

export interface Flow {
  readonly source: IP
  readonly packet: Packet
}

/** What a client sees in the end. `waits` is what it does where a packet is dropped. */
export type Fate = 'answered' | 'refused' | 'waits' | 'told that there is no such host'

export interface Course {
  readonly fate: Fate | 'depends'
  /** Where it ends, if no real server is ever asked. */
  readonly end: string | undefined
  /** The ways on, one for each real server that takes new connections. */
  readonly ways: readonly WayOn[]
}

export interface WayOn {
  readonly realServer: RealServer
  readonly fate: Fate
  /** Why it is not answered. */
  readonly why: string | undefined
  /** Whose address the real server sees, where it is reached. */
  readonly seen: IP | undefined
}

/** What is known of a machine for one flow. */
export interface Scene {
  readonly seen: Examination
  /** What the kernel holds. */
  readonly live: Table
  /** The elements of our rules, if they are in place. */
  readonly sets: Sets | undefined
  /** Chains of ours whose rules somebody has changed: what they do now is not known. */
  readonly changed: ReadonlySet<string>
}

/** The way of a flow, up to where it ends or to the real servers. */
export function courseOf(flow: Flow, scene: Scene): Course {
  const { seen, live } = scene
  const { packet, source } = flow
  const isSelf = seen.addresses.has(source)
  const server = serverFor(packet, live)
  const isHere = seen.addresses.has(packet.address)
  if (!isHere && !(isSelf && server !== undefined)) return elsewhere(packet, scene)
  const unwelcome = refusedAt(source, seen)
  if (unwelcome !== undefined) return ended('waits', unwelcome)
  const barred = barredIn(flow, isSelf, server, scene)
  if (barred !== undefined) return barred
  if (server === undefined) return withoutServer(packet, scene)
  const eligible = server.realServers.filter(({ weight }) => weight > 0)
  if (eligible.length === 0) {
    return ended('refused', 'no real server of it takes new connections')
  }
  const ways = eligible.map((realServer) => wayOn(flow, isSelf, realServer, scene))
  const fates = new Set(ways.map(({ fate }) => fate))
  const [only = 'waits'] = fates
  return { fate: fates.size === 1 ? only : 'depends', end: undefined, ways }
}

function ended(fate: Fate, end: string): Course {
  return { fate, end, ways: [] }
}

function elsewhere({ address }: Packet, { seen }: Scene): Course {
  const route = seen.routes.get(address)
  const how =
    typeof route === 'object'
      ? `packets for it go on by ${linkOf(route, seen)}`
      : 'no way leads to it'
  return ended(
    typeof route === 'object' ? 'waits' : 'told that there is no such host',
    `${address} is no address of this machine: ${how}`,
  )
}

/** Why it is dropped where it comes in, before anything looks at where it goes. */
function refusedAt(source: IP, seen: Examination): string | undefined {
  const { arrival, routes } = seen
  if (arrival?.refused === undefined) return undefined
  const { by, refused } = arrival
  if (refused !== 'EXDEV') return `no packet of ${source} may come by ${by} (${refused})`
  const back = linkOf(routes.get(source), seen)
  const how = back === '' ? 'no way leads back' : `answers would go by ${back}`
  return `packets of ${source} that come by ${by} are dropped, since ${how}: rp_filter of ${by} or of all is 1`
}

/** What does not let it in: a firewall, or our own guard. */
function barredIn(
  { packet, source }: Flow,
  isSelf: boolean,
  server: VirtualServer | undefined,
  { seen, sets, changed }: Scene,
): Course | undefined {
  const { protocol, address, port } = packet
  const key = `${address} . ${protocol.toLowerCase()} . ${port}`
  const wall = seen.closedHooks.find((closed) => closed.hook === 'input' && !lets(closed, port))
  // What the machine sends to itself is balanced before it would come in.
  const comesIn = !isSelf || server === undefined
  if (wall !== undefined && comesIn) {
    return ended('waits', `${wall.how} in ${wall.chain} lets no port ${port} in (${wall.seenBy})`)
  }
  if (sets === undefined || changed.has('input') || !comesIn) return undefined
  const isOld = familyOf(address) === 'IPv4'
  const guarded = isOld ? sets.guarded4 : sets.guarded6
  const open = isOld ? sets.open4 : sets.open6
  if (guarded.has(address) && !open.has(key)) {
    return ended('refused', `${address} is of a Service that has no port ${port}`)
  }
  const fenced = isOld ? sets.fenced4 : sets.fenced6
  const allowed = isOld ? sets.allowed4 : sets.allowed6
  if (!fenced.has(key) || isIn(blocksAt(allowed, key), source)) return undefined
  return ended('waits', `${source} is in none of its loadBalancerSourceRanges`)
}

function blocksAt(allowed: ReadonlyMap<string, string>, key: string): readonly string[] {
  const start = `${key} . `
  return [...allowed.keys()].flatMap((element) =>
    element.startsWith(start) ? [element.slice(start.length)] : [],
  )
}

function isIn(blocks: Iterable<string>, ip: IP): boolean {
  for (const text of blocks) {
    const block = parseBlock(text)
    if (block !== undefined && contains(block, ip)) return true
  }
  return false
}

/** Does a closed hook let in what asks for a port? As far as the texts of its rules tell. */
export function lets({ hook, accepting }: ClosedHook, port: number): boolean {
  if (hook === 'input') return accepting.some((rule) => rule === '' || rule.includes(String(port)))
  const fits = hook === 'forward' ? /established/i : /^(?!.*\blo\b)/
  return accepting.some((rule) => rule === '' || fits.test(rule))
}

function withoutServer({ protocol, address, port }: Packet, { seen }: Scene): Course {
  const listener = seen.listeners.find(
    (it) =>
      it.protocol === protocol &&
      it.port === port &&
      (it.address === address || it.address === '0.0.0.0' || it.address === '::'),
  )
  if (listener === undefined) return ended('refused', 'there is no virtual server, and no program')
  const program = listener.program ?? 'a program of this machine'
  return ended('answered', `there is no virtual server: ${program} answers itself`)
}

function wayOn(flow: Flow, isSelf: boolean, realServer: RealServer, scene: Scene): WayOn {
  const { seen } = scene
  const { address } = realServer
  const route = seen.routes.get(address)
  const stopped = (fate: Fate, why: string): WayOn => ({ realServer, fate, why, seen: undefined })
  if (typeof route !== 'object') {
    return stopped('told that there is no such host', `no way leads to it: ${route ?? 'unknown'}`)
  }
  const output = seen.closedHooks.find((closed) => closed.hook === 'output' && !lets(closed, 0))
  if (output !== undefined) return stopped('waits', wallWords(output))
  if (realServer.forwarding !== Forwarding.masq) {
    return { realServer, fate: 'answered', why: undefined, seen: flow.source }
  }
  const said = probed(realServer, flow.packet.protocol, seen)
  if (said === 'refused') return stopped('refused', 'nobody waits for clients there')
  if (said !== 'answers') return stopped('waits', `it does not answer this machine: ${said}`)
  return wayBack(flow, isSelf, { realServer, route }, scene)
}

function probed({ address, port }: RealServer, protocol: Protocol, seen: Examination): string {
  if (protocol !== 'TCP') return 'answers'
  const place = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
  return seen.probes.get(place) ?? 'answers'
}

/** A packet that arrives must be answered this way too. */
function wayBack(
  flow: Flow,
  isSelf: boolean,
  { realServer, route }: { readonly realServer: RealServer; readonly route: Route },
  scene: Scene,
): WayOn {
  const { seen } = scene
  const stopped = (why: string): WayOn => ({ realServer, fate: 'waits', why, seen: undefined })
  if (!isSelf) {
    const closed = closedWay(familyOf(flow.source), route, seen)
    if (closed !== undefined) return stopped(closed)
  }
  if (flow.source === realServer.address && seen.withoutHairpin.length > 0) {
    return stopped('its bridge asks the firewall, and sends nothing back to where it came from')
  }
  const masquerade = masqueradeOf(flow, isSelf, route, scene)
  const isPast = isAnsweredPast(flow, isSelf, route, seen)
  if (!masquerade.isDone && isPast) return stopped(masquerade.why)
  return {
    realServer,
    fate: 'answered',
    why: undefined,
    seen: masquerade.isDone ? route.source : flow.source,
  }
}

/** What keeps this machine from sending answers on. */
function closedWay(family: 'IPv4' | 'IPv6', route: Route, seen: Examination): string | undefined {
  const all = family === 'IPv4' ? 'net.ipv4.ip_forward' : 'net.ipv6.conf.all.forwarding'
  const own = `net.ipv4.conf.${linkOf(route, seen)}.forwarding`
  if (seen.sysctls.get(all) === '0') return `this machine sends nothing on: ${all} = 0`
  if (family === 'IPv4' && !route.isLocal && seen.sysctls.get(own) === '0') {
    return `this machine sends nothing on that comes back there: ${own} = 0`
  }
  const wall = seen.closedHooks.find((closed) => closed.hook === 'forward' && !lets(closed, 0))
  return wall && wallWords(wall)
}

function wallWords({ how, chain, seenBy }: ClosedHook): string {
  return `${how} in ${chain} (${seenBy})`
}

interface Masquerade {
  readonly isDone: boolean
  /** Why it is not. */
  readonly why: string
}

function masqueradeOf(
  { source, packet }: Flow,
  isSelf: boolean,
  route: Route,
  { seen, sets, changed }: Scene,
): Masquerade {
  const past = 'the answer would go past this machine'
  if (seen.sysctls.get('net.ipv4.vs.conntrack') === '0') {
    return {
      isDone: false,
      why: `${past}, and net.ipv4.vs.conntrack = 0 keeps it from masquerading`,
    }
  }
  if (sets === undefined) return { isDone: false, why: `${past}, and nothing masquerades it` }
  const { protocol, address, port } = packet
  const isOld = familyOf(address) === 'IPv4'
  const servers = isOld ? sets.servers4 : sets.servers6
  const treatment = servers.get(`${address} . ${protocol.toLowerCase()} . ${port}`)
  const chain = treatment?.replace('goto ', '') ?? ''
  const spoilt = ['postrouting', chain].find((name) => changed.has(name))
  if (spoilt !== undefined) {
    const why = `${past}, and the chain ${spoilt} of table inet nodeport is not as it was made`
    return { isDone: false, why }
  }
  const pods = isOld ? sets.pods4 : sets.pods6
  const link = linkOf(route, seen)
  const isTurned = !isSelf && linkOf(seen.routes.get(source), seen) === link
  const inSegment = isTurned && sets.segments.has(`"${link}" . "${link}"`)
  const isDone =
    treatment === 'goto cluster' ||
    (treatment === 'goto clusterip' && !isIn(pods.keys(), source)) ||
    (treatment !== undefined && inSegment)
  const why = treatment === undefined ? `${past}, and no rule masquerades it` : past
  return { isDone, why }
}

/** Would the real server answer the source by another way than this machine? */
function isAnsweredPast(
  { source }: Flow,
  isSelf: boolean,
  route: Route,
  { routes, links, addresses }: Examination,
): boolean {
  if (route.isLocal) return false
  if (isSelf) {
    // Others may have the addresses of Services too.
    const own = links.find(({ index }) => index === addresses.get(source))
    return own?.kind === 'dummy' && route.gateway !== undefined
  }
  const back = routes.get(source)
  return typeof back === 'object' && back.index === route.index
}

function linkOf(route: Route | string | undefined, { links }: Examination): string {
  if (typeof route !== 'object') return ''
  return links.find(({ index }) => index === route.index)?.name ?? ''
}
