import { contains, parseBlock } from '../address/cidr.ts'
import { familyOf, type IP, ipIn, parseIP } from '../address/ip.ts'
import type { Entry, HeldServer, HeldTerrain, Ledger } from '../ledger/ledger.ts'
import type { HostAddress } from '../table/node-addresses.ts'
import { distinctBlocks, emptySets, type Sets, type Treatment, withServer } from './sets.ts'

/**
 * The host's part: what a machine must be besides its table of virtual servers for packets to get
 * through it. All of it follows from the ledger and from what else the machine has.
 */
export interface Terrain {
  /** The interface that has the addresses of Services. It leads nowhere, and stays down. */
  readonly interface: string
  readonly addresses: ReadonlySet<IP>
  /** By name, such as `net.ipv4.ip_forward`. */
  readonly sysctls: ReadonlyMap<string, string>
  /** Whose packets are masqueraded, and what is not let in. */
  readonly sets: Sets
}

/** What the machine has that is not ours. */
export interface Surroundings {
  /** Its addresses on other interfaces than ours. */
  readonly own: ReadonlySet<IP>
  /** The interfaces behind which real servers are. */
  readonly segments: readonly Segment[]
  /** Such as `6.1.0-18-amd64`. */
  readonly release: string
}

export interface Segment {
  readonly interface: string
  /** The blocks of addresses on it, as texts. */
  readonly blocks: readonly string[]
}

/** The terrain that a ledger asks for; nothing where no Service is in it. */
export function terrainFor(
  ledger: Ledger,
  held: HeldTerrain,
  around: Surroundings,
): Terrain | undefined {
  const draft = { addresses: new Set<IP>(), sets: emptySets(), families: new Set<string>() }
  let isWanted = false
  for (const { service, servers } of ledger.entries.values()) {
    // Whoever writes rules by hand looks after the host by hand.
    if (service === undefined) continue
    isWanted = true
    const policy = policyOf(service)
    for (const server of servers) addServer(server, policy, held, around, draft)
  }
  if (!isWanted) return undefined
  const { addresses, sets, families } = draft
  const blocks = held.podCIDRs.flatMap((text) => parseBlock(text) ?? [])
  for (const { base, bits } of distinctBlocks(blocks)) {
    sets[familyOf(base) === 'IPv4' ? 'pods4' : 'pods6'].set(`${base}/${bits}`, '')
  }
  for (const { interface: name } of around.segments) {
    sets.segments.set(`"${name}" . "${name}"`, '')
  }
  return {
    interface: held.interface,
    addresses,
    sysctls: sysctlsFor(families, around),
    sets,
  }
}

/** The addresses on which a ledger's Services answer, but for those of the machine. */
export function serviceAddressesIn({ entries }: Ledger): ReadonlySet<IP> {
  const all = new Set<IP>()
  for (const { service, servers } of entries.values()) {
    if (service === undefined) continue
    for (const { kind, address = '' } of servers) {
      const ip = kind === undefined || kind === 'nodePort' ? undefined : parseIP(address)
      if (ip !== undefined) all.add(ip)
    }
  }
  return all
}

/** What a machine has without us: node ports never answer on what is there for Services. */
export function withoutOurs(
  addresses: readonly HostAddress[],
  ledger: Ledger,
): readonly HostAddress[] {
  const { terrain } = ledger
  if (terrain === undefined) return addresses
  const { interface: ours, found } = terrain
  const brought = serviceAddressesIn(ledger)
  return addresses.filter(({ interface: name, address }) => {
    if (name !== ours) return true
    const ip = ipIn(address)
    return ip !== undefined && found !== undefined && (found.includes(ip) || !brought.has(ip))
  })
}

/** What our interface had before us is the machine's own. */
export function withFound(around: Surroundings, { found = [] }: HeldTerrain): Surroundings {
  if (found.length === 0) return around
  return { ...around, own: new Set([...around.own, ...found.flatMap((ip) => parseIP(ip) ?? [])]) }
}

/**
 * What the host's part has to do with an entry, but for the interfaces behind which its real servers
 * are: two that answer the same need the same. Nothing where it needs nothing.
 */
export function needsOf({ service, servers }: Pick<Entry, 'service' | 'servers'>) {
  if (service === undefined) return undefined
  return {
    policy: policyOf(service),
    servers: servers.map(({ kind, protocol, address, port, realServers }) => {
      return { kind, protocol, address, port, isRewritten: realServers.every(isRewritten) }
    }),
  }
}

