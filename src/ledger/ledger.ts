import { isRecord, isShaped, serverShape, serviceShape } from './shape.ts'

/**
 * What was granted, and what was put into the kernel: plain data, fit for review and for git. What
 * it does not name is not ours.
 */
export interface Ledger {
  /** By name. */
  readonly entries: ReadonlyMap<string, Entry>
  /** Real servers that a person keeps out, by `10.244.1.57:80`. */
  readonly drains: ReadonlyMap<string, Drain>
  /** How long each manifest was: another length means that lines may have moved. */
  readonly files: ReadonlyMap<string, number>
  /** The host's part, where it is ours to keep. */
  readonly terrain?: HeldTerrain | undefined
}

/** What we were told of the host, and how it was before us. */
export interface HeldTerrain {
  /** The interface that has the addresses of Services. */
  readonly interface: string
  /**
   * The addresses that it had when we came; absent where we made it. One that was there before us
   * stays, with these and with all that others put on it since.
   */
  readonly found?: readonly string[] | undefined
  readonly role: 'node' | 'director'
  /** Blocks whose addresses are those of pods. */
  readonly podCIDRs: readonly string[]
  /** Settings of the kernel that we have changed, by name. */
  readonly sysctls: Readonly<Record<string, { readonly was: string; readonly now: string }>>
}

/** One Service, or the rules of one set. */
export interface Entry {
  /** `default/web`; `rules:SET` for virtual servers that came from rules. */
  readonly name: string
  /** What is applied together, and pruned together. */
  readonly set: string
  /** The Service as an API server would have stored it; absent for rules. */
  readonly service?: Readonly<Record<string, unknown>> | undefined
  /** The manifest that it was last applied from. */
  readonly file?: string | undefined
  /** The virtual servers that are ours, in the order in which they were made. */
  readonly servers: readonly HeldServer[]
  /** Real servers that were ours and get no new connections, until their last one has ended. */
  readonly draining?: readonly Draining[] | undefined
}

/** A virtual server as we put it into the kernel. What is usual is left out. */
export interface HeldServer {
  /** `TCP`, `UDP`, `SCTP`; absent for a firewall mark. */
  readonly protocol?: string
  readonly address?: string
  readonly port?: number
  readonly fwmark?: number
  /** Said of a firewall mark alone: an address tells its own. */
  readonly family?: 'IPv6'
  readonly scheduler: string
  /** The bits of the kernel. */
  readonly flags?: number
  readonly timeout?: number
  readonly netmask?: number
  readonly engine?: string
  /** Which address of the Service it is, for which port, and the line that asked for it. */
  readonly kind?: string
  readonly servicePort?: string
  readonly line?: number
  readonly realServers: readonly (string | HeldRealServer)[]
}

/** One that is only an address and a port, such as `10.244.1.57:80`, is masqueraded with weight 1. */
export interface HeldRealServer {
  readonly at: string
  readonly weight?: number
  readonly forwarding?: string
  readonly upperThreshold?: number
  readonly lowerThreshold?: number
  readonly tunnel?: { readonly type: number; readonly port: number; readonly flags: number }
  /** The pod or node behind it. */
  readonly name?: string
  readonly simulated?: boolean
}

export interface Draining {
  /** `TCP 10.96.0.10:80` */
  readonly server: string
  /** `10.244.1.57:80` */
  readonly realServer: string
  /** When it is taken away whatever connections it has, as an ISO date. */
  readonly until: string
}

/** What a person said with `nodeport drain`. */
export interface Drain {
  readonly reason?: string | undefined
  readonly since: string
  readonly until?: string | undefined
}

export const emptyLedger: Ledger = {
  entries: new Map(),
  drains: new Map(),
  files: new Map(),
}

const version = { apiVersion: 'nodeport.io/v1', kind: 'Ledger' } as const

/** One Service a line, sorted, so that a merge conflict in git is a conflict of Services. */
export function* printLedger({ entries, drains, files, terrain }: Ledger): Generator<string> {
  const kept = terrain === undefined ? {} : { terrain }
  const head = JSON.stringify({
    ...version,
    drains: sorted(drains),
    files: sorted(files),
    ...kept,
  }).slice(0, -1)
  yield `${head},"entries":[\n`
  yield* printEntries([...entries.values()].sort(byName))
  yield '\n]}\n'
}

/** One line after another; in one text they would take as much memory again. */
export function* printEntries(entries: readonly Entry[]): Generator<string> {
  for (const [index, entry] of entries.entries()) {
    if (index > 0) yield ',\n'
    yield lineOf(entry)
  }
}

/** How entries stand in a text that was read or written: what is not changed is not printed again. */
const written = new WeakMap<Entry, string>()

function lineOf(entry: Entry): string {
  const known = written.get(entry)
  if (known !== undefined) return known
  const line = JSON.stringify(entry)
  written.set(entry, line)
  return line
}

/** Where somebody has edited it, lines may be otherwise. */
function noteLines(text: string, entries: readonly Entry[]): void {
  const lines = text.split('\n')
  // A line of its own before them, one behind them, and the end of that.
  if (lines.length !== entries.length + 3) return
  const isOurs = entries.every(({ name }, index) => {
    const line = lines[index + 1] ?? ''
    const end = index === entries.length - 1 ? '}' : '},'
    return line.startsWith(`{"name":${JSON.stringify(name)},"set":`) && line.endsWith(end)
  })
  if (!isOurs) return
  for (const [index, entry] of entries.entries()) {
    written.set(entry, (lines[index + 1] ?? '').replace(/,$/, ''))
  }
}

/**
 * Reads a ledger; answers a sentence where the text is none. Somebody may have edited it or let git
 * merge it, so that nothing in it is taken for granted.
 */
