import { type CIDR, contains } from '../address/cidr.ts'
import { withPort } from '../address/ip.ts'
import { drainAt } from '../ledger/drains.ts'
import {
  type Changed,
  type Drain,
  type Draining,
  type Entry,
  type HeldServer,
  heldIdentity,
  type Ledger,
} from '../ledger/ledger.ts'
import { sameValue } from '../ledger/same-value.ts'
import { type Change, changesBetween } from './change.ts'
import { agrees, causeFrom, heldFrom, serversOf } from './held.ts'
import { type DrainRules, type KnownDraining, knownDraining, leaversOf } from './leaving.ts'
import { identityOf, type RealServer, type Table, type VirtualServer } from './virtual-server.ts'

/** What an entry of the ledger is to become. */
export interface Wish {
  readonly entry: Omit<Entry, 'servers' | 'draining'>
  readonly servers: readonly VirtualServer[]
  /** Its text may stand on other lines than the ledger says. */
  readonly moved: boolean
}

/** An entry as a wish: nothing is to change about it. */
export function wishFor(old: Entry): Wish {
  const { servers, draining, ...entry } = old
  void [servers, draining]
  return { entry, servers: serversOf(old), moved: false }
}

export interface PlanInput {
  readonly wishes: readonly Wish[]
  /** The names of entries that are to go, with all that they hold. */
  readonly removed: readonly string[]
  /** What is ours, and what drains. */
  readonly ledger: Ledger
  /** What the kernel holds, ours or not. */
  readonly live: Table
  readonly drain: DrainRules
  /** Real servers that a person keeps out, where they are others than the ledger says. */
  readonly drains?: Ledger['drains'] | undefined
  /** Takes over what is wanted and exists already, though it is not ours. */
  readonly adopt: boolean
  /** Where virtual servers of others stay theirs all the same. */
  readonly excluded?: readonly CIDR[]
}

/** The steps from what is to what should be, and the ledger that will be true after them. */
export interface Plan {
  readonly changes: readonly Change[]
  readonly changed: Changed
  readonly conflicts: readonly Conflict[]
  /** Live virtual servers that nobody here knows. */
  readonly foreign: Table
  /** Real servers in our virtual servers that somebody else put there: they stay. */
  readonly strangers: readonly Row[]
  /** Real servers that nobody asks for any more, and that stay as long as they have connections. */
  readonly draining: readonly (Row & { readonly until: string })[]
  /** Real servers that are asked for, and that a person keeps out. */
  readonly keptOut: readonly (Row & { readonly drain: Drain })[]
}

/** A virtual server that is wanted, and that somebody else has. */
export interface Conflict {
  readonly server: VirtualServer
  /** The entry that has it or is to have it; absent where it was found in the kernel alone. */
  readonly owner: Wish['entry'] | undefined
}

/** A real server, and the virtual server that it is in. */
export interface Row {
  readonly server: VirtualServer
  readonly realServer: RealServer
}

/** Nothing to do, and nothing to write down. */
export function isSettled({ changes, changed: { entries, removed, drains } }: Plan): boolean {
  return changes.length + entries.length + removed.length === 0 && drains === undefined
}

/** Does anybody wish for limits of connections, or has done so? */
export function hasThresholds(wishes: readonly Wish[], { entries }: Ledger): boolean {
  return (
    wishes.some(({ servers }) =>
      servers.some(({ realServers }) =>
        realServers.some(
          ({ upperThreshold, lowerThreshold }) => upperThreshold + lowerThreshold > 0,
        ),
      ),
    ) ||
    [...entries.values()].some(({ servers }) =>
      servers.some(({ realServers }) =>
        realServers.some(
          (real) =>
            typeof real === 'object' && (real.upperThreshold ?? real.lowerThreshold ?? 0) > 0,
        ),
      ),
    )
  )
}

/**
 * Compares three ways: what is wanted, what the ledger says is ours, and what the kernel holds.
 * Ours is made to agree with what is wanted; what the ledger does not name is left alone.
 */
export function planFor(input: PlanInput): Plan {
  const facts = factsOf(input)
  const draft: Draft = {
    before: [],
    after: [],
    entries: [],
    conflicts: [],
    strangers: [],
    draining: [],
    keptOut: [],
  }
  for (const wish of input.wishes) planWish(wish, facts, draft)
  for (const name of input.removed) planLeaving(name, facts, draft)
  const { before, after, entries, ...found } = draft
  return {
    ...found,
    changes: changesBetween(before, after),
    changed: {
      entries,
      removed: input.removed.filter((name) => input.ledger.entries.has(name)),
      drains: input.drains,
    },
    foreign: foreignIn(facts),
  }
}

