import { lastingDrains } from '../ledger/drains.ts'
import { type Ledger, withEntries } from '../ledger/ledger.ts'
import {
  hasThresholds,
  isSettled,
  type Plan,
  type PlanInput,
  planFor,
  wishFor,
} from '../table/plan.ts'
import { linesOf } from '../terrain/commands.ts'
import type { Depth } from '../world/read-table.ts'
import { type World, WorldError } from '../world/world.ts'
import { carryOut, type Site } from './carry-out.ts'
import { ExitCode } from './exit-code.ts'
import { type HostPart, type HostWish, hostPartFor } from './host-part.ts'
import type { LedgerStore } from './ledger.ts'

/** What is to be brought about; what is there is found out here. */
export interface Aim extends Omit<PlanInput, 'ledger' | 'live'> {
  /** How long the manifests are, for the ledger to remember. */
  readonly filesAfter?: (ledger: Ledger) => Ledger['files']
  /** How closely the kernel is looked at, where that is not for us to choose. */
  readonly depth?: Depth
  /** Called before the first change, if there is any. */
  readonly begin?: (() => void) | undefined
  /** What is to become of the host's part; usually it follows the ledger. */
  readonly host?: HostWish
}

export interface Settled {
  readonly plan: Plan
  /** How many things about the host itself were changed. */
  readonly hostChanges: number
  /** `Refused` also where somebody else has what is wanted: then nothing was tried. */
  readonly code: ExitCode
}

/** Reads the kernel, writes down the intent, makes the changes, and lets the ledger say so. */
export async function settle(wanted: Aim, store: LedgerStore, world: World): Promise<Settled> {
  const aim = withUnfinished(wanted, store)
  const kernel = await world.openKernel()
  try {
    const live = await kernel.readTable(aim.depth ?? depthFor(aim, store))
    const plan = planFor({ ...aim, ledger: store.ledger, live })
    if (plan.conflicts.length > 0) return { plan, code: ExitCode.Refused, hostChanges: 0 }

    const next = withEntries(store.ledger, plan.changed)
    const host = await hostPartFor(aim.host ?? 'follow', store.ledger, next, world)
    try {
      if (isSettled(plan) && host.isSettled && store.unfinished === undefined) {
        return { plan, code: ExitCode.Done, hostChanges: 0 }
      }
      aim.begin?.()
      const code = await world.unbroken((interrupted) =>
        goThrough(plan, aim, { store, world, kernel, live, interrupted, host }),
      )
      const { first, last } = host.steps
      return { plan, code, hostChanges: linesOf([...first, ...last]).length }
    } finally {
      host.close()
    }
  } finally {
    kernel.close()
  }
}

/**
 * With what somebody began and did not end. Where nobody asks for anything else, it is brought to
 * the end that it was to have.
 */
export function withUnfinished<T extends Pick<Aim, 'wishes' | 'removed'>>(
  aim: T,
  { unfinished }: LedgerStore,
): T {
  if (unfinished === undefined) return aim
  const asked = new Set([...aim.removed, ...aim.wishes.map(({ entry }) => entry.name)])
  const others = unfinished.entries.filter(({ name }) => !asked.has(name)).map(wishFor)
  const leaving = unfinished.removed.filter((name) => !asked.has(name))
  return { ...aim, wishes: [...others, ...aim.wishes], removed: [...aim.removed, ...leaving] }
}

/**
 * How closely the kernel has to be looked at. Thresholds make a reading several times as long, so
 * that it is only done where somebody has ever wished for some.
 */
export function depthFor(
  { wishes, adopt }: Pick<Aim, 'wishes' | 'adopt'>,
  { ledger }: LedgerStore,
): Depth {
  return adopt || hasThresholds(wishes, ledger) ? 'whole' : 'listed'
}

interface Scene extends Site {
  readonly store: LedgerStore
  readonly world: World
  readonly host: HostPart
}

async function goThrough(plan: Plan, aim: Aim, scene: Scene): Promise<ExitCode> {
  const { store, world, host } = scene
  const changed = { ...plan.changed, terrain: host.during }
  store.intend(changed)
  const table: { code: ExitCode } = { code: ExitCode.Refused }
  const code = await host.around(async () => {
    table.code = await carryOut(plan.changes, scene, world)
    return table.code
  })
  if (table.code === ExitCode.Partly) store.turnBack(changed)
  else if (table.code !== ExitCode.Done) store.forget()
  else {
    const terrain = code === ExitCode.Done ? host.after : host.during
    const written = writeLedger(ledgerAfter(plan, aim, store.ledger, terrain), store, world)
    return written === ExitCode.Done ? code : written
  }
  return code
}

/** The journal has it all, and the next run can go on from there. */
function writeLedger(ledger: Ledger, store: LedgerStore, world: World): ExitCode {
  try {
    store.settle(ledger)
    return ExitCode.Done
  } catch (error) {
    if (!(error instanceof WorldError)) throw error
    world.say(`error: ${error.message}\n`)
    world.say(
      'help: all changes are made in the kernel; apply again, and the ledger knows of them\n',
    )
    return ExitCode.Partly
  }
}

function ledgerAfter(
  { changed }: Plan,
  { filesAfter, drain }: Aim,
  before: Ledger,
  terrain: Ledger['terrain'],
): Ledger {
  const ledger = withEntries(before, changed)
  return {
    ...ledger,
    terrain,
    drains: lastingDrains(ledger.drains, drain.now),
    files: filesAfter === undefined ? ledger.files : filesAfter(ledger),
  }
}
