import type { Diagnostic } from '../diagnostic/diagnostic.ts'
import { serviceSpecs, servicesIn } from '../pool/held.ts'
import { rosterOf } from '../roster/roster.ts'
import { rosterOfLedger } from '../table/held-roster.ts'
import type { World } from '../world/world.ts'
import { understandInput } from './compile-input.ts'
import { complain } from './complain.ts'
import { isFleet } from './is-fleet.ts'
import type { KnownFlags, KnownObjects } from './known.ts'
import { readLedger } from './ledger.ts'

/**
 * What manifests stand for or, where none are named, what the ledger knows. Nothing where the
 * manifests are in error, which is said.
 */
export async function knownObjects(
  flags: KnownFlags,
  world: World,
): Promise<KnownObjects | undefined> {
  if (isFleet(flags.ledger)) {
    const { knownToFleet } = await import('./fleet-input.ts')
    return await knownToFleet(flags.ledger, flags, world)
  }
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