/** What is looked up again and again. */
interface Facts extends PlanInput {
  readonly lives: ReadonlyMap<string, VirtualServer>
  readonly owned: ReadonlyMap<string, Owned>
  /** Who is to have a virtual server: whoever asks first. */
  readonly wanted: ReadonlyMap<string, Wish['entry']>
  /** Entries that this plan may take virtual servers away from. */
  readonly planned: ReadonlySet<string>
  readonly draining: KnownDraining
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
  readonly strangers: Row[]
  readonly draining: (Row & { readonly until: string })[]
  readonly keptOut: (Row & { readonly drain: Drain })[]
}

function factsOf(input: PlanInput): Facts {
  const { wishes, removed, ledger, live } = input
  const owned = new Map<string, Owned>()
  for (const entry of ledger.entries.values()) {
    for (const held of entry.servers) owned.set(heldIdentity(held), { entry, held })
  }
  const wanted = new Map<string, Wish['entry']>()
  for (const { entry, servers } of wishes) {
    for (const server of servers) {
      const identity = identityOf(server)
      if (!wanted.has(identity)) wanted.set(identity, entry)
    }
  }
  return {
    ...input,
    lives: new Map(live.map((server) => [identityOf(server), server])),
    owned,
    wanted,
    planned: new Set([...removed, ...wishes.map(({ entry }) => entry.name)]),
    draining: knownDraining(ledger.entries.values()),
  }
}

function planWish(wish: Wish, facts: Facts, draft: Draft): void {
  const old = facts.ledger.entries.get(wish.entry.name)
  const draining: Draining[] = []
  for (const server of wish.servers) draining.push(...planServer(server, wish.entry, facts, draft))
  const entry = entryAfter(wish, draining, old)
  if (entry !== old) draft.entries.push(entry)
  if (old !== undefined) planLeaving(old.name, facts, draft)
}

/** Answers which of its real servers drain from now on, or still. */
function planServer(
  server: VirtualServer,
  asker: Wish['entry'],
  facts: Facts,
  draft: Draft,
): readonly Draining[] {
  const identity = identityOf(server)
  const live = facts.lives.get(identity)
  const conflict = conflictOver(server, identity, asker, facts)
  if (conflict !== undefined) {
    draft.conflicts.push(conflict)
    return []
  }
  const effective = withoutKeptOut(server, facts, draft)
  if (live === undefined) {
    draft.after.push(effective)
    return []
  }
  const { held } = facts.owned.get(identity) ?? {}
  const { leavers, strangers } = leaversOf(live, effective, held, facts)
  for (const realServer of strangers) draft.strangers.push({ server, realServer })
  for (const { realServer, draining } of leavers) {
    draft.draining.push({ server, realServer, until: draining.until })
  }
  const stays = [...leavers.map(({ realServer }) => realServer), ...strangers]
  draft.before.push(live)
  draft.after.push(
    stays.length === 0
      ? effective
      : { ...effective, realServers: [...effective.realServers, ...stays] },
  )
  return leavers.map(({ draining }) => draining)
}

/** What keeps a virtual server from the one who asks for it, if anything does. */
function conflictOver(
  server: VirtualServer,
  identity: string,
  asker: Wish['entry'],
  facts: Facts,
): Conflict | undefined {
  const { wanted, owned, planned, lives } = facts
  const first = wanted.get(identity)
  if (first !== undefined && first.name !== asker.name) return { server, owner: first }
  const owner = owned.get(identity)?.entry
  if (owner !== undefined) return planned.has(owner.name) ? undefined : { server, owner }
  return lives.has(identity) && !mayAdopt(server, facts) ? { server, owner } : undefined
}

function mayAdopt({ address }: VirtualServer, { adopt, excluded = [] }: Facts): boolean {
  return adopt && !excluded.some((block) => contains(block, address))
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

/** What a person keeps out gets no new connections, whatever is asked for. */
function withoutKeptOut(server: VirtualServer, facts: Facts, draft: Draft): VirtualServer {
  const { ledger, drain, drains = ledger.drains } = facts
  if (drains.size === 0) return server
  let some = false
  const realServers = server.realServers.map((real) => {
    const found = drainAt(drains, withPort(real.address, real.port), drain.now)
    if (found === undefined) return real
    some = true
    draft.keptOut.push({ server, realServer: real, drain: found })
    return { ...real, weight: 0 }
  })
  return some ? { ...server, realServers } : server
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

function foreignIn(facts: Facts): Table {
  const { live, owned, wanted } = facts
  return live.filter((server) => {
    const identity = identityOf(server)
    return !owned.has(identity) && !(wanted.has(identity) && mayAdopt(server, facts))
  })
}
