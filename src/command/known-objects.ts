import type { Diagnostic } from '../diagnostic/diagnostic.ts'
import { serviceSpecs, servicesIn } from '../pool/held.ts'
import { rosterOf } from '../roster/roster.ts'
import { rosterOfLedger } from '../table/held-roster.ts'
import type { Known } from '../text/kubectl/listings.ts'
import type { World } from '../world/world.ts'
import { understandInput } from './compile-input.ts'
import { complain } from './complain.ts'
import { readLedger } from './ledger.ts'
import type { ColourOption, InputOptions, LedgerFlag, PoolFlags } from './options.ts'

export type KnownFlags = InputOptions & PoolFlags & LedgerFlag & ColourOption

export interface KnownObjects extends Known {
  /** Says what was only noticed while the objects were shown. */
  readonly complainLate: () => Promise<void>
}

/**
 * What manifests stand for or, where none are named, what the ledger knows. Nothing where the
 * manifests are in error, which is said.
 */
export async function knownObjects(
  flags: KnownFlags,
  world: World,
): Promise<KnownObjects | undefined> {
  const ledger = readLedger(flags, world)
  if (flags.filename.length === 0) {
    const services = servicesIn(ledger).map(([, service]) => service)
    const roster = rosterOfLedger(ledger)
    return { services, roster, cluster: undefined, complainLate: async () => {} }
  }
  const understood = await understandInput(flags, serviceSpecs(ledger), world)
  if (understood === undefined) return undefined
  const { granteds, cluster, sources } = understood
  const late: Diagnostic[] = []
  const roster = rosterOf(cluster, (diagnostic) => void late.push(diagnostic))
  const complainLate = (): Promise<void> => complain(late, sources, flags.color, world)
  return { services: granteds, roster, cluster, complainLate }
}