/** The addresses of all real servers that a ledger's Services have. */
export function realServersIn({ entries }: Ledger): ReadonlySet<IP> {
  const found = new Set<IP>()
  for (const { service, servers } of entries.values()) {
    if (service === undefined) continue
    for (const { realServers } of servers) {
      for (const real of realServers) {
        const place = typeof real === 'string' ? real : real.at
        const end = place.lastIndexOf(':')
        const ip = parseIP(place[0] === '[' ? place.slice(1, end - 1) : place.slice(0, end))
        if (ip !== undefined) found.add(ip)
      }
    }
  }
  return found
}

interface Policy {
  readonly isLocal: boolean
  /** The only blocks from which a load-balancer address may be asked; empty where all may. */
  readonly ranges: readonly string[]
}

function policyOf(service: Readonly<Record<string, unknown>>): Policy {
  const spec = (service.spec ?? {}) as Readonly<Record<string, unknown>>
  const ranges = Array.isArray(spec.loadBalancerSourceRanges) ? spec.loadBalancerSourceRanges : []
  return {
    isLocal: spec.externalTrafficPolicy === 'Local',
    ranges: ranges.map((range) => String(range).trim()),
  }
}

interface Draft {
  readonly addresses: Set<IP>
  readonly sets: Sets
  /** Those of virtual servers whose packets are rewritten. */
  readonly families: Set<string>
}

function addServer(
  server: HeldServer,
  { isLocal, ranges }: Policy,
  { role }: HeldTerrain,
  { own }: Surroundings,
  { addresses, sets, families }: Draft,
): void {
  const { kind, protocol = 'TCP', port = 0 } = server
  const address = parseIP(server.address ?? '')
  if (address === undefined || kind === undefined) return
  const family = familyOf(address)
  const isOurs = kind !== 'nodePort' && !own.has(address)
  if (isOurs) addresses.add(address)
  const treatment = treatmentOf(server, isLocal, role)
  if (treatment !== undefined) families.add(family)
  const blocks = kind === 'loadBalancer' ? ranges.flatMap((text) => parseBlock(text) ?? []) : []
  withServer(sets, {
    key: `${address} . ${protocol.toLowerCase()} . ${port}`,
    address,
    treatment,
    isGuarded: isOurs,
    from: distinctBlocks(blocks.filter(({ base }) => familyOf(base) === family)),
  })
}

/** What is done to the source of packets; nothing where they are sent on as they are. */
function treatmentOf(
  { kind, realServers }: HeldServer,
  isLocal: boolean,
  role: HeldTerrain['role'],
): Treatment | undefined {
  if (!realServers.every(isRewritten)) return undefined
  // What nodes answer to a director must come back to it.
  if (role === 'director') return 'cluster'
  if (kind === 'clusterIP') return 'clusterip'
  return isLocal ? 'local' : 'cluster'
}

/** Packets to it get its address, as those that are sent on as they are do not. */
function isRewritten(real: HeldServer['realServers'][number]): boolean {
  return typeof real === 'string' || !real.forwarding
}

/** The settings of the kernel that are needed, and no others. */
export function sysctlsFor(
  families: ReadonlySet<string>,
  { release }: Pick<Surroundings, 'release'>,
): ReadonlyMap<string, string> {
  const wanted = new Map<string, string>()
  if (families.has('IPv4')) wanted.set('net.ipv4.ip_forward', '1')
  if (families.has('IPv6')) wanted.set('net.ipv6.conf.all.forwarding', '1')
  // Without it no rule of a firewall ever sees what IPVS sends on.
  if (families.size > 0) wanted.set('net.ipv4.vs.conntrack', '1')
  // A client of UDP would send to a pod that has gone until its entry times out.
  wanted.set('net.ipv4.vs.expire_nodest_conn', '1')
  wanted.set('net.ipv4.vs.expire_quiescent_template', '1')
  wanted.set('net.ipv4.vs.conn_reuse_mode', reuseModeFor(release))
  return wanted
}

/**
 * A port that a client uses again is a new connection. Before Linux 5.9 that costs such a client a
 * second of waiting where connections are tracked, so that there it is the lesser evil to go on.
 */
export function reuseModeFor(release: string): '0' | '1' {
  const [major = 0, minor = 0] = release.split(/[.-]/).map(Number)
  return major > 5 || (major === 5 && minor >= 9) ? '1' : '0'
}

/** Whether an address is in one of these blocks. */
export function isWithin(blocks: readonly string[], ip: IP): boolean {
  return blocks.some((text) => {
    const block = parseBlock(text)
    return block !== undefined && contains(block, ip)
  })
}
