import { isDriftFrom } from '../table/drift.ts'
import { planFor, wishFor } from '../table/plan.ts'
import { diffOf, printDiff } from '../text/ipvsadm/diff.ts'
import { printJSON } from '../text/kubectl/json.ts'
import type { World } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'
import { hostPartFor } from './host-part.ts'
import { openLedger } from './ledger.ts'
import type { ColourOption, LedgerFlag } from './options.ts'

export interface AuditFlags extends LedgerFlag, ColourOption {
  readonly output: 'words' | 'json'
}

/** Has anything changed behind our back? The ledger against the kernel, and no manifest asked. */
export async function audit(flags: AuditFlags, world: World): Promise<ExitCode> {
  const { ledger, aim } = openLedger(flags, world)
  const kernel = await world.openKernel()
  const live = await kernel.readTable('whole').finally(kernel.close)
  // What drains is meant to be there: it is no drift, whatever time it has left.
  const drain = { now: new Date(0), timeoutMs: Number.MAX_SAFE_INTEGER }
  const wishes = [...aim.entries.values()].map(wishFor)
  const plan = planFor({ wishes, removed: [], ledger, live, drain, adopt: false })
  const host = await hostPartFor('follow', ledger, ledger, world)
  host.close()
  const found = diffOf(plan, live, host.steps, isDriftFrom(ledger, drain.now))
  if (flags.output === 'json') world.print(printJSON(found))
  else world.print(printDiff(found, await world.paintFor('stdout', flags.color)))
  return plan.changes.length + found.host.length === 0 ? ExitCode.Done : ExitCode.No
}
