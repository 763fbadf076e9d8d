import { type IP, withPort } from '../address/ip.ts'
import { serviceOfAnotherSet } from '../diagnostic/complaints.ts'
import { inReadingOrder, isError } from '../diagnostic/diagnostic.ts'
import { plain, renderDiagnostic } from '../diagnostic/frame.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { nameOf } from '../object/metadata.ts'
import type { Conflict, Wish } from '../table/plan.ts'
import type { View } from '../table/view.ts'
import { identityOf } from '../table/virtual-server.ts'
import { printChange } from '../text/ipvsadm/change-rules.ts'
import { printTime } from '../text/kubectl/age.ts'
import type { Wished } from '../watch/compilation.ts'
import { type Health, isHealthy } from '../watch/health.ts'
import { type Intention, Mind, type Surroundings } from '../watch/mind.ts'
import { Numbers, type Scope } from '../watch/numbers.ts'
import {
  beginning,
  nextStep,
  type Pace,
  type PaceEvent,
  type PaceStep,
  paceAfter,
  type Tempo,
  usualTempo,
} from '../watch/pace.ts'
import type { Target } from '../watch/probe.ts'
import { type FileWatch, type Looked, notYet } from '../world/file-watch.ts'
import type { FleetWatch } from '../world/fleet-watch.ts'
import type { Answerer, Place } from '../world/sockets.ts'
import type { Watchpost } from '../world/watchpost.ts'
import { type World, WorldError } from '../world/world.ts'
import { HostKeeper } from './agent-host.ts'
import { pagesFor } from './agent-pages.ts'
import { type Outcome, TableKeeper } from './agent-table.ts'
import { accessTo, proxied } from './api-access.ts'
import { type CompileFlags, compileOptions, type Reading } from './compile-input.ts'
import { complaintAbout } from './conflicts.ts'
import { ExitCode } from './exit-code.ts'
import { fleetAccess } from './fleet-store.ts'
import { HealthPorts } from './health-ports.ts'
import type { HostWish } from './host-part.ts'
import { toldOf } from './host-wish.ts'
import { isFleet } from './is-fleet.ts'
import { KeptLedger } from './kept-ledger.ts'
import {
  type DrainFlags,
  drainRules,
  type EtcdFlags,
  type HostFlags,
  type LedgerFlag,
  type LockFlags,
} from './options.ts'
import { serviceWish } from './wishes.ts'

export interface AgentFlags
  extends CompileFlags,
    LedgerFlag,
    LockFlags,
    DrainFlags,
    HostFlags,
    EtcdFlags {
  readonly set: string
  readonly adopt: boolean
  readonly simulate: boolean
  readonly allowEmpty: boolean
  /** Milliseconds, all three. */
  readonly resync: number
  readonly minInterval: number
  readonly settle: number
  /** Where health and numbers are told. */
  readonly listen: Place | 'none'
  readonly metricsPerEndpoint: boolean
  /** How many back ends may be asked at once whether they answer. */
  readonly probes: number
  /** Where the wishes come from, if not from files: `kubernetes`, or the address of a fleet. */
  readonly from: string | undefined
  readonly kubeconfig: string | undefined
  readonly context: string | undefined
}

/** Keeps the kernel's table as the manifests say, until it is told to end. The table stays. */
export async function agent(flags: AgentFlags, world: World): Promise<ExitCode> {
  const { filename, from } = flags
  if (filename.includes('-') || (filename.length === 0) !== (from !== undefined)) {
    throw new WorldError('must specify -f with files or directories, or --from', { kind: 'input' })
  }
  const post = await world.takeUpWatch()
  try {
    return await new Agent(flags, world, post).run()
  } finally {
    post.close()
  }
}

/** A file that is gone or empty is believed to be so after so long. */
const grace = 1000

const never = Number.POSITIVE_INFINITY

/** Between the clock on the wall and the one that never jumps: more than this is a jump. */
const jump = 2000

