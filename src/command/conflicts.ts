import { notOurs, serviceOfAnotherSet, takenByEntry } from '../diagnostic/complaints.ts'
import type { Diagnostic } from '../diagnostic/diagnostic.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { nameOf } from '../object/metadata.ts'
import { placeOf } from '../object/written.ts'
import type { Conflict, Wish } from '../table/plan.ts'
import { identityOf } from '../table/virtual-server.ts'
import type { World } from '../world/world.ts'
import { complain } from './complain.ts'
import type { ColourOption } from './options.ts'
import type { Wanted } from './wanted.ts'

/** What is wanted and somebody else has, with both sides. Nothing is changed then. */
export async function sayConflicts(
  conflicts: readonly Conflict[],
  { compiled }: Wanted,
  { color }: ColourOption,
  world: World,
): Promise<void> {
  const diagnostics = conflicts.map(complaintAbout)
  await complain(diagnostics, compiled?.sources ?? [], color, world)
}

/** Services that another set has, each with both sets; answers how many there are. */
export async function sayOfOtherSets(
  wishes: readonly Wish[],
  ledger: Ledger,
  { compiled }: Wanted,
  { color }: ColourOption,
  world: World,
): Promise<number> {
  const others = wishes.flatMap(({ entry: { name, set } }): Diagnostic[] => {
    const old = ledger.entries.get(name)
    if (old === undefined || old.set === set) return []
    const origin = compiled?.granteds.find((granted) => nameOf(granted) === name)?.origin
    const place = origin && placeOf(origin, ['metadata', 'name'])
    return [serviceOfAnotherSet(name, old.set, set).at(place)]
  })
  if (others.length > 0) await complain(others, compiled?.sources ?? [], color, world)
  return others.length
}

/** One conflict, with both sides. */
export function complaintAbout({ server, owner }: Conflict): Diagnostic {
  const identity = identityOf(server)
  const said =
    owner === undefined
      ? notOurs(identity)
      : takenByEntry(identity, owner.name, owner.set, owner.file)
  return said.at(server.cause?.place)
}
