import { withPort } from '../address/ip.ts'
import { protocolNumbers } from '../address/port.ts'
import {
  type Changed,
  type Draining,
  type Entry,
  type HeldServer,
  heldIdentity,
  type Ledger,
} from '../ledger/ledger.ts'
import { sameValue } from '../ledger/same-value.ts'
import { type Change, changesBetween } from './change.ts'
import { agrees, causeFrom, heldFrom, realServerIn } from './held.ts'
import { identityOf, type RealServer, type Table, type VirtualServer } from './virtual-server.ts'

/** What an entry of the ledger is to become. */
export interface Wish {
  readonly entry: Omit<Entry, 'servers' | 'draining'>
  readonly servers: readonly VirtualServer[]
  /** Its text may stand on other lines than the ledger says. */
  readonly moved: boolean
}

export interface PlanInput {
  readonly wishes: readonly Wish[]
  /** The names of entries that are to go, with all that they hold. */
  readonly removed: readonly string[]
  readonly ledger: Ledger
  /** What the kernel holds, ours or not. */
  readonly live: Table
  readonly drain: DrainRules
  /** Real servers that a person keeps out, where they are others than the ledger says. */
  readonly drains?: Ledger['drains'] | undefined
  /** Takes over what is wanted and exists already, though it is not ours. */
  readonly adopt: boolean
}

export interface DrainRules {
  readonly now: Date
  /** How long a real server that leaves may go on with its connections; 0 cuts them at once. */
  readonly timeoutMs: number
}

/** The steps from what is to what should be, and the ledger that will be true after them. */
export interface Plan {
  readonly changes: readonly Change[]
  readonly changed: Changed
  readonly conflicts: readonly Conflict[]
  /** Live virtual servers that nobody here knows. */
  readonly foreign: Table
  /** Real servers in our virtual servers that somebody else put there: they stay. */
  readonly strangers: readonly Stranger[]
}

/** A virtual server that is wanted, and that somebody else has. */
export interface Conflict {
  readonly server: VirtualServer
  /** The entry of the ledger that has it; absent where it was found in the kernel alone. */
  readonly owner: Entry | undefined
}

export interface Stranger {
  readonly server: VirtualServer
  readonly realServer: RealServer
}

/**
 * Compares three ways: what is wanted, what the ledger says is ours, and what the kernel holds.
 * Ours is made to agree with what is wanted; what the ledger does not name is left alone.
 */
export function planFor(input: PlanInput): Plan {
  const facts = factsOf(input)
  const draft: Draft = { before: [], after: [], entries: [], conflicts: [], strangers: [] }
  for (const wish of input.wishes) planWish(wish, facts, draft)
  for (const name of input.removed) planLeaving(name, facts, draft)
  return {
    changes: changesBetween(draft.before, draft.after),
    changed: {
      entries: draft.entries,
      removed: input.removed.filter((name) => input.ledger.entries.has(name)),
    },
    conflicts: draft.conflicts,
    foreign: foreignIn(facts),
    strangers: draft.strangers,
  }
}

/** What is looked up again and again. */
interface Facts extends PlanInput {
  readonly lives: ReadonlyMap<string, VirtualServer>
  readonly owned: ReadonlyMap<string, Owned>
  /** The name of the entry that is to have a virtual server. */
  readonly wanted: ReadonlyMap<string, string>
  /** Entries that this plan may take virtual servers away from. */
  readonly planned: ReadonlySet<string>
}

interface Owned {
  readonly entry: Entry
  readonly held: HeldServer
}

interface Draft {
  readonly before: VirtualServer[]
  readonly after: VirtualServer[]
  readonly entries: Entry[]
  readonly conflicts: Conflict[]
  readonly strangers: Stranger[]
}

function factsOf(input: PlanInput): Facts {
  const { wishes, removed, ledger, live } = input
  const owned = new Map<string, Owned>()
  for (const entry of ledger.entries.values()) {
    for (const held of entry.servers) owned.set(heldIdentity(held), { entry, held })
  }
  const wanted = new Map<string, string>()
  for (const { entry, servers } of wishes) {
    for (const server of servers) wanted.set(identityOf(server), entry.name)
  }
  return {
    ...input,
    lives: new Map(live.map((server) => [identityOf(server), server])),
    owned,
    wanted,
    planned: new Set([...removed, ...wishes.map(({ entry }) => entry.name)]),
  }
}

