import type { CIDR } from '../address/cidr.ts'
import { withPort } from '../address/ip.ts'
import { lastingDrains } from '../ledger/drains.ts'
import {
  type Changed,
  type Entry,
  heldIdentity,
  type Ledger,
  withEntries,
} from '../ledger/ledger.ts'
import { sameValue } from '../ledger/same-value.ts'
import { afterChanges, type Change, type Verb } from '../table/change.ts'
import { isDriftFrom } from '../table/drift.ts'
import {
  type Conflict,
  hasThresholds,
  isSettled,
  type Plan,
  planFor,
  type Wish,
  wishFor,
} from '../table/plan.ts'
import {
  identityOf,
  type RealServer,
  type Table,
  type VirtualServer,
} from '../table/virtual-server.ts'
import { printRules } from '../text/ipvsadm/rules.ts'
import type { Scope } from '../watch/numbers.ts'
import type { Kernel } from '../world/kernel.ts'
import type { Depth } from '../world/read-table.ts'
import { type World, WorldError } from '../world/world.ts'
import type { HostKeeper } from './agent-host.ts'
import { carryOut } from './carry-out.ts'
import { ExitCode } from './exit-code.ts'
import { type HostPart, untouchedHost } from './host-part.ts'
import type { KeptLedger } from './kept-ledger.ts'
import { alone, trialPath } from './locked.ts'

/** What entries are to become. */
export interface Wanting {
  readonly wishes: readonly Wish[]
  readonly removed: readonly string[]
}

/** What came of an attempt to make the table as it is wanted. */
export type Outcome =
  | { readonly kind: 'done'; readonly plan: Plan; readonly drift: readonly Change[] }
  /** What we know of the kernel's table or of the ledger is not true any more. */
  | { readonly kind: 'doubted' }
  | { readonly kind: 'failed' }

export interface TableKeeperOptions {
  readonly drainTimeout: number
  readonly lockTimeout: number
  /** Takes over what exists and is not ours. */
  readonly adopt: boolean
  /** Where it takes over nothing all the same. */
  readonly excluded: readonly CIDR[]
}

/**
 * The kernel's table, for whoever changes it again and again: it is remembered, so that a small
 * change need not read it.
 */
export class TableKeeper {
  readonly #kept: KeptLedger
  readonly #options: TableKeeperOptions
  readonly #host: HostKeeper
  readonly #world: World
  #kernel: Kernel | undefined
  /** The kernel's table as we know it, by identity. */
  #live = new Map<string, VirtualServer>()
  /** Who has a virtual server, as the ledger says. */
  #owners: Map<string, string>
  #draining: Set<string>
  #depth: Depth = 'listed'
  #foreign = 0
  /** What is ours in the kernel, as rules; nothing where it may be another since. */
  #rules: string | undefined

  constructor(kept: KeptLedger, host: HostKeeper, options: TableKeeperOptions, world: World) {
    this.#kept = kept
    this.#host = host
    this.#options = options
    this.#world = world
    this.#owners = ownersIn(kept.ledger)
    this.#draining = drainingIn(kept.ledger)
  }

  /** Virtual servers that are not ours, as they were last counted. */
  get foreign(): number {
    return this.#foreign
  }

  /** What is ours in the kernel, as far as we know it, as rules in the order of letters. */
  get rules(): string {
    this.#rules ??= printRules(
      [...this.#live].flatMap(([id, one]) => (this.#owners.has(id) ? [one] : [])),
    )
      .split('\n')
      .filter(Boolean)
      .sort()
      .join('\n')
    return this.#rules
  }

  /** Names of entries some of whose real servers drain. */
  get draining(): ReadonlySet<string> {
    return this.#draining
  }

  /** Changes what some entries hold, at a cost that follows them. */
  async sync(wanting: Wanting): Promise<Outcome> {
    if (this.#kept.unfinished !== undefined || this.#kept.isForeign) return { kind: 'doubted' }
    return await this.#attempt(async (kernel) => {
      const concerned = this.#concerned(wanting)
      await this.#readLeaving(wanting.wishes, concerned, kernel)
      const live = this.#liveOf(wanting.wishes, concerned)
      const ledger = { ...this.#kept.ledger, entries: concerned, files: new Map() }
      const plan = this.#plan(wanting, ledger, live)
      return await this.#carryOut(plan, 'part', { live, kernel, drift: [] })
    })
  }

