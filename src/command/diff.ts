import { withEntries } from '../ledger/ledger.ts'
import { isDriftFrom } from '../table/drift.ts'
import { planFor } from '../table/plan.ts'
import { diffOf, printDiff } from '../text/ipvsadm/diff.ts'
import { printTime } from '../text/kubectl/age.ts'
import { printJSON } from '../text/kubectl/json.ts'
import type { World } from '../world/world.ts'
import { sayConflicts, sayOfOtherSets } from './conflicts.ts'
import { ExitCode } from './exit-code.ts'
import { hostPartFor } from './host-part.ts'
import { hostWish } from './host-wish.ts'
import { openLedger } from './ledger.ts'
import {
  type DrainFlags,
  drainRules,
  type EtcdFlags,
  type HostFlags,
  type LedgerFlag,
} from './options.ts'
import { depthFor, withUnfinished } from './settle.ts'
import { type WantedFlags, wantedTable } from './wanted.ts'
import { removedBy, type SetFlags, wishesFor } from './wishes.ts'

export interface DiffFlags
  extends WantedFlags,
    LedgerFlag,
    SetFlags,
    DrainFlags,
    HostFlags,
    EtcdFlags {
  readonly adopt: boolean
  readonly output: 'words' | 'json'
}

/** Shows what apply would change. Exit codes are kubectl's: 0 nothing, 1 differences, 2 trouble. */
export async function diff(flags: DiffFlags, world: World): Promise<ExitCode> {
  const store = openLedger(flags, world)
  const { ledger } = store
  const wanted = await wantedTable(flags, ledger, world)
  if (wanted === undefined) return ExitCode.Usage

  const now = world.now()
  const wishes = wishesFor(wanted, { set: flags.set, ledger, created: printTime(now) })
  const aim = withUnfinished(
    {
      ...{ wishes, removed: removedBy(flags, wishes, ledger), adopt: flags.adopt },
      excluded: wanted.compiled?.excludeCIDRs ?? flags.ipvsExcludeCidrs ?? [],
      drain: drainRules(flags, now),
    },
    store,
  )
  const kernel = await world.openKernel()
  const live = await kernel.readTable(depthFor(aim, store)).finally(kernel.close)
  const plan = planFor({ ...aim, ledger, live })
  await sayConflicts(plan.conflicts, wanted, flags, world)
  const others = flags.adopt ? 0 : await sayOfOtherSets(wishes, ledger, wanted, flags, world)

  const next = withEntries(ledger, plan.changed)
  const host = await hostPartFor(hostWish(flags, wanted, ledger), ledger, next, world)
  host.close()

  const found = diffOf(plan, live, host.steps, isDriftFrom(ledger, now))
  if (flags.output === 'json') world.print(printJSON(found))
  else world.print(printDiff(found, await world.paintFor('stdout', flags.color)))
  const differences = plan.changes.length + plan.conflicts.length + others + found.host.length
  return differences === 0 ? ExitCode.Done : ExitCode.No
}
