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
export function printLedger({ entries, drains, files }: Ledger): string {
  const head = JSON.stringify({ ...version, drains: sorted(drains), files: sorted(files) }).slice(
    0,
    -1,
  )
  const lines = [...entries.values()].sort(byName).map((entry) => JSON.stringify(entry))
  return `${head},"entries":[\n${lines.join(',\n')}\n]}\n`
}

/** Reads a ledger; answers a sentence where the text is none. */
export function parseLedger(text: string): Ledger | string {
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch (error) {
    return error instanceof SyntaxError ? error.message : String(error)
  }
  if (!isRecord(read) || read.kind !== version.kind || !Array.isArray(read.entries)) {
    return 'this is no ledger'
  }
  if (read.apiVersion !== version.apiVersion) return `its apiVersion is not ${version.apiVersion}`
  const entries = read.entries as readonly Entry[]
  if (!entries.every(isEntry)) return 'an entry is without name or servers'
  return {
    entries: new Map(entries.map((entry) => [entry.name, entry])),
    drains: mapFrom<Drain>(read.drains),
    files: mapFrom<number>(read.files),
  }
}

/** A ledger with some entries replaced or taken away. */
export function withEntries(ledger: Ledger, changed: Changed): Ledger {
  const entries = new Map(ledger.entries)
  for (const name of changed.removed) entries.delete(name)
  for (const entry of changed.entries) entries.set(entry.name, entry)
  return { ...ledger, entries }
}

export interface Changed {
  readonly entries: readonly Entry[]
  readonly removed: readonly string[]
}

/** What tells a held virtual server apart, as `identityOf` does for those of a table. */
export function heldIdentity(held: HeldServer): string {
  const { fwmark = 0, family, protocol = 'TCP', address = '', port = 0 } = held
  if (fwmark !== 0) return family === 'IPv6' ? `FWM ${fwmark} IPv6` : `FWM ${fwmark}`
  return `${protocol} ${address.includes(':') ? `[${address}]` : address}:${port}`
}

function mapFrom<T>(value: unknown): Map<string, T> {
  return new Map(Object.entries(isRecord(value) ? (value as Record<string, T>) : {}))
}

function sorted<T>(map: ReadonlyMap<string, T>): Record<string, T> {
  return Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function byName(a: Entry, b: Entry): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isEntry(value: unknown): boolean {
  return isRecord(value) && typeof value.name === 'string' && Array.isArray(value.servers)
}