function planWish(wish: Wish, facts: Facts, draft: Draft): void {
  const { ledger, lives, owned, adopt } = facts
  const { name } = wish.entry
  const draining: Draining[] = []
  for (const server of wish.servers) {
    const identity = identityOf(server)
    const live = lives.get(identity)
    const owner = owned.get(identity)
    const isFree =
      owner === undefined ? live === undefined || adopt : facts.planned.has(owner.entry.name)
    if (!isFree) {
      draft.conflicts.push({ server, owner: owner?.entry })
      continue
    }
    const effective = withDrains(server, facts)
    if (live === undefined) {
      draft.after.push(effective)
      continue
    }
    const leaving = leaversOf(live, effective, owner, facts)
    draining.push(...leaving.draining)
    for (const realServer of leaving.strangers) draft.strangers.push({ server, realServer })
    const stays = [...leaving.drained, ...leaving.strangers]
    draft.before.push(live)
    draft.after.push(
      stays.length === 0
        ? effective
        : { ...effective, realServers: [...effective.realServers, ...stays] },
    )
  }
  const old = ledger.entries.get(name)
  const entry = entryAfter(wish, draining, old)
  if (entry !== old) draft.entries.push(entry)
  if (old !== undefined) planLeaving(name, facts, draft)
}

/** What an entry had and nobody wants any more is deleted, with all its connections. */
function planLeaving(name: string, { ledger, lives, wanted }: Facts, draft: Draft): void {
  const entry = ledger.entries.get(name)
  for (const held of entry?.servers ?? []) {
    const identity = heldIdentity(held)
    const live = lives.get(identity)
    if (live === undefined || entry === undefined || wanted.has(identity)) continue
    draft.before.push({ ...live, cause: causeFrom(held, entry) })
  }
}

/** What becomes of the real servers that are there and that nobody asks for. */
interface Leavers {
  /** They get no new connections, and go on with those that they have. */
  readonly drained: readonly RealServer[]
  readonly draining: readonly Draining[]
  readonly strangers: readonly RealServer[]
}

const nobody: Leavers = { drained: [], draining: [], strangers: [] }

function leaversOf(
  live: VirtualServer,
  server: VirtualServer,
  owner: Owned | undefined,
  { drain }: Facts,
): Leavers {
  const extra = realServersBeside(live, server)
  if (extra.length === 0) return nobody
  const identity = identityOf(server)
  const drained: RealServer[] = []
  const draining: Draining[] = []
  const strangers: RealServer[] = []
  for (const real of extra) {
    const at = withPort(real.address, real.port)
    const known = owner?.entry.draining?.find(
      (it) => it.server === identity && it.realServer === at,
    )
    if (known === undefined && owner !== undefined && realServerIn(owner.held, at) === undefined)
      strangers.push(real)
    else if (mayDrain(live, real, known, drain)) {
      const until = known?.until ?? new Date(drain.now.getTime() + drain.timeoutMs).toISOString()
      drained.push({ ...real, weight: 0 })
      draining.push({ server: identity, realServer: at, until })
    }
  }
  return { drained, draining, strangers }
}

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

/** The real servers of a live virtual server that a wanted one does not have. */
function realServersBeside(live: VirtualServer, wanted: VirtualServer): readonly RealServer[] {
  const { realServers } = wanted
  const is = (real: RealServer, other: RealServer | undefined): boolean =>
    other !== undefined && real.address === other.address && real.port === other.port
  // The kernel lists the newest first, so that what nobody touched runs backwards.
  const { length } = live.realServers
  if (length === realServers.length) {
    if (live.realServers.every((real, index) => is(real, realServers[length - 1 - index])))
      return []
    if (live.realServers.every((real, index) => is(real, realServers[index]))) return []
  }
  const known = new Set(realServers.map((real) => withPort(real.address, real.port)))
  return live.realServers.filter((real) => !known.has(withPort(real.address, real.port)))
}

/** What a person keeps out gets no new connections, whatever is asked for. */
function withDrains(server: VirtualServer, facts: Facts): VirtualServer {
  const { ledger, drain, drains = ledger.drains } = facts
  if (drains.size === 0) return server
  const isOut = ({ address, port }: RealServer): boolean => {
    const entry = drains.get(withPort(address, port)) ?? drains.get(address)
    return entry !== undefined && (entry.until === undefined || new Date(entry.until) > drain.now)
  }
  if (!server.realServers.some(isOut)) return server
  return {
    ...server,
    realServers: server.realServers.map((real) => (isOut(real) ? { ...real, weight: 0 } : real)),
  }
}

/** The entry as it will be: the old one itself where nothing about it changes. */
function entryAfter(wish: Wish, draining: readonly Draining[], old: Entry | undefined): Entry {
  const { entry, servers, moved } = wish
  if (old !== undefined && !moved && isUnchanged(wish, draining, old)) return old
  return {
    ...entry,
    servers: servers.map(heldFrom),
    ...(draining.length === 0 ? {} : { draining }),
  }
}

function isUnchanged({ entry, servers }: Wish, draining: readonly Draining[], old: Entry): boolean {
  return (
    old.set === entry.set &&
    old.file === entry.file &&
    old.servers.length === servers.length &&
    servers.every((server, index) => agrees(old.servers[index], server)) &&
    sameValue(old.draining ?? [], draining) &&
    sameValue(old.service, entry.service)
  )
}

function foreignIn({ live, owned, wanted, adopt }: Facts): Table {
  return live.filter((server) => {
    const identity = identityOf(server)
    return !owned.has(identity) && !(adopt && wanted.has(identity))
  })
}
