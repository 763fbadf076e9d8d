import type { Source } from '../diagnostic/source.ts'
import {
  changedKey,
  type Gate,
  gateKey,
  parseGate,
  parseKept,
  parseRecord,
  printKept,
  revisionFor,
  wishesFrom,
  wishesTo,
} from '../ledger/fleet.ts'
import {
  type EtcdAccess,
  EtcdError,
  isRenewal,
  type KeyEvent,
  openEtcd,
  outOfRange,
  type StoredKey,
} from './etcd.ts'
import { type FileWatch, type Looked, notYet } from './file-watch.ts'
import { reasonOf } from './files.ts'
import { keepStatus, type Said } from './fleet-status.ts'

/** What a fleet wishes for, as one node of it sees it. */
export interface FleetWatch extends FileWatch {
  /** Up to here everything was told that this node is to see; nothing before the first time. */
  readonly revision: () => number | undefined
}

export interface FleetWatchOptions {
  readonly access: EtcdAccess
  readonly prefix: string
  readonly node: string
  readonly stirred: () => void
  /** Where what was told is kept, for a start while nobody answers. */
  readonly kept?: KeptText | undefined
  /** How the node is, asked again and again; nobody is told where this is absent. */
  readonly status?: (() => Said) | undefined
}

export interface KeptText {
  readonly read: () => string | undefined
  readonly write: (text: string) => void
}

/** What was told is kept so often at most. */
const keepEvery = 2000

/**
 * Lists what a fleet wishes for, and follows it from the revision of the list on. Where the gate of
 * a rollout holds this node back, it sees everything as it was then.
 */
export function watchFleet(options: FleetWatchOptions): FleetWatch {
  const { access, prefix, node, stirred, kept } = options
  const etcd = openEtcd(access)
  const status = options.status && keepStatus({ etcd, prefix, node, ask: options.status })
  const span = { from: prefix + wishesFrom, to: prefix + wishesTo }
  const whose = prefix
  let texts = new Map<string, string>()
  const changed = new Map<string, Source>()
  const gone = new Set<string>()
  /** Up to here the store is known; nothing where everything has to be listed. */
  let position: number | undefined
  /** What is told is as it was then. */
  let shown: number | undefined
  let gate: Gate | undefined
  let trouble: string | undefined = notYet
  let isClosed = false
  let keeping: NodeJS.Timeout | undefined

  recall()
  void run()

  function recall(): void {
    const text = kept?.read()
    const before = text === undefined ? undefined : parseKept(text)
    if (before?.from !== whose) return
    for (const [key, one] of before.texts) put(key, one)
    shown = before.revision
  }

  function keep(): void {
    if (kept === undefined || keeping !== undefined) return
    keeping = setTimeout(keepNow, keepEvery)
    keeping.unref()
  }

  function keepNow(): void {
    clearTimeout(keeping)
    keeping = undefined
    if (shown === undefined) return
    try {
      kept?.write(printKept({ from: whose, revision: shown, texts }))
    } catch {
      // There is less to go by at the next start; what is told now is true all the same.
    }
  }

  function put(key: string, text: string | undefined): void {
    if (text === undefined) {
      if (!texts.delete(key)) return
      changed.delete(key)
      gone.add(key)
    } else if (texts.get(key) !== text) {
      texts.set(key, text)
      gone.delete(key)
      changed.set(key, { name: key, text })
    }
  }

  function tellAll(keys: readonly StoredKey[]): void {
    const now = new Map(keys.map(({ key, value }) => [key.slice(prefix.length), value]))
    now.delete(gateKey)
    for (const key of [...texts.keys()]) if (!now.has(key)) put(key, undefined)
    for (const [key, value] of now) put(key, textOf(value))
  }

  async function list(): Promise<void> {
    const { keys, revision } = await etcd.range(span)
    const held = keys.find(({ key }) => key === prefix + gateKey)
    gate = held && parseGate(held.value)
    const wanted = revisionFor(gate, node)
    // A store that was made anew knows of no revision that it has not reached.
    if (wanted !== undefined && wanted <= revision) {
      // One that was started anew may know it still, though the store has forgotten it.
      if (shown !== wanted) tellAll((await isUnchangedSince(wanted)) ? keys : await keysAt(wanted))
      shown = wanted
    } else {
      tellAll(keys)
      shown = revision
    }
    position = revision
    well()
  }

  async function keysAt(revision: number): Promise<readonly StoredKey[]> {
    return (await etcd.range({ ...span, revision })).keys
  }

  /** Then what is stored now is what was stored then, and nobody has to remember that. */
  async function isUnchangedSince(revision: number): Promise<boolean> {
    const { keys } = await etcd.range({ from: prefix + changedKey })
    return keys.every(({ modified }) => modified <= revision)
  }

  function well(): void {
    trouble = undefined
    keep()
    stirred()
  }

  function troubled(reason: string): void {
    if (trouble === reason) return
    trouble = reason
    stirred()
  }

  function take(revision: number, events: readonly KeyEvent[]): boolean {
    const held = events.findLast(({ key }) => key === prefix + gateKey)
    const next = held === undefined ? gate : parseGate(held.value ?? '')
    if (revisionFor(next, node) !== revisionFor(gate, node)) {
      position = undefined
      return false
    }
    gate = next
    position = revision
    if (revisionFor(gate, node) !== undefined) return true
    for (const { key, value } of events) {
      if (key === prefix + gateKey) continue
      put(key.slice(prefix.length), value === undefined ? undefined : textOf(value))
    }
    shown = revision
    keep()
    stirred()
    return true
  }

  async function run(): Promise<void> {
    let failures = 0
    while (!isClosed) {
      try {
        if (position === undefined) await list()
        const from: number = (position ?? 0) + 1
        const end = await etcd.watch(span, from, {
          opened: (revision) => {
            failures = 0
            // A store that is not as far as it was is another one.
            if (revision < from - 1) position = undefined
            else if (trouble !== undefined) well()
          },
          events: take,
        })
        if (isRenewal(end) || position === undefined) continue
        if (end.kind === 'compacted') {
          position = undefined
          continue
        }
        failures += 1
        // A member may end at any time: only when others do not answer either is it told.
        if (failures > 1) troubled(end.reason)
      } catch (error) {
        failures += 1
        troubled(reasonFor(error))
      }
      if (!isClosed) await etcd.pause(failures + 2)
    }
  }

  return {
    revision: () => shown,
    look: (): Looked => {
      const news = { changed: [...changed.values()], gone: [...gone] }
      changed.clear()
      gone.clear()
      const away = trouble === undefined ? [] : [{ path: 'etcd', reason: trouble }]
      return { ...news, away, again: undefined, isWhole: shown !== undefined }
    },
    forget: () => {
      for (const [key, text] of texts) changed.set(key, { name: key, text })
    },
    close: () => {
      isClosed = true
      if (keeping !== undefined) keepNow()
      if (status === undefined) etcd.close()
      else
        void status
          .leave()
          .catch(() => {})
          .finally(etcd.close)
      texts = new Map()
    },
  }
}

/** A record that makes no sense is told as it is: then it counts as it was before, with a complaint. */
function textOf(value: string): string {
  const record = parseRecord(value)
  return record === undefined ? value : JSON.stringify(record.object)
}

function reasonFor(error: unknown): string {
  if (error instanceof EtcdError && error.code === outOfRange) {
    return 'it has forgotten the revision that this node is held at'
  }
  return reasonOf(error)
}