class Agent {
  readonly #flags: AgentFlags
  readonly #world: World
  readonly #post: Watchpost
  readonly #tempo: Tempo
  readonly #kept: KeptLedger
  readonly #host: HostKeeper
  readonly #table: TableKeeper
  readonly #mind: Mind
  readonly #files: FileWatch
  /** Where the wishes are those of a fleet. */
  readonly #fleet: FleetWatch | undefined
  /** Of what a fleet wishes, what was looked at, and what is in the kernel. */
  #seen: number | undefined
  #applied: number | undefined
  #pace: Pace
  /** What flags, configuration and host said when everything was last looked at. */
  #reading: Reading
  /** Where the clock on the wall stands, beside the one that never jumps. */
  #wall: number
  /** How long the manifests are whose Services may stand on other lines than the ledger says. */
  readonly #moved = new Map<string, number>()
  /** Virtual servers that are wanted and that somebody else has. */
  #conflicts = new Set<string>()
  /** Services that are wanted here and belong to another set, and to which. */
  readonly #elsewhere = new Map<string, string>()
  readonly #numbers = new Numbers()
  readonly #healthPorts: HealthPorts
  /** Since when something is wanted that is not done. */
  #wantedSince: number | undefined
  #syncedAt: Date
  /** Did whoever is asked ever tell everything? */
  #isTold = false
  #isReady = false
  #isReloading = false
  #said = ''
  #fedAt = Number.NEGATIVE_INFINITY

  constructor(flags: AgentFlags, world: World, post: Watchpost) {
    this.#flags = flags
    this.#world = world
    this.#post = post
    const { resync, minInterval, settle, filename: paths, recursive, lockTimeout, adopt } = flags
    this.#tempo = { ...usualTempo, resync, minInterval, settle }
    this.#kept = new KeptLedger(flags.ledger ?? world.usualLedger(), world, post)
    const drainTimeout = drainRules(flags, world.now()).timeoutMs
    this.#host = new HostKeeper((ledger) => this.#hostWish(ledger), world)
    this.#reading = this.#readAgain()
    const { options, excludeCIDRs: excluded } = this.#reading
    const rules = { drainTimeout, lockTimeout, adopt, excluded }
    this.#table = new TableKeeper(this.#kept, this.#host, rules, world)
    const isGranted = flags.from !== undefined
    this.#mind = new Mind({ ...flags, ...options, isGranted })
    const stirred = () => {
      this.#hear({ kind: 'stirred' })
      post.stir()
    }
    this.#fleet = isFleet(flags.from) ? this.#watchFleet(flags.from, stirred) : undefined
    if (this.#fleet !== undefined) this.#files = this.#fleet
    else if (isGranted) {
      this.#files = post.watchApi({ access: accessTo(flags, world), resources: proxied, stirred })
    } else this.#files = post.watchFiles({ paths, recursive, grace, stirred })
    this.#healthPorts = new HealthPorts(
      {
        checks: () => this.#mind.compilation.healthChecks.values(),
        isHealthy: () => isHealthy(this.#health(), resync),
      },
      post,
      world,
    )
    this.#pace = beginning(post.elapsed())
    this.#wall = this.#wallNow()
    this.#syncedAt = world.now()
  }

  async run(): Promise<ExitCode> {
    const { watchdog } = this.#post
    const { listen } = this.#flags
    const pages = listen === 'none' ? undefined : await this.#post.listen(listen, this.#pages())
    try {
      for (;;) {
        for (const signal of this.#post.signals()) {
          if (signal !== 'SIGHUP') return await this.#end()
          this.#reload()
        }
        this.#watchClock()
        const now = this.#post.elapsed()
        this.#probe(now)
        const step = nextStep(this.#pace, now)
        if (typeof step === 'string') await this.#do(step)
        else {
          const at = Math.min(step.at, this.#mind.prober.next ?? never)
          await this.#post.wait(Math.max(0, Math.min(at - now, (watchdog ?? never) / 2)))
        }
        this.#settleRevision()
        if (watchdog !== undefined) this.#feed(watchdog)
      }
    } finally {
      this.#files.close()
      this.#table.close()
      this.#healthPorts.close()
      pages?.close()
    }
  }

  async #do(step: PaceStep): Promise<void> {
    switch (step) {
      case 'look':
        return this.#look(false)
      case 'resync':
        this.#look(true)
        return await this.#resync()
      case 'sync':
        return await this.#sync(this.#mind.decide(this.#kept.ledger))
      case 'drains':
        return await this.#finishDrains()
      case 'save':
        this.#hear({ kind: (await this.#table.save()) ? 'saved' : 'failed' })
    }
  }

  /** Reads what is new, and finds out what is wanted now. */
  #look(whole: boolean): void {
    const looked = this.#files.look(this.#post.elapsed(), whole)
    this.#sayAway(looked)
    this.#seen = this.#fleet?.revision()
    const { changed, gone, away, again } = looked
    const news = { changed, gone, away: away.map(({ path }) => path) }
    if (whole) this.#reading = this.#readAgain()
    const surroundings = this.#surroundings()
    const isUncertain =
      this.#pace.resync === Number.POSITIVE_INFINITY || looked.isWhole !== this.#isTold
    this.#isTold = looked.isWhole
    const heard = this.#mind.hear(news, surroundings)
    const more = whole ? this.#mind.reconsider(surroundings) : []
    const said = inReadingOrder([...heard, ...more], changed)
    for (const diagnostic of said) {
      if (diagnostic.severity !== 'note') this.#world.say(renderDiagnostic(diagnostic, plain))
    }
    if (this.#flags.from === undefined) {
      for (const { name, text } of changed) this.#moved.set(name, text.length)
    }
    this.#hear({ kind: 'looked', again })
    if (isUncertain) this.#hear({ kind: 'doubted' })
    else if (this.#mind.isDoubtful) this.#hear({ kind: 'wanted' })
    if (this.#mind.isDoubtful) this.#wantedSince ??= this.#post.elapsed()
    this.#healthPorts.update(this.#healthHosts())
    if (this.#isReloading) this.#tell(['READY=1'])
    this.#isReloading = false
  }

  /** Asks all who are to be asked now; the answers come when they come. */
  #probe(now: number): void {
    for (const target of this.#mind.prober.due(now)) void this.#ask(target)
  }

  async #ask(target: Target): Promise<void> {
    const { address, service, check, timing } = target
    const passed = await this.#post.ask({ address, ...check, timeout: timing.timeout })
    this.#numbers.asked(passed)
    if (this.#mind.hearProbe(target, passed, this.#surroundings())) {
      const place = withPort(address as IP, check.port)
      const said = passed ? 'answers' : 'does not answer any more'
      this.#world.say(`${place} of ${service} ${said}\n`)
    }
    if (this.#mind.isDoubtful) this.#hear({ kind: 'wanted' })
    this.#post.stir()
  }

  #surroundings(): Surroundings {
    return {
      ledger: this.#kept.ledger,
      view: this.#reading.options.view,
      now: this.#post.elapsed(),
    }
  }

  async #sync({ wished, removed }: Intention): Promise<void> {
    const wishes = this.#wishesFor(wished).map(unmoved)
    await this.#try('part', () => this.#table.sync({ wishes, removed }))
  }

  async #resync(): Promise<void> {
    const wanting = () => {
      const { wished, removed } = this.#mind.decideAll(this.#kept.ledger)
      const wishes = this.#wishesFor(wished).map((wish) => {
        return { ...wish, moved: this.#moved.has(wish.entry.file ?? '') }
      })
      return { wishes, removed }
    }
    await this.#try('whole', () => this.#table.resync(wanting, () => this.#fileLengths()))
  }

