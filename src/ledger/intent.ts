import { type Changed, type Entry, type HeldServer, heldIdentity, type Ledger } from './ledger.ts'

// The journal: what is about to change is written down before the first change is made, and thrown
// away when the ledger says so itself. Whoever finds it knows that somebody did not come to the end.

const version = { apiVersion: 'nodeport.io/v1', kind: 'Intent' } as const

export function printIntent(changed: Changed): string {
  return `${JSON.stringify({ ...version, ...changed })}\n`
}

/** Nothing where the text is cut off: then nothing was changed after it either. */
export function parseIntent(text: string): Changed | undefined {
  try {
    const { kind, entries, removed } = JSON.parse(text)
    return kind === version.kind ? { entries, removed } : undefined
  } catch {
    return undefined
  }
}

/**
 * The ledger as it has to be read when a change was begun and not ended: of every entry concerned
 * any part may be in the kernel, as it was or as it was to be, and all of it is ours.
 */
export function withIntent(ledger: Ledger, { entries }: Changed): Ledger {
  const all = new Map(ledger.entries)
  for (const entry of entries) all.set(entry.name, both(ledger.entries.get(entry.name), entry))
  return { ...ledger, entries: all }
}

/** Two intents, one after the other, neither of them brought to its end. */
export function bothIntents(earlier: Changed | undefined, later: Changed): Changed {
  if (earlier === undefined) return later
  const entries = new Map(earlier.entries.map((entry) => [entry.name, entry]))
  for (const entry of later.entries) entries.set(entry.name, both(entries.get(entry.name), entry))
  return { entries: [...entries.values()], removed: later.removed }
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
  return { ...entry, servers: [...servers.values()], draining }
}

function bothServers(old: HeldServer, server: HeldServer): HeldServer {
  const known = new Set(server.realServers.map(addressOf))
  const others = old.realServers.filter((real) => !known.has(addressOf(real)))
  return { ...server, realServers: [...server.realServers, ...others] }
}

function addressOf(real: HeldServer['realServers'][number]): string {
  return typeof real === 'string' ? real : real.at
}
