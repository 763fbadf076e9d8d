import { type Entry, emptyLedger, isEntry, type Ledger, parseObject } from './ledger.ts'
import { isRecord } from './shape.ts'

// A fleet's ledger is no file but the keys of a store, below a prefix of their own:
//
//     objects/KIND/NAMESPACE/NAME    who answers, as it was written
//     services/NAMESPACE/NAME        a Service as an API server would have stored it
//     grants/nodePort/30080          the Service that has a number
//     grants/clusterIP/10.96.0.10
//     changed                        written with every change: its revision is that of the last one
//     rollout                        which nodes see which revision, while a change is rolled out
//     members/NODE                   the nodes that there are
//     nodes/NODE                     how each of them is; gone with whoever said it

/** What is stored of one object. */
export interface FleetRecord {
  /** What is applied together, and pruned together. */
  readonly set: string
  /** The manifest that it was last applied from. */
  readonly file?: string | undefined
  readonly object: Readonly<Record<string, unknown>>
}

export interface Stored extends FleetRecord {
  /** The revision that wrote it. */
  readonly modified: number
}

/** All that is wished for in a fleet, at one moment. */
export interface FleetState {
  readonly revision: number
  /** By key, without the prefix. */
  readonly records: ReadonlyMap<string, Stored>
  readonly gate: Gate | undefined
}

/** What holds nodes back while a change is rolled out. */
export interface Gate {
  /** What a node sees that may not pass. */
  readonly base: number
  /** What those see that may; nothing before the first may. */
  readonly target: number | undefined
  readonly passed: readonly string[]
}

/** Everything that is wished for lies between these two, and nothing that nodes say of themselves. */
export const wishesFrom = 'objects/'
export const wishesTo = 'services0'

export const gateKey = 'rollout'
export const changedKey = 'changed'

/** `services/default/web`, `objects/endpointslice/default/web-1`, `objects/node/node-a`. */
export function keyFor(kind: string, namespace: string, name: string): string {
  const full = namespace === '' ? name : `${namespace}/${name}`
  return kind === 'Service' ? `services/${full}` : `objects/${kind.toLowerCase()}/${full}`
}

export function isService(key: string): boolean {
  return key.startsWith('services/')
}

/** `default/web` */
export function serviceIn(key: string): string {
  return key.slice('services/'.length)
}

export function printRecord({ set, file, object }: FleetRecord): string {
  return JSON.stringify({ set, file, object })
}

/** Nothing where somebody else has written what makes no sense. */
export function parseRecord(text: string): FleetRecord | undefined {
  const read = parseObject(text)
  if (typeof read === 'string') return undefined
  const { set, file, object } = read
  if (typeof set !== 'string' || !isRecord(object)) return undefined
  return { set, object, ...(typeof file === 'string' ? { file } : {}) }
}

export function printGate({ base, target, passed }: Gate): string {
  return JSON.stringify({ base, target, passed })
}

export function parseGate(text: string): Gate | undefined {
  const read = parseObject(text)
  if (typeof read === 'string') return undefined
  const { base, target, passed } = read
  if (typeof base !== 'number' || !Array.isArray(passed)) return undefined
  return {
    base,
    target: typeof target === 'number' ? target : undefined,
    passed: passed.map(String),
  }
}

/** The revision that a node is to see; nothing where it is the newest. */
export function revisionFor(gate: Gate | undefined, node: string): number | undefined {
  if (gate === undefined) return undefined
  return gate.target !== undefined && gate.passed.includes(node) ? gate.target : gate.base
}

/** One key of the store, without the prefix. */
export interface FleetKey {
  readonly key: string
  readonly value: string
  readonly modified: number
}

/** What the keys of a store say, once their prefix is taken away. */
export function fleetState(keys: readonly FleetKey[], revision: number): FleetState {
  const records = new Map<string, Stored>()
  let gate: Gate | undefined
  for (const { key, value, modified } of keys) {
    if (key === gateKey) gate = parseGate(value)
    const record = parseRecord(value)
    if (key !== gateKey && record !== undefined) records.set(key, { ...record, modified })
  }
  return { revision, records, gate }
}

/** The same as a ledger: who has which numbers. What is in kernels is known there alone. */
export function ledgerOfFleet({ records }: FleetState): Ledger {
  const entries = new Map<string, Entry>()
  for (const [key, { set, file, object }] of records) {
    if (!isService(key)) continue
    const entry = { name: serviceIn(key), set, service: object, servers: [], file }
    if (isEntry(entry)) entries.set(entry.name, entry)
  }
  return { ...emptyLedger, entries }
}

/** How a node is, as its agent says. */
export interface NodeStatus {
  /** Of what it was told, everything up to here is in its kernel. */
  readonly revision: number | undefined
  /** Of what is ours in its kernel's table. */
  readonly hash: string
  /** What is wrong with it; nothing where all is well. */
  readonly trouble: string | undefined
  /** How many back ends it asks whether they answer, and that do not. */
  readonly silent: number
  /** When it began to be so. */
  readonly since: string
}

export function printStatus({ revision, hash, trouble, silent, since }: NodeStatus): string {
  return JSON.stringify({ revision, hash, trouble, silent, since })
}

export function parseStatus(text: string): NodeStatus | undefined {
  const read = parseObject(text)
  if (typeof read === 'string') return undefined
  const { revision, hash, trouble, silent, since } = read
  return {
    revision: typeof revision === 'number' ? revision : undefined,
    hash: String(hash ?? ''),
    trouble: typeof trouble === 'string' ? trouble : undefined,
    silent: typeof silent === 'number' ? silent : 0,
    since: String(since ?? ''),
  }
}

/** What an agent was last told, for a start without anybody to tell it. */
export interface KeptWishes {
  /** Whose they were. */
  readonly from: string
  readonly revision: number
  readonly texts: ReadonlyMap<string, string>
}

export function printKept({ from, revision, texts }: KeptWishes): string {
  return `${JSON.stringify({ from, revision, texts: Object.fromEntries(texts) })}\n`
}

export function parseKept(text: string): KeptWishes | undefined {
  const read = parseObject(text)
  if (typeof read === 'string') return undefined
  const { from, revision, texts } = read
  if (typeof from !== 'string' || typeof revision !== 'number' || !isRecord(texts)) return undefined
  const all = Object.entries(texts).map(([key, one]): [string, string] => [key, String(one)])
  return { from, revision, texts: new Map(all) }
}
