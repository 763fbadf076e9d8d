import { notOurs, takenByEntry } from '../diagnostic/complaints.ts'
import type { Diagnostic } from '../diagnostic/diagnostic.ts'
import type { Conflict } from '../table/plan.ts'
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

/** One conflict, with both sides. */
export function complaintAbout({ server, owner }: Conflict): Diagnostic {
  const identity = identityOf(server)
  const said =
    owner === undefined
      ? notOurs(identity)
      : takenByEntry(identity, owner.name, owner.set, owner.file)
  return said.at(server.cause?.place)
}
