import { type Ledger, withEntries } from '../ledger/ledger.ts'
import { type Plan, type PlanInput, planFor } from '../table/plan.ts'
import type { World } from '../world/world.ts'
import { carryOut } from './carry-out.ts'
import { ExitCode } from './exit-code.ts'
import { type LedgerStore, openLedger } from './ledger.ts'
import type { LedgerFlag, LockFlags } from './options.ts'

/** Runs something while nobody else writes the ledger or the kernel's table. */
export async function locked<T>(
  flags: LedgerFlag & LockFlags,
  world: World,
  run: (store: LedgerStore) => Promise<T>,
): Promise<T> {
  const lock = await world.lock({
    ledger: flags.ledger ?? world.usualLedger(),
    timeoutMs: flags.lockTimeout,
    waiting: () => world.say('another nodeport is at work: waiting for it to end\n'),
  })
  try {
    return await run(openLedger(flags, world))
  } finally {
    lock.release()
  }
}

/** What is to be brought about; what is there is found out here. */
export interface Aim extends Omit<PlanInput, 'ledger' | 'live'> {
  /** How long the manifests are, for the ledger to remember. */
  readonly filesAfter?: (ledger: Ledger) => Ledger['files']
}

export interface Settled {
  readonly plan: Plan
  /** `Refused` also where somebody else has what is wanted: then nothing was tried. */
  readonly code: ExitCode
}

/** Reads the kernel, writes down the intent, makes the changes, and lets the ledger say so. */
export async function settle(aim: Aim, store: LedgerStore, world: World): Promise<Settled> {
  const kernel = await world.openKernel()
  try {
    const live = await kernel.readTable('whole')
    const plan = planFor({ ...aim, ledger: store.ledger, live })
    if (plan.conflicts.length > 0) return { plan, code: ExitCode.Refused }

    if (isSettled(plan, aim) && !store.unsettled) return { plan, code: ExitCode.Done }
    store.intend(plan.changed)
    const code = await carryOut(plan.changes, live, kernel, world)
    if (code === ExitCode.Done) store.settle(ledgerAfter(plan, aim, store.ledger))
    else if (code === ExitCode.Refused) store.forget()
    return { plan, code }
  } finally {
    kernel.close()
  }
}

/** Nothing to do, and nothing to write down. */
function isSettled({ changes, changed }: Plan, { drains }: Aim): boolean {
  return changes.length + changed.entries.length + changed.removed.length === 0 && !drains
}

function ledgerAfter({ changed }: Plan, { drains, filesAfter }: Aim, before: Ledger): Ledger {
  const ledger = withEntries(before, changed)
  return {
    ...ledger,
    drains: drains ?? ledger.drains,
    files: filesAfter === undefined ? ledger.files : filesAfter(ledger),
  }
}
