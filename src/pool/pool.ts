import type { Say } from '../diagnostic/complaint.ts'
import type { Holder } from '../diagnostic/complaints.ts'
import type { Path } from '../manifest/document.ts'
import type { Origin } from '../object/written.ts'
import { type Bands, draw, release, strike } from './bands.ts'

/** Numbers of one kind, ports or addresses, of which each has one holder at most. */
export interface Pool<N> {
  /** Whether the pool may give a number at all. */
  readonly includes: (number: N) => boolean
  /** Where a number stands in the bands; nowhere where no automatic number is ever taken from. */
  readonly offsetOf: (number: N) => number | undefined
  readonly numberAt: (offset: number) => N
  readonly bands: Bands
  /** Held or wished for. Automatic numbers need no claim: every wish is heard before they are drawn. */
  readonly claims: Map<N, Claim>
  /** Why the API server refuses a number: another has it, or nobody can. */
  readonly reasons: { readonly taken: string; readonly outside: string }
  readonly complaints: PoolComplaints
}

export interface PoolComplaints {
  readonly taken: Say<[message: string, holder: Holder | undefined, free: string | undefined]>
  readonly outside: Say<[message: string, free: string | undefined]>
  readonly full: Say<[message: string]>
}

/** Who has a number, and where that is written. */
export interface Claim extends Holder {
  readonly origin: Origin | undefined
  readonly path: Path
}

/** Gives a number to a claimant, or answers who has it already. */
export function take<N>(pool: Pool<N>, number: N, claim: Claim): Claim | undefined {
  const earlier = pool.claims.get(number)
  // The Service that every cluster has may well be written in a manifest too.
  const same = earlier?.by === 'cluster' && earlier.service === claim.service
  if (earlier !== undefined && !same) return earlier
  pool.claims.set(number, claim)
  const offset = pool.offsetOf(number)
  if (offset !== undefined) strike(pool.bands, offset)
  return undefined
}

/** Takes a number back from a Service that does not want it any more. */
export function giveUp<N>(pool: Pool<N>, number: N): void {
  const offset = pool.offsetOf(number)
  if (offset !== undefined && !pool.claims.has(number)) release(pool.bands, offset)
}

/** The number that the pool gives to a name; `undefined` when it has none left. */
export function drawFor<N>(pool: Pool<N>, name: string): N | undefined {
  const offset = draw(pool.bands, name)
  return offset === undefined ? undefined : pool.numberAt(offset)
}