  /** Compares the whole table, and puts right what differs. */
  async resync(wantingNow: () => Wanting, files: () => Ledger['files']): Promise<Outcome> {
    return await this.#attempt(async (kernel) => {
      const live = await kernel.readTable(this.#depth)
      const { ledger, unfinished } = this.#kept
      const own = wantingNow()
      const asked = new Set([...own.removed, ...own.wishes.map(({ entry }) => entry.name)])
      const left = unfinished?.removed.filter((name) => !asked.has(name)) ?? []
      const others = [...this.#kept.aim.entries.values()].filter(({ name }) => !asked.has(name))
      const wishes = [...own.wishes, ...others.map(wishFor)]
      if (this.#depth === 'listed' && hasThresholds(wishes, ledger)) {
        this.#depth = 'whole'
        return { kind: 'doubted' }
      }
      const plan = this.#plan({ wishes, removed: [...own.removed, ...left] }, ledger, live)
      const isDrift = isDriftFrom(ledger, this.#world.now())
      const drift = plan.changes.filter(isDrift)
      this.#live = new Map(live.map((server) => [identityOf(server), server]))
      this.#rules = undefined
      this.#foreign = plan.foreign.length
      const outcome = await this.#carryOut(plan, 'whole', { live, kernel, drift })
      if (outcome.kind === 'done') this.#saveIfNeeded(files())
      return outcome
    }, 'whole')
  }

  /** Takes away what need not drain any longer; entries that nobody wishes otherwise stay as they are. */
  async finish(wishes: readonly Wish[], names: readonly string[]): Promise<Outcome> {
    const { entries } = this.#kept.ledger
    const others = names.flatMap((name) => entries.get(name) ?? []).map(wishFor)
    return await this.sync({ wishes: [...wishes, ...others], removed: [] })
  }

  /** Writes the ledger, where it lags behind its journal. */
  async save(): Promise<boolean> {
    const outcome = await this.#attempt(async () => {
      if (!this.#kept.isForeign) this.#saveIfNeeded(this.#kept.ledger.files)
      return { kind: 'doubted' }
    })
    return outcome.kind !== 'failed'
  }

