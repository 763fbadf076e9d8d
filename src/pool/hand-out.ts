import type { Said } from '../diagnostic/complaint.ts'
import { hasIt } from '../diagnostic/complaints.ts'
import type { Diagnostic, Related } from '../diagnostic/diagnostic.ts'
import type { Path } from '../manifest/document.ts'
import { type Origin, placeOf } from '../object/written.ts'
import type { Draft } from './draft.ts'
import type { Need } from './need.ts'
import { type Claim, drawFor, type Pool, take } from './pool.ts'
import { exhaustion, pathOf, refusal } from './sentences.ts'

/** What is told at the very end, when it is known which numbers are free instead. */
export type Refusals = (() => Diagnostic)[]

/** Leaves a Service what it has. */
export function keepNumbers<N>(pool: Pool<N>, needs: readonly Need<N>[], draft: Draft): void {
  for (const need of needs) {
    if (!need.kept || need.wish === undefined) continue
    if (take(pool, need.wish, ledgerClaim(draft)) === undefined) need.got = need.wish
  }
}

/** Grants what a Service asks for by number, or says who has it. */
export function grantWishes<N>(
  pool: Pool<N>,
  needs: readonly Need<N>[],
  draft: Draft,
  refusals: Refusals,
): void {
  for (const need of needs) {
    if (need.wish === undefined || need.got !== undefined) continue
    const refused = grantWish(pool, need, need.wish, draft)
    if (refused !== undefined) refusals.push(refused)
  }
}

/** Draws what is left to the pool. A pool that has nothing more says so once to each Service. */
export function drawNumbers<N>(
  pool: Pool<N>,
  needs: readonly Need<N>[],
  draft: Draft,
  refusals: Refusals,
): void {
  for (const need of needs) {
    if (need.wish !== undefined) continue
    need.got = drawFor(pool, need.name)
    if (need.got !== undefined) continue
    draft.refused = true
    const said = pool.complaints.full(exhaustion(draft, need))
    refusals.push(() => found(said, draft.service.origin, pathOf(draft, need)))
    return
  }
}

/** Says of a number that the ledger gives it to a Service that is here. */
export function ledgerClaim({ name, service }: Draft): Claim {
  return { service: name, by: 'ledger', origin: service.origin, path: nameOfService }
}

const nameOfService: Path = ['metadata', 'name']

function grantWish<N>(
  pool: Pool<N>,
  need: Need<N>,
  wish: N,
  draft: Draft,
): (() => Diagnostic) | undefined {
  const { origin } = draft.service
  const path = pathOf(draft, need)
  const free = (): string | undefined => drawFor(pool, need.name)?.toString()
  if (!pool.includes(wish)) {
    draft.refused = true
    const message = refusal(draft, need, pool.reasons.outside)
    return () => found(pool.complaints.outside(message, free()), origin, path)
  }
  const earlier = take(pool, wish, { service: draft.name, by: 'wish', origin, path })
  if (earlier === undefined) {
    need.got = wish
    return undefined
  }
  draft.refused = true
  const message = refusal(draft, need, pool.reasons.taken)
  return () => {
    const shown = beside(earlier.origin, earlier.path, hasIt(earlier))
    const holder = shown.length === 0 ? earlier : undefined
    return found(pool.complaints.taken(message, holder, free()), origin, path, shown)
  }
}

/** One fault at its place in a manifest, if the Service was written in one. */
export function found(
  said: Said,
  origin: Origin | undefined,
  path: Path,
  related: readonly Related[] = [],
): Diagnostic {
  return said.at(origin === undefined ? undefined : placeOf(origin, path), ...related)
}

/** Another place that has a part in a fault, if it is written anywhere. */
export function beside(origin: Origin | undefined, path: Path, label: string): Related[] {
  return origin === undefined ? [] : [{ at: placeOf(origin, path), label }]
}
