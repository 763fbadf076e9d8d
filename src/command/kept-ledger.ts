import { type Intent, ownedDuring, printIntent } from '../ledger/intent.ts'
import {
  type Changed,
  emptyLedger,
  type Ledger,
  printLedger,
  withEntries,
} from '../ledger/ledger.ts'
import type { Watchpost } from '../world/watchpost.ts'
import type { World } from '../world/world.ts'
import { type LedgerStore, openLedger } from './ledger.ts'

/**
 * The ledger, for whoever changes it again and again: what happened since it was last written stands
 * in the journal, which is written before every change. The journal is of use only while the
 * kernel's table is the one that it tells of, so that it need not outlive the machine.
 */
export class KeptLedger {
  readonly path: string
  readonly #world: World
  readonly #post: Watchpost
  /** While something is not ended that was found begun. */
  #found: LedgerStore | undefined
  #base: Ledger = emptyLedger
  /** Everything that happened since the ledger was written. */
  #since: Intent | undefined
  #ledger: Ledger = emptyLedger
  #stamps = ''

  constructor(path: string, world: World, post: Watchpost) {
    this.path = path
    this.#world = world
    this.#post = post
    this.reload()
  }

  /** What is true now; while something is not ended, all that may be true. */
  get ledger(): Ledger {
    return this.#ledger
  }

  /** What is to be true where nobody asks for anything else. */
  get aim(): Ledger {
    return this.#found?.aim ?? this.#ledger
  }

  /** What somebody began and did not end. */
  get unfinished(): Changed | undefined {
    return this.#found?.unfinished
  }

  get isSaved(): boolean {
    return this.#since === undefined
  }

  /** Has anybody else written it? */
  get isForeign(): boolean {
    return this.#stamps !== this.#stampsNow()
  }

  /** Reads it as somebody has left it. */
  reload(): void {
    const store = openLedger({ ledger: this.path }, this.#world)
    this.#found = store.unfinished === undefined ? undefined : store
    this.#base = store.aim
    this.#ledger = store.ledger
    this.#since = undefined
    this.#stamps = this.#stampsNow()
  }

  /** Writes down what is about to change. */
  begin(changed: Changed): void {
    if (this.#found === undefined) this.#jot(this.#with(changed))
    else this.#found.intend(changed)
    this.#stamps = this.#stampsNow()
  }

  /** It is changed. What others had not ended is ended by that. */
  done(changed: Changed): void {
    this.#ledger = withEntries(this.aim, changed)
    if (this.#found !== undefined) this.save()
    else this.#since = { ...this.#with(changed), also: [] }
  }

  /** It was not changed after all. */
  undone(): void {
    if (this.#found !== undefined) this.#found.forget()
    else if (this.#since === undefined) this.#world.removeFile(journalOf(this.path))
    else this.#jot(this.#since)
    this.#stamps = this.#stampsNow()
  }

  /** Nobody knows how much of it was changed: all of it may be ours. */
  doubted(changed: Changed): void {
    if (this.#found !== undefined) this.#found.turnBack(changed)
    else {
      const { entries = [], removed = [], drains } = this.#since ?? {}
      const { terrain } = this.#with(changed)
      const intent = { entries, removed, drains, terrain, also: changed.entries }
      this.#jot(intent)
      this.#ledger = ownedDuring(withEntries(this.#base, intent), { ...intent, entries: [] })
      this.#since = intent
    }
    this.#stamps = this.#stampsNow()
  }

  /** Writes it, with what is otherwise said of it. */
  save(more: Partial<Ledger> = {}): void {
    const ledger = { ...this.#ledger, ...more }
    this.#world.writeFile(this.path, printLedger(ledger))
    this.#world.removeFile(journalOf(this.path))
    this.#found = undefined
    this.#base = ledger
    this.#ledger = ledger
    this.#since = undefined
    this.#stamps = this.#stampsNow()
  }

  #with({ entries, removed, ...more }: Changed): Intent {
    const { drains = this.#since?.drains, terrain = this.#since?.terrain } = more
    const before = this.#since ?? { entries: [], removed: [], also: [] }
    const names = new Set([...removed, ...entries.map(({ name }) => name)])
    const left = before.entries.filter(({ name }) => !names.has(name))
    return {
      entries: [...left, ...entries],
      removed: [...before.removed.filter((name) => !names.has(name)), ...removed],
      drains,
      terrain,
      also: before.entries.filter(({ name }) => names.has(name)),
    }
  }

  #jot(intent: Intent): void {
    this.#post.jot(journalOf(this.path), printIntent(intent))
  }

  #stampsNow(): string {
    const { path } = this
    return `${this.#post.stampOf(path)} ${this.#post.stampOf(journalOf(path))}`
  }
}

function journalOf(path: string): string {
  return `${path}.journal`
}