  /** Somebody has set the clock: what drains goes on for as long as it was to. */
  shift(milliseconds: number): void {
    const later = (until: string) => new Date(Date.parse(until) + milliseconds).toISOString()
    const entries = [...this.#kept.ledger.entries.values()].flatMap((entry): Entry[] => {
      if (entry.draining === undefined) return []
      const draining = entry.draining.map((one) => ({ ...one, until: later(one.until) }))
      return [{ ...entry, draining }]
    })
    if (entries.length > 0) this.#kept.done({ entries, removed: [] })
  }

  close(): void {
    this.#kernel?.close()
    this.#kernel = undefined
  }

  /** Nobody else writes meanwhile. What the world refuses is said and answered. */
  async #attempt(run: (kernel: Kernel) => Promise<Outcome>, how: Scope = 'part'): Promise<Outcome> {
    const { path } = this.#kept
    try {
      return await alone({ ledger: path, ...this.#options }, this.#world, async () => {
        if (this.#world.readFile(trialPath(path)) !== undefined) {
          throw new WorldError('an apply waits to be confirmed: nothing is changed until it is')
        }
        if (this.#kept.isForeign) {
          this.#kept.reload()
          this.#owners = ownersIn(this.#kept.ledger)
          this.#draining = drainingIn(this.#kept.ledger)
          if (how === 'part') return { kind: 'doubted' }
        }
        this.#kernel ??= await this.#world.openKernel()
        return await run(this.#kernel)
      })
    } catch (error) {
      if (!(error instanceof WorldError)) throw error
      this.#world.say(`error: ${error.message}\n`)
      // Whatever is wrong with it, another way to the kernel may be better.
      this.close()
      return { kind: 'failed' }
    }
  }

  #plan(wanting: Wanting, ledger: Ledger, live: Table): Plan {
    const now = this.#world.now()
    const { drainTimeout, adopt, excluded } = this.#options
    const drain = { now, timeoutMs: drainTimeout }
    const input = { ...wanting, ledger, live, drain, adopt, excluded }
    const plan = planFor(input)
    if (plan.conflicts.length === 0) return plan
    // One who cannot have what he wants is no reason for all the others to wait.
    const without = { ...input, wishes: withoutConflicts(wanting.wishes, plan.conflicts) }
    return { ...planFor(without), conflicts: plan.conflicts }
  }

  async #carryOut(plan: Plan, how: Scope, { live, kernel, drift }: Scene): Promise<Outcome> {
    const { ledger } = this.#kept
    const drains = lastingDrains(ledger.drains, this.#world.now())
    const changed = drains === ledger.drains ? plan.changed : { ...plan.changed, drains }
    const done: Outcome = { kind: 'done', plan, drift }
    const host = await this.#hostPart(changed, how)
    try {
      const isTableSettled = isSettled({ ...plan, changed }) && this.#kept.unfinished === undefined
      if (host?.isSettled) this.#host.hear([])
      if (isTableSettled && host?.isSettled !== false) return done
      this.#kept.begin({ ...changed, terrain: host?.during })
      const site = { kernel, live, interrupted: () => false }
      const part = host ?? untouchedHost(undefined)
      const came = await part.beside(() => carryOut(plan.changes, site, this.#world))
      const isDone = came.code === ExitCode.Done
      if (host !== undefined && (isDone || came.refusals.length > 0)) this.#host.hear(came.refusals)
      if (!isDone) {
        if (came.code === ExitCode.Partly) this.#kept.doubted({ ...changed, terrain: host?.during })
        else this.#kept.undone()
        return { kind: 'failed' }
      }
      this.#remember(plan)
      // What is refused again and again is no reason to write the ledger as often.
      if (isTableSettled && sameValue(came.held, ledger.terrain)) this.#kept.undone()
      else this.#kept.done({ ...changed, terrain: came.held })
      return done
    } finally {
      host?.close()
    }
  }

  /** Nothing where the host has nothing to do with what changes. */
  async #hostPart(changed: Changed, how: Scope): Promise<HostPart | undefined> {
    const { ledger } = this.#kept
    if (how === 'part' && !this.#host.isConcerned(ledger, changed)) return undefined
    return await this.#host.partFor(ledger, withEntries(ledger, changed), how)
  }

  #remember({ changes, changed: { entries, removed } }: Plan): void {
    this.#rules = undefined
    for (const [identity, server] of afterChanges((one) => this.#live.get(one), changes)) {
      if (server === undefined) this.#live.delete(identity)
      else this.#live.set(identity, server)
    }
    for (const name of [...removed, ...entries.map((entry) => entry.name)]) {
      for (const held of this.#kept.ledger.entries.get(name)?.servers ?? []) {
        const identity = heldIdentity(held)
        if (this.#owners.get(identity) === name) this.#owners.delete(identity)
      }
      this.#draining.delete(name)
    }
    for (const { name, servers, draining } of entries) {
      if (draining !== undefined) this.#draining.add(name)
      for (const held of servers) this.#owners.set(heldIdentity(held), name)
    }
  }

  /** The entries that a change is about, and those that have what it asks for. */
  #concerned({ wishes, removed }: Wanting): ReadonlyMap<string, Entry> {
    const names = new Set([...removed, ...wishes.map(({ entry }) => entry.name)])
    for (const { servers } of wishes) {
      for (const server of servers) {
        const owner = this.#owners.get(identityOf(server))
        if (owner !== undefined) names.add(owner)
      }
    }
    const { entries } = this.#kept.ledger
    return new Map(
      [...names].flatMap((name): [string, Entry][] => {
        const entry = entries.get(name)
        return entry === undefined ? [] : [[name, entry]]
      }),
    )
  }

  #liveOf(wishes: readonly Wish[], concerned: ReadonlyMap<string, Entry>): Table {
    const identities = new Set(wishes.flatMap(({ servers }) => servers.map(identityOf)))
    for (const { servers } of concerned.values()) {
      for (const held of servers) identities.add(heldIdentity(held))
    }
    return [...identities].flatMap((identity) => this.#live.get(identity) ?? [])
  }

  /** Whether a real server that leaves has connections is known to the kernel alone. */
  async #readLeaving(
    wishes: readonly Wish[],
    concerned: ReadonlyMap<string, Entry>,
    kernel: Kernel,
  ): Promise<void> {
    for (const { entry, servers } of wishes) {
      if (!concerned.has(entry.name)) continue
      for (const wanted of servers) {
        const identity = identityOf(wanted)
        const known = this.#live.get(identity)
        if (known === undefined || !hasLeaving(known, wanted)) continue
        const found = await kernel.readServer(known, this.#depth)
        if (found === undefined) this.#live.delete(identity)
        else this.#live.set(identity, found)
      }
    }
  }

  #saveIfNeeded(files: Ledger['files']): void {
    if (!this.#kept.isSaved || files !== this.#kept.ledger.files) this.#kept.save({ files })
  }
}

interface Scene {
  readonly live: Table
  readonly kernel: Kernel
  readonly drift: readonly Change[]
}

/** Changes by their verbs. */
export function counted(changes: readonly Change[]): ReadonlyMap<Verb, number> {
  const counts = new Map<Verb, number>()
  for (const { verb } of changes) counts.set(verb, (counts.get(verb) ?? 0) + 1)
  return counts
}

function ownersIn({ entries }: Ledger): Map<string, string> {
  const owners = new Map<string, string>()
  for (const { name, servers } of entries.values()) {
    for (const held of servers) owners.set(heldIdentity(held), name)
  }
  return owners
}

function drainingIn({ entries }: Ledger): Set<string> {
  const draining = [...entries.values()].filter((entry) => entry.draining !== undefined)
  return new Set(draining.map(({ name }) => name))
}

function withoutConflicts(
  wishes: readonly Wish[],
  conflicts: readonly Conflict[],
): readonly Wish[] {
  const taken = new Set(conflicts.map(({ server }) => server))
  return wishes.map((wish) =>
    wish.servers.some((server) => taken.has(server))
      ? { ...wish, servers: wish.servers.filter((server) => !taken.has(server)) }
      : wish,
  )
}

function hasLeaving({ realServers }: VirtualServer, wanted: VirtualServer): boolean {
  const places = new Set(wanted.realServers.map(placeOf))
  return realServers.some((real) => !places.has(placeOf(real)))
}

function placeOf({ address, port }: RealServer): string {
  return withPort(address, port)
}
