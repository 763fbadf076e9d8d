import { isDriftFrom } from '../table/drift.ts'
import { planFor } from '../table/plan.ts'
import { diffOf, printDiff } from '../text/ipvsadm/diff.ts'
import { printJSON } from '../text/kubectl/json.ts'
import type { World } from '../world/world.ts'
import { sayConflicts } from './conflicts.ts'
import { ExitCode } from './exit-code.ts'
import { readLedger } from './ledger.ts'
import { type DrainFlags, drainRules, type LedgerFlag } from './options.ts'
import { type WantedFlags, wantedTable } from './wanted.ts'
import { removedBy, type SetFlags, wishesFor } from './wishes.ts'

export interface DiffFlags extends WantedFlags, LedgerFlag, SetFlags, DrainFlags {
  readonly adopt: boolean
  readonly output: 'words' | 'json'
}

/** Shows what apply would change. Exit codes are kubectl's: 0 nothing, 1 differences, 2 trouble. */
export async function diff(flags: DiffFlags, world: World): Promise<ExitCode> {
  const ledger = readLedger(flags, world)
  const wanted = await wantedTable(flags, ledger, world)
  if (wanted === undefined) return ExitCode.Usage

  const wishes = wishesFor(wanted, { set: flags.set, ledger, now: world.now() })
  const removed = removedBy(flags, wishes, ledger)
  const kernel = await world.openKernel()
  const live = await kernel.readTable('whole').finally(kernel.close)
  const drain = drainRules(flags, world.now())
  const plan = planFor({ wishes, removed, ledger, live, drain, adopt: flags.adopt })
  await sayConflicts(plan.conflicts, wanted, flags, world)

  const found = diffOf(plan, live, isDriftFrom(ledger))
  if (flags.output === 'json') world.print(printJSON(found))
  else world.print(printDiff(found, await world.paintFor('stdout', flags.color)))
  return plan.changes.length + plan.conflicts.length === 0 ? ExitCode.Done : ExitCode.No
}