  async #finishDrains(): Promise<void> {
    const names = [...this.#table.draining]
    const wished = names.flatMap((name) => this.#mind.compilation.wished(name) ?? [])
    const own = new Set(wished.map(({ granted }) => nameOf(granted)))
    const wishes = this.#wishesFor(wished)
    const others = names.filter((name) => !own.has(name))
    await this.#try('part', () => this.#table.finish(wishes.map(unmoved), others))
  }

  /** Makes an attempt, and draws the conclusions. */
  async #try(how: Scope, attempt: () => Promise<Outcome>): Promise<void> {
    this.#wantedSince ??= this.#post.elapsed()
    const begun = this.#post.elapsed()
    const outcome = await attempt()
    if (outcome.kind !== 'done') {
      if (outcome.kind === 'failed') this.#numbers.failed(how)
      this.#hear({ kind: outcome.kind })
      return
    }
    const seconds = (this.#post.elapsed() - begun) / 1000
    this.#numbers.synced(how, seconds, outcome.plan.changes, outcome.drift)
    if (how === 'whole') this.#moved.clear()
    if (!this.#mind.isDoubtful) this.#wantedSince = undefined
    this.#syncedAt = this.#world.now()
    const draining = this.#table.draining.size > 0
    this.#hear({ kind: 'synced', whole: how === 'whole', draining })
    if (this.#mind.isDoubtful) this.#hear({ kind: 'wanted' })
    this.#hear({ kind: this.#kept.isSaved ? 'saved' : 'unsaved' })
    this.#sayConflicts(outcome.plan.conflicts, how)
    for (const change of outcome.drift) {
      this.#world.say(`put back, though not by us taken away: ${printChange(change)}\n`)
    }
    if (!this.#isReady && this.#isTold) {
      this.#isReady = true
      this.#tell(['READY=1'])
      const { size } = this.#kept.ledger.entries
      const said =
        size === 1 ? '1 entry is as it is wanted' : `${size} entries are as they are wanted`
      this.#world.say(`ready: ${said}\n`)
    }
  }

  /** Each of them is said once, as long as it lasts. */
  #sayConflicts(conflicts: readonly Conflict[], how: 'part' | 'whole'): void {
    const before = this.#conflicts
    this.#conflicts = new Set(conflicts.map(({ server }) => identityOf(server)))
    for (const conflict of conflicts) {
      if (before.has(identityOf(conflict.server))) continue
      this.#world.say(renderDiagnostic(complaintAbout(conflict), plain))
    }
    if (how === 'whole') return
    const { compilation } = this.#mind
    for (const identity of before) {
      if (compilation.isAskedFor(identity)) this.#conflicts.add(identity)
    }
  }

  /** That one was just asked is worth saying only where there is something in force already. */
  #sayAway({ away, isWhole }: Looked): void {
    const worth = away.filter(({ reason }) => isWhole || reason !== notYet)
    const said = worth.map(({ path, reason }) => `"${path}" cannot be read: ${reason}`).join('\n')
    if (said === this.#said) return
    this.#said = said
    this.#world.say(
      said === ''
        ? 'everything can be read again\n'
        : `warning: ${said}\nhelp: what was read of it before stays in force\n`,
    )
  }

  #health(): Health {
    const now = this.#post.elapsed()
    return {
      pending: now - (this.#wantedSince ?? now),
      isReady: this.#isReady,
      broken: this.#mind.broken,
      away: this.#mind.away,
      updated: this.#syncedAt,
      now: this.#world.now(),
    }
  }

  #pages(): Answerer {
    const { filename, resync, metricsPerEndpoint: perEndpoint } = this.#flags
    const { from } = this.#flags
    const sources = from === undefined ? filename : [isFleet(from) ? 'etcd' : from]
    const { compilation, catalogue } = this.#mind
    const view = () => compilation.view
    return pagesFor(
      {
        ...{ resync, perEndpoint, numbers: this.#numbers, families: () => [] },
        health: () => this.#health(),
        ledger: () => this.#kept.ledger,
        node: () => nodeNameIn(view()),
        standing: () => ({
          isReady: this.#isReady,
          sources: new Map(sources.map((path) => [path, !this.#mind.away.includes(path)])),
          broken: [...this.#mind.broken].length,
          lag: this.#health().pending / 1000,
          services: catalogue.services.size,
          refused: compilation.refused.size,
          conflicts: this.#conflicts.size,
          foreign: this.#table.foreign,
          hostRefusals: this.#host.refused,
          synced: this.#syncedAt.getTime() / 1000,
          usage: this.#post.usage(),
          probes: this.#mind.prober,
        }),
      },
      this.#world,
    )
  }

  /** All addresses, unless node ports answer on some alone. */
  #healthHosts(): readonly (string | undefined)[] {
    const { view } = this.#mind.compilation
    if (this.#flags.nodeportAddresses === undefined || view?.role !== 'node') return [undefined]
    return view.addresses
  }

  /** What a fleet wishes is in the kernel once nothing of it is in doubt any more. */
  #settleRevision(): void {
    const isSettled = !this.#mind.isDoubtful && this.#wantedSince === undefined
    if (this.#isReady && isSettled) this.#applied = this.#seen
  }

  #watchFleet(address: string, stirred: () => void): FleetWatch {
    const { access, prefix } = fleetAccess(address, this.#flags, this.#world)
    const path = `${this.#kept.path}.fleet`
    return this.#post.watchFleet({
      access: { ...access, patience: 2000 },
      ...{ prefix, stirred, node: this.#flags.node ?? this.#world.host.name() },
      kept: {
        read: () => this.#world.readFile(path),
        write: (text) => this.#post.jot(path, text),
      },
      status: () => ({
        revision: this.#applied,
        rules: this.#table.rules,
        trouble: this.#trouble(),
        silent: this.#mind.prober.failing,
      }),
    })
  }

  /** The first thing that is wrong, for whoever looks from afar. */
  #trouble(): string | undefined {
    const { broken, away, compilation } = this.#mind
    const [file] = broken
    const [refused] = compilation.refused
    const [conflict] = this.#conflicts
    const { services } = this.#mind.catalogue
    const elsewhere = [...this.#elsewhere].find(([name]) => services.has(name))
    if (!this.#isReady) return 'its table was never as it is wanted'
    if (!isHealthy(this.#health(), this.#flags.resync)) return 'its table is not as it is wanted'
    if (away.length > 0) return 'it cannot read what is wished for'
    if (file !== undefined) return `${file} has mistakes in it`
    if (elsewhere !== undefined) return elsewhere.join(' belongs to the set ')
    if (refused !== undefined) return `the numbers of ${refused} cannot be had`
    if (conflict !== undefined) return `somebody else has ${conflict}`
    return this.#host.refused > 0 ? 'the host refuses its part' : undefined
  }

  #reload(): void {
    this.#isReloading = true
    this.#tell(['RELOADING=1'])
    this.#files.forget()
    this.#hear({ kind: 'doubted' })
  }

  async #end(): Promise<ExitCode> {
    this.#tell(['STOPPING=1'])
    await this.#table.save()
    return ExitCode.Done
  }

  /** What drains ends by the clock on the wall, which somebody may set. */
  #watchClock(): void {
    const wall = this.#wallNow()
    const moved = wall - this.#wall
    this.#wall = wall
    if (Math.abs(moved) <= jump) return
    this.#world.say(`the clock was set by ${Math.round(moved / 1000)} s\n`)
    this.#table.shift(moved)
  }

  #wallNow(): number {
    return this.#world.now().getTime() - this.#post.elapsed()
  }

  #feed(watchdog: number): void {
    const now = this.#post.elapsed()
    if (now < this.#fedAt + watchdog / 2) return
    this.#fedAt = now
    this.#tell(['WATCHDOG=1'])
  }

  #tell(states: readonly string[]): void {
    this.#post.notify(states)
  }

  #hear(event: PaceEvent): void {
    this.#pace = paceAfter(this.#pace, event, this.#post.elapsed(), this.#tempo)
  }

  /** A Service that another set has stays there, unless it is to be moved over. */
  #wishesFor(wished: readonly Wished[]): readonly Wish[] {
    const { set, adopt } = this.#flags
    const { ledger } = this.#kept
    const context = { set, ledger, created: printTime(this.#world.now()) }
    return wished.flatMap(({ granted, servers }) => {
      const name = nameOf(granted)
      const owner = ledger.entries.get(name)?.set ?? set
      const isOurs = adopt || owner === set
      if (!isOurs && this.#elsewhere.get(name) !== owner) {
        this.#world.say(
          renderDiagnostic(serviceOfAnotherSet(name, owner, set).at(undefined), plain),
        )
      }
      if (isOurs) this.#elsewhere.delete(name)
      else this.#elsewhere.set(name, owner)
      return isOurs ? [serviceWish(granted, servers, context)] : []
    })
  }

  #fileLengths(): ReadonlyMap<string, number> {
    const { entries, files } = this.#kept.ledger
    if (this.#moved.size === 0) return files
    const lengths = new Map([...files, ...this.#moved])
    const used = new Set([...entries.values()].map(({ file }) => file))
    for (const name of lengths.keys()) if (!used.has(name)) lengths.delete(name)
    return lengths
  }

  #hostWish(ledger: Ledger): HostWish {
    if (this.#flags.rulesOnly) return 'leave'
    const named = this.#mind.catalogue.nodes.flatMap(({ podCIDRs }) => podCIDRs)
    const podCIDRs = new Set([...this.#reading.clusterCIDRs, ...named])
    return toldOf(this.#flags, [...podCIDRs], ledger)
  }

  #readAgain(): Reading {
    const reading = compileOptions(this.#flags, new Map(), this.#kept.ledger, this.#world)
    const [fault] = reading.faults.filter(isError)
    if (fault !== undefined) throw new WorldError(fault.message, { kind: 'input' })
    return reading
  }
}

/** Lines are looked at when the whole table is. */
function unmoved(wish: Wish): Wish {
  return { ...wish, moved: false }
}

function nodeNameIn(view: View | undefined): string {
  return view?.role === 'node' ? view.name : ''
}