export function parseLedger(text: string): Ledger | string {
  const read = parseObject(text)
  if (typeof read === 'string') return read
  if (read.kind !== version.kind) return 'this is no ledger'
  if (read.apiVersion !== version.apiVersion) return `its apiVersion is not ${version.apiVersion}`
  const { entries } = read
  if (!Array.isArray(entries)) return 'it has no entries'
  const odd = entries.findIndex((entry) => !isEntry(entry))
  if (odd >= 0) return `entry ${odd + 1} does not say what it should`
  noteLines(text, entries)
  return collisionIn(entries) ?? ledgerOf(entries, read)
}

/** Reads one object of JSON; answers a sentence where there is none. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | string {
  try {
    const read: unknown = JSON.parse(text)
    return isRecord(read) ? read : 'this is no ledger'
  } catch (error) {
    return error instanceof SyntaxError ? error.message : String(error)
  }
}

/** Is it an entry as far as anybody relies on it? */
export function isEntry(value: unknown): value is Entry {
  if (!isRecord(value) || typeof value.name !== 'string' || typeof value.set !== 'string')
    return false
  const { servers, draining = [], service, file } = value
  return (
    Array.isArray(servers) &&
    servers.every(isHeldServer) &&
    areRecords(draining, 'server', 'until') &&
    service !== null &&
    isShaped(service, serviceShape) &&
    isShaped(file, 'text')
  )
}

/** A ledger with some entries replaced or taken away. */
export function withEntries(
  ledger: Ledger,
  { entries, removed, drains, terrain }: Changed,
): Ledger {
  const all = new Map(ledger.entries)
  for (const name of removed) all.delete(name)
  for (const entry of entries) all.set(entry.name, entry)
  return {
    ...ledger,
    entries: all,
    drains: drains ?? ledger.drains,
    terrain: terrain ?? ledger.terrain,
  }
}

export interface Changed {
  readonly entries: readonly Entry[]
  readonly removed: readonly string[]
  /** All of them, where they are others than before. */
  readonly drains?: Ledger['drains'] | undefined
  /** Where it is another than before. */
  readonly terrain?: HeldTerrain | undefined
}

/** What tells a held virtual server apart, as `identityOf` does for those of a table. */
export function heldIdentity(held: HeldServer): string {
  const { fwmark = 0, family, protocol = 'TCP', address = '', port = 0 } = held
  if (fwmark !== 0) return family === 'IPv6' ? `FWM ${fwmark} IPv6` : `FWM ${fwmark}`
  return `${protocol} ${address.includes(':') ? `[${address}]` : address}:${port}`
}

/** The address and port of a held real server, such as `10.244.1.57:80`. */
export function placeOf(real: HeldServer['realServers'][number]): string {
  return typeof real === 'string' ? real : real.at
}

/** Two lines that git has merged without a word may ask for the same. */
function collisionIn(entries: readonly Entry[]): string | undefined {
  const names = new Set<string>()
  const owners = new Map<string, string>()
  for (const { name, servers } of entries) {
    if (names.has(name)) return `"${name}" stands in it twice`
    names.add(name)
    for (const server of servers) {
      const identity = heldIdentity(server)
      const owner = owners.get(identity)
      if (owner !== undefined) return `${identity} belongs to both "${owner}" and "${name}"`
      owners.set(identity, name)
    }
  }
  return undefined
}

function ledgerOf(entries: readonly Entry[], read: Readonly<Record<string, unknown>>): Ledger {
  return {
    entries: new Map(entries.map((entry) => [entry.name, entry])),
    drains: drainsFrom(read.drains),
    files: mapFrom(read.files, isNumber),
    terrain: terrainFrom(read.terrain),
  }
}

/** Nothing, where somebody wrote into the ledger what makes no sense. */
export function terrainFrom(value: unknown): HeldTerrain | undefined {
  if (!isRecord(value) || typeof value.interface !== 'string') return undefined
  const { role, podCIDRs, sysctls, found } = value
  const kept = isRecord(sysctls) ? Object.entries(sysctls) : []
  return {
    interface: value.interface,
    ...(Array.isArray(found) ? { found: found.map(String) } : {}),
    role: role === 'director' ? 'director' : 'node',
    podCIDRs: Array.isArray(podCIDRs) ? podCIDRs.map(String) : [],
    sysctls: Object.fromEntries(
      kept.flatMap(([name, change]) => {
        if (!isRecord(change)) return []
        return [[name, { was: String(change.was), now: String(change.now) }]]
      }),
    ),
  }
}

export function drainsFrom(value: unknown): Ledger['drains'] {
  return mapFrom(value, isDrain)
}

function isDrain(value: unknown): value is Drain {
  return hasTexts(value, 'since')
}

function isHeldServer(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value.scheduler === 'string' &&
    value.address !== null &&
    isShaped(value, serverShape) &&
    Array.isArray(value.realServers) &&
    value.realServers.every((real) => typeof real === 'string' || hasTexts(real, 'at'))
  )
}

function areRecords(value: unknown, ...keys: readonly string[]): boolean {
  return Array.isArray(value) && value.every((one) => hasTexts(one, ...keys))
}

function hasTexts(value: unknown, ...keys: readonly string[]): boolean {
  return isRecord(value) && keys.every((key) => typeof value[key] === 'string')
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number'
}

function mapFrom<T>(value: unknown, is: (value: unknown) => value is T): Map<string, T> {
  const entries = isRecord(value) ? Object.entries(value) : []
  return new Map(entries.filter((entry): entry is [string, T] => is(entry[1])))
}

function sorted<T>(map: ReadonlyMap<string, T>): Record<string, T> {
  return Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function byName(a: Entry, b: Entry): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}
