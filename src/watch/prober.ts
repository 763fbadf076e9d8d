import type { EndpointSlice, SlicePort } from '../object/endpoint-slice.ts'
import { hashOf } from '../pool/hash.ts'
import { DueQueue } from './due-queue.ts'
import type { Target } from './probe.ts'

/** What is known of one target. */
interface Account {
  readonly target: Target
  passes: boolean
  /** Did it ever pass, or was it said to? */
  hasPassed: boolean
  /** Answers of one kind in a row. */
  successes: number
  failures: number
}

export interface ProberOptions {
  /** So many are asked at once. */
  readonly atOnce: number
}

/**
 * Keeps account of who answers. It asks nobody itself: whoever does gets to know who is to be asked
 * when, and tells what came of it.
 */
export class Prober {
  readonly #options: ProberOptions
  readonly #accounts = new Map<string, Account>()
  readonly #byService = new Map<string, ReadonlyMap<string, readonly Account[]>>()
  readonly #queue = new DueQueue<Account>()
  readonly #asked = new Set<Account>()
  #failing = 0

  constructor(options: ProberOptions) {
    this.#options = options
  }

  get passing(): number {
    return this.#accounts.size - this.#failing
  }

  get failing(): number {
    return this.#failing
  }

  /** When somebody is to be asked next; nothing while as many are asked as may be at once. */
  get next(): number | undefined {
    return this.#asked.size < this.#options.atOnce ? this.#queue.first : undefined
  }

  /**
   * Says whom to ask for a Service from now on. Who was asked before is what he was found to be; who
   * is new is what was written of him, or what he was when the table was last made.
   */
  aim(
    service: string,
    targets: readonly Target[],
    now: number,
    wasThere: (target: Target) => boolean,
  ): void {
    if (targets.length === 0 && !this.#byService.has(service)) return
    const left = new Map(this.#accountsOf(service).map((account) => [account.target.key, account]))
    const byAddress = new Map<string, Account[]>()
    for (const target of targets) {
      const old = left.get(target.key)
      const account = old !== undefined && isSame(old.target, target) ? old : undefined
      const kept = account ?? this.#begin(target, now, wasThere(target))
      if (account !== undefined) left.delete(target.key)
      const others = byAddress.get(target.address)
      if (others === undefined) byAddress.set(target.address, [kept])
      else others.push(kept)
    }
    for (const account of left.values()) this.#end(account)
    if (byAddress.size === 0) this.#byService.delete(service)
    else this.#byService.set(service, byAddress)
  }

  /** Who is to be asked now. */
  due(now: number): readonly Target[] {
    const due: Target[] = []
    while (this.#asked.size < this.#options.atOnce) {
      const account = this.#queue.pop(now)
      if (account === undefined) break
      // Somebody else may have taken its place meanwhile.
      if (this.#accounts.get(account.target.key) !== account) continue
      this.#asked.add(account)
      due.push(account.target)
    }
    return due
  }

  /** Takes an answer, or that there was none; tells whether anything is different for its Service. */
  answered(target: Target, passed: boolean, now: number): boolean {
    const account = this.#accounts.get(target.key)
    for (const one of this.#asked) if (one.target === target) this.#asked.delete(one)
    if (account === undefined || account.target !== target) return false
    const { period, successThreshold, failureThreshold } = target.timing
    this.#queue.push(now + period, account)
    account.successes = passed ? account.successes + 1 : 0
    account.failures = passed ? 0 : account.failures + 1
    const passes = account.passes
      ? account.failures < failureThreshold
      : account.successes >= successThreshold
    if (passes === account.passes) return false
    this.#failing += passes ? -1 : 1
    account.passes = passes
    account.hasPassed ||= passes
    return true
  }

  /** The slices of a Service, with the conditions that its endpoints were found to have. */
  see(
    service: string,
    slices: readonly EndpointSlice[],
    keepsAll: boolean,
  ): readonly EndpointSlice[] {
    const byAddress = this.#byService.get(service)
    if (byAddress === undefined) return slices
    const parts = slices.flatMap((slice) =>
      slice.ports.map((port) => partOf(slice, port, byAddress)),
    )
    const alive = new Set(parts.filter(isAlive).map(portOf))
    return parts.map((part) => withConditions(part, keepsAll && !alive.has(portOf(part))))
  }

  #accountsOf(service: string): readonly Account[] {
    return [...(this.#byService.get(service)?.values() ?? [])].flat()
  }

  #begin(target: Target, now: number, wasThere: boolean): Account {
    const passes = target.ready || wasThere
    const account = { target, passes, hasPassed: passes, successes: 0, failures: 0 }
    this.#accounts.set(target.key, account)
    if (!passes) this.#failing += 1
    // Each begins at a moment of its own, so that not all of them ask at once.
    const { period, initialDelay } = target.timing
    const spread = hashOf(target.key) % Math.max(1, Math.min(period, passes ? period : 1000))
    this.#queue.push(now + initialDelay + spread, account)
    return account
  }

  #end(account: Account): void {
    const { key } = account.target
    if (this.#accounts.get(key) === account) this.#accounts.delete(key)
    if (!account.passes) this.#failing -= 1
  }
}

interface Verdict {
  readonly passes: boolean
  readonly hasPassed: boolean
}

/** A slice for one of its ports, and what is known of each of its endpoints there. */
interface Part {
  readonly slice: EndpointSlice
  readonly port: SlicePort
  readonly verdicts: readonly (Verdict | undefined)[]
}

function partOf(
  slice: EndpointSlice,
  port: SlicePort,
  byAddress: ReadonlyMap<string, readonly Account[]>,
): Part {
  const verdicts = slice.endpoints.map(({ address }) =>
    verdictOn(byAddress.get(address) ?? [], port.port),
  )
  return { slice, port, verdicts }
}

/** All that are about an address and a port have to pass; nothing where nobody is asked about it. */
function verdictOn(accounts: readonly Account[], port: number | undefined): Verdict | undefined {
  const about = accounts.filter(({ target }) => target.port === undefined || target.port === port)
  if (about.length === 0) return undefined
  return {
    passes: about.every(({ passes }) => passes),
    hasPassed: about.every(({ hasPassed }) => hasPassed),
  }
}

function isAlive({ slice, verdicts }: Part): boolean {
  return slice.endpoints.some(({ ready }, index) => verdicts[index]?.passes ?? ready)
}

function portOf({ slice, port }: Part): string {
  return `${slice.addressType} ${port.protocol} ${port.name}`
}

/** Where there is no hope, those are kept that ever passed. */
function withConditions({ slice, port, verdicts }: Part, isHopeless: boolean): EndpointSlice {
  const endpoints = slice.endpoints.map((endpoint, index) => {
    const verdict = verdicts[index]
    if (verdict === undefined || endpoint.terminating) return endpoint
    const ready = isHopeless ? verdict.hasPassed : verdict.passes
    return ready === endpoint.ready ? endpoint : { ...endpoint, ready, serving: ready }
  })
  return { ...slice, ports: [port], endpoints }
}

/** Whoever is asked the same goes on being what he was. */
function isSame(a: Target, b: Target): boolean {
  return JSON.stringify([a.check, a.timing, a.port]) === JSON.stringify([b.check, b.timing, b.port])
}
