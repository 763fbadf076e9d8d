import { entriesAt } from './drains.ts'
import {
  type Changed,
  drainsFrom,
  type Entry,
  type HeldServer,
  heldIdentity,
  isEntry,
  type Ledger,
  parseObject,
  placeOf,
  printEntries,
  terrainFrom,
  withEntries,
} from './ledger.ts'
import { sameValue } from './same-value.ts'

// The journal: what is about to change is written down before the first change is made, and thrown
// away when the ledger says so itself. Whoever finds it knows that somebody did not come to the end,
// and brings that to its end.

/** What entries are to become, and what else of ours may be in the kernel meanwhile. */
export interface Intent extends Changed {
  /** What earlier changes may have left there that nobody brought to their end. */
  readonly also: readonly Entry[]
}

const version = { apiVersion: 'nodeport.io/v1', kind: 'Intent' } as const

export function* printIntent({
  entries,
  removed,
  drains,
  terrain,
  also,
}: Intent): Generator<string> {
  const kept = drains === undefined ? {} : { drains: Object.fromEntries(drains) }
  const head = JSON.stringify({ ...version, removed, ...kept, terrain }).slice(0, -1)
  yield `${head},"entries":[`
  yield* printEntries(entries)
  yield '],"also":['
  yield* printEntries(also)
  yield ']}\n'
}

/**
 * Nothing where the text is none of ours: it is written whole, so that it can only have been lost
 * before anything was changed.
 */
export function parseIntent(text: string): Intent | undefined {
  const read = parseObject(text)
  if (typeof read === 'string' || read.kind !== version.kind) return undefined
  const { entries, removed, drains, also } = read
  if (!areEntries(entries) || !areEntries(also) || !Array.isArray(removed)) return undefined
  return {
    entries,
    also,
    removed: removed.map(String),
    ...(drains === undefined ? {} : { drains: drainsFrom(drains) }),
    terrain: terrainFrom(read.terrain),
  }
}

/**
 * What is ours while changes are begun and not ended: of every entry concerned any part may be in
 * the kernel, as it was or as it was to be.
 */
export function ownedDuring(ledger: Ledger, { entries, also, drains, terrain }: Intent): Ledger {
  const all = new Map(ledger.entries)
  for (const entry of [...also, ...entries]) {
    all.set(entry.name, both(all.get(entry.name), entry))
  }
  return {
    ...ledger,
    entries: all,
    drains: drains ?? ledger.drains,
    terrain: terrain ?? ledger.terrain,
  }
}

/** What is left to do of changes that were begun: drains concern entries that are to stay as they are. */
export function leftOf(intent: Intent, ledger: Ledger): Changed {
  const { entries, removed, drains = ledger.drains } = intent
  const known = new Set([...removed, ...entries.map(({ name }) => name)])
  const drained = entriesAt(withEntries(ledger, intent), differing(ledger.drains, drains))
  return {
    removed,
    drains,
    entries: [...entries, ...drained.filter(({ name }) => !known.has(name))],
  }
}

/** Changes that are begun while others are not ended: those are told of by what they may have left. */
export function intentAfter(earlier: Intent | undefined, changed: Changed): Intent {
  if (earlier === undefined) return { ...changed, also: [] }
  const drains = changed.drains ?? earlier.drains
  const terrain = changed.terrain ?? earlier.terrain
  return { ...changed, drains, terrain, also: [...earlier.also, ...earlier.entries] }
}

/** Changes that were begun, could not be ended nor undone, and are to be taken back. */
export function intentBack(before: Ledger, intent: Intent): Intent {
  const { entries, removed, drains, terrain, also } = intent
  const concerned = [...entries.map(({ name }) => name), ...removed]
  return {
    entries: concerned.flatMap((name) => before.entries.get(name) ?? []),
    removed: concerned.filter((name) => !before.entries.has(name)),
    ...(drains === undefined ? {} : { drains: before.drains }),
    terrain,
    also: [...also, ...entries],
  }
}

function differing(a: Ledger['drains'], b: Ledger['drains']): ReadonlySet<string> {
  const places = [...a.keys(), ...b.keys()]
  return new Set(places.filter((place) => !sameValue(a.get(place), b.get(place))))
}

function both(old: Entry | undefined, entry: Entry): Entry {
  if (old === undefined) return entry
  const servers = new Map(old.servers.map((server) => [heldIdentity(server), server]))
  for (const server of entry.servers) {
    const identity = heldIdentity(server)
    const before = servers.get(identity)
    servers.set(identity, before === undefined ? server : bothServers(before, server))
  }
  const draining = [...(old.draining ?? []), ...(entry.draining ?? [])]
  return { ...entry, servers: [...servers.values()], ...(draining.length > 0 ? { draining } : {}) }
}

function bothServers(old: HeldServer, server: HeldServer): HeldServer {
  const known = new Set(server.realServers.map(placeOf))
  const others = old.realServers.filter((real) => !known.has(placeOf(real)))
  return { ...server, realServers: [...server.realServers, ...others] }
}

function areEntries(value: unknown): value is readonly Entry[] {
  return Array.isArray(value) && value.every(isEntry)
}
