import type { Diagnostic, Report } from '../diagnostic/diagnostic.ts'
import { addressIn } from '../ledger/drains.ts'
import { type Ledger, placeOf } from '../ledger/ledger.ts'
import { nameOf } from '../object/metadata.ts'
import { readService, type ServiceSpec } from '../object/service.ts'
import type { Granted } from '../pool/grant.ts'
import { answerOf, type Roster } from '../roster/roster.ts'
import type { ViewOptions } from '../table/view.ts'
import { Catalogue, type Touched } from './catalogue.ts'
import { Compilation, type CompilationOptions, type Wished } from './compilation.ts'
import { Library, type News } from './library.ts'
import { keepsAll, type Target, targetsOf } from './probe.ts'
import { Prober } from './prober.ts'
import type { ShelfOptions } from './shelf.ts'

export interface MindOptions extends ShelfOptions, CompilationOptions {
  /** The entries of the ledger that are the mind's to take away. */
  readonly set: string
  /** Whether there may be no Service at all. */
  readonly allowEmpty: boolean
  /** How many back ends may be asked at once whether they answer; 0 where none is ever asked. */
  readonly probes: number
}

/** What the mind goes by and does not know itself. */
export interface Surroundings {
  readonly ledger: Ledger
  readonly view: ViewOptions
  /** Milliseconds of a clock that never jumps. */
  readonly now: number
}

/** What entries of the ledger are to become, by their names. */
export interface Intention {
  readonly wished: readonly Wished[]
  readonly removed: readonly string[]
}

/**
 * What the agent knows, and what it therefore wants: news in, wishes out. It has no clock, reads no
 * file and changes no table.
 */
export class Mind {
  readonly #options: MindOptions
  readonly #library: Library
  readonly #catalogue = new Catalogue()
  readonly #compilation: Compilation
  readonly #prober: Prober
  /** Entries that may have to become something else. */
  #doubtful = new Set<string>()
  #away: readonly string[] = []

  constructor(options: MindOptions) {
    this.#options = options
    this.#library = new Library(options)
    this.#compilation = new Compilation(options)
    this.#prober = new Prober({ atOnce: options.probes })
  }

  get catalogue(): Catalogue {
    return this.#catalogue
  }

  get compilation(): Compilation {
    return this.#compilation
  }

  get prober(): Prober {
    return this.#prober
  }

  /** Files with mistakes in them: what they said before is what counts. */
  get broken(): ReadonlySet<string> {
    return this.#library.broken
  }

  /** What could not be read: what was read of it before is what counts. */
  get away(): readonly string[] {
    return this.#away
  }

  get isDoubtful(): boolean {
    return this.#doubtful.size > 0
  }

  /** Takes in what is new; answers what is wrong with it. */
  hear(
    news: News & { readonly away: readonly string[] },
    surroundings: Surroundings,
  ): readonly Diagnostic[] {
    this.#away = news.away
    const { added, gone, diagnostics } = this.#library.take(news)
    const touched = this.#catalogue.turn(
      gone.map(({ cluster }) => cluster),
      added.map(({ cluster }) => cluster),
    )
    return [...diagnostics, ...this.#update(touched, surroundings)]
  }

  /** Looks at everything again, since the host or the ledger may be another than before. */
  reconsider(surroundings: Surroundings): readonly Diagnostic[] {
    const written = new Set(this.#compilation.refused)
    const all = !this.#compilation.isSeenAs(this.#catalogue.nodes, surroundings.view)
    return this.#update({ services: new Set(), written, all }, surroundings)
  }

  /** Takes in what came of asking a back end; tells whether it is other than it was. */
  hearProbe(target: Target, passed: boolean, surroundings: Surroundings): boolean {
    if (!this.#prober.answered(target, passed, surroundings.now)) return false
    const services = new Set([target.service])
    this.#update({ services, written: new Set(), all: false }, surroundings)
    return true
  }

  /** What is to become of the entries that it has doubts about, and has no more from now on. */
  decide(ledger: Ledger): Intention {
    const names = this.#doubtful
    this.#doubtful = new Set()
    const isMine = this.#mayRemove()
    return {
      wished: [...names].flatMap((name) => this.#compilation.wished(name) ?? []),
      removed: [...names].filter((name) => isMine && this.#isLeft(name, ledger)),
    }
  }

  /** What is to become of all entries. */
  decideAll(ledger: Ledger): Intention {
    this.#doubtful = new Set()
    const isMine = this.#mayRemove()
    return {
      wished: [...this.#compilation.names].flatMap((name) => this.#compilation.wished(name) ?? []),
      removed: [...ledger.entries.keys()].filter((name) => isMine && this.#isLeft(name, ledger)),
    }
  }

  #update(touched: Touched, surroundings: Surroundings): readonly Diagnostic[] {
    const { ledger, view } = surroundings
    const diagnostics: Diagnostic[] = []
    const report: Report = (diagnostic) => void diagnostics.push(diagnostic)
    const seen = (service: Granted, roster: Roster) => this.#see(service, roster, surroundings)
    const names = this.#compilation.update(
      touched,
      { catalogue: this.#catalogue, held: () => specsOf(ledger), view, seen },
      report,
    )
    for (const name of names) {
      this.#doubtful.add(name)
      if (!this.#catalogue.services.has(name)) this.#prober.aim(name, [], surroundings.now, never)
    }
    return diagnostics
  }

  /** Who answers for a Service, after all who are to be asked were asked. */
  #see(service: Granted, roster: Roster, { ledger, now }: Surroundings): Roster {
    if (this.#options.probes === 0) return roster
    const name = nameOf(service)
    const answer = answerOf(roster, service)
    const { pods, workloads } = this.#catalogue
    const targets = targetsOf(service, name, answer, { pods, workloads })
    const held = new Set<string>()
    if (targets.length > 0) {
      for (const { realServers } of ledger.entries.get(name)?.servers ?? []) {
        for (const real of realServers) held.add(addressIn(placeOf(real)))
      }
    }
    this.#prober.aim(name, targets, now, ({ address }) => held.has(address))
    if (targets.length === 0) return roster
    const slices = this.#prober.see(name, answer.slices, keepsAll(service))
    return { ...roster, slices: new Map([[name, slices]]) }
  }

  /** Nothing is taken away while anything is not known: it may be wished for there. */
  #mayRemove(): boolean {
    if (this.#away.length > 0) return false
    for (const name of this.#library.broken) if (this.#library.isUnknown(name)) return false
    return this.#options.allowEmpty || this.#catalogue.services.size > 0
  }

  #isLeft(name: string, { entries }: Ledger): boolean {
    return entries.get(name)?.set === this.#options.set && !this.#catalogue.services.has(name)
  }
}

function never(): boolean {
  return false
}

/** What the ledger holds of each Service. An entry that is the same was read before. */
function specsOf({ entries }: Ledger): ReadonlyMap<string, ServiceSpec> {
  const specs = new Map<string, ServiceSpec>()
  for (const entry of entries.values()) {
    if (entry.service === undefined) continue
    const spec = known.get(entry) ?? readService(entry.service, 'default', undefined).spec
    known.set(entry, spec)
    specs.set(entry.name, spec)
  }
  return specs
}

const known = new WeakMap<object, ServiceSpec>()
