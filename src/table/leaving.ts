import { withPort } from '../address/ip.ts'
import { protocolNumbers } from '../address/port.ts'
import { type Draining, type Entry, type HeldServer, placeOf } from '../ledger/ledger.ts'
import { identityOf, type RealServer, type VirtualServer } from './virtual-server.ts'

/** What becomes of the real servers that are in the kernel and that nobody asks for. */
export interface Leavers {
  /** They get no new connections, and go on with those that they have. */
  readonly leavers: readonly Leaver[]
  /** Somebody else put them there: they stay. */
  readonly strangers: readonly RealServer[]
}

interface Leaver {
  readonly realServer: RealServer
  readonly draining: Draining
}

/** Those that drain already, by virtual server and real server. */
export type KnownDraining = ReadonlyMap<string, Draining>

export function knownDraining(entries: Iterable<Entry>): KnownDraining {
  const known = new Map<string, Draining>()
  for (const { draining = [] } of entries) {
    for (const one of draining) known.set(`${one.server} ${one.realServer}`, one)
  }
  return known
}

export interface DrainRules {
  readonly now: Date
  /** How long a real server that leaves may go on with its connections; 0 cuts them at once. */
  readonly timeoutMs: number
}

const nobody: Leavers = { leavers: [], strangers: [] }

/** Parts those whom nobody asks for into leavers and strangers; a leaver not drained is to go now. */
export function leaversOf(
  live: VirtualServer,
  wanted: VirtualServer,
  held: HeldServer | undefined,
  { drain, draining }: { readonly drain: DrainRules; readonly draining: KnownDraining },
): Leavers {
  const extra = realServersBeside(live, wanted)
  if (extra.length === 0) return nobody
  const server = identityOf(wanted)
  const leavers: Leaver[] = []
  const strangers: RealServer[] = []
  const ours = held && new Set(held.realServers.map(placeOf))
  for (const real of extra) {
    const realServer = withPort(real.address, real.port)
    const known = draining.get(`${server} ${realServer}`)
    // A virtual server that is taken over is taken over whole.
    if (known === undefined && ours?.has(realServer) === false) strangers.push(real)
    else if (mayDrain(live, real, known, drain)) {
      const until = known?.until ?? new Date(drain.now.getTime() + drain.timeoutMs).toISOString()
      leavers.push({
        realServer: { ...real, weight: 0 },
        draining: { server, realServer, until },
      })
    }
  }
  return { leavers, strangers }
}

/** The real servers of a live virtual server that a wanted one does not have. */
function realServersBeside(live: VirtualServer, wanted: VirtualServer): readonly RealServer[] {
  const { realServers } = wanted
  const is = (real: RealServer, other: RealServer | undefined): boolean =>
    other !== undefined && real.address === other.address && real.port === other.port
  const { length } = live.realServers
  if (length * realServers.length <= few) {
    return live.realServers.filter((real, index) => {
      // The kernel lists the newest first, so that what nobody touched runs backwards.
      if (is(real, realServers[length - 1 - index]) || is(real, realServers[index])) return false
      return !realServers.some((other) => is(real, other))
    })
  }
  if (length === realServers.length) {
    if (live.realServers.every((real, index) => is(real, realServers[length - 1 - index])))
      return []
    if (live.realServers.every((real, index) => is(real, realServers[index]))) return []
  }
  const known = new Set(realServers.map((real) => withPort(real.address, real.port)))
  return live.realServers.filter((real) => !known.has(withPort(real.address, real.port)))
}

/** So many pairs are compared in less time than it takes to print addresses for a set. */
const few = 1024

/** Connections of UDP and SCTP have no end that could be waited for: they go at once. */
function mayDrain(
  live: VirtualServer,
  { connections }: RealServer,
  known: Draining | undefined,
  { now, timeoutMs }: DrainRules,
): boolean {
  if (timeoutMs === 0) return false
  if (live.protocol !== protocolNumbers.TCP && live.fwmark === 0) return false
  if (connections === undefined || connections.active + connections.inactive === 0) return false
  return known === undefined || new Date(known.until) > now
}
