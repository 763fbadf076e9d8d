import { isOver, printTrial, type Trial } from '../ledger/trial.ts'
import type { World } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'
import { type LedgerStore, openLedger } from './ledger.ts'
import { alone, takeBack, trialOf, trialPath } from './locked.ts'
import type { LedgerFlag, LockFlags } from './options.ts'

export interface ConfirmFlags extends LedgerFlag, LockFlags {
  readonly undo: boolean
  /** Nobody types this: it is how the watch of a trial is told which one it watches. */
  readonly watch: string | undefined
}

/** Keeps what an apply with --confirm-within has changed, or takes it back at once. */
export async function confirm(flags: ConfirmFlags, world: World): Promise<ExitCode> {
  if (flags.watch !== undefined) return await watch(flags.watch, flags, world)
  return await alone(flags, world, async () => {
    const store = openLedger(flags, world)
    const trial = trialOf(store, world)
    if (trial === undefined) {
      world.say('error: there is nothing to confirm\n')
      return ExitCode.No
    }
    if (!flags.undo && !isOver(trial, world.now(), world.host.boot())) {
      world.removeFile(trialPath(store.path))
      world.print('confirmed\n')
      return ExitCode.Done
    }
    const code = await takeBack(trial, store, world)
    if (code !== ExitCode.Done) return code
    if (flags.undo) world.print('taken back\n')
    else world.say('error: the time to confirm was over: the apply is taken back\n')
    return flags.undo ? ExitCode.Done : ExitCode.No
  })
}

/** Writes down what an apply on trial has to be taken back to, and sets somebody to watch it. */
export function beginTrial(
  { withinMs, drainTimeout }: { readonly withinMs: number; readonly drainTimeout: number },
  store: LedgerStore,
  world: World,
): void {
  const until = new Date(world.now().getTime() + withinMs).toISOString()
  const trial: Trial = { until, boot: world.host.boot(), drainTimeout, before: store.aim }
  world.writeFile(trialPath(store.path), printTrial(trial))
  world.startAside(['confirm', '--ledger', store.path, '--watch', until])
}

/** Nothing was changed after all. */
export function endTrial({ path }: LedgerStore, world: World): void {
  world.removeFile(trialPath(path))
}

const longestSleep = 1000
const lockTimeout = 3_600_000

/** Waits for the time of a trial to be over. Short sleeps, so that it goes by the clock on the wall. */
async function watch(until: string, flags: ConfirmFlags, world: World): Promise<ExitCode> {
  const path = trialPath(flags.ledger ?? world.usualLedger())
  for (;;) {
    if (!world.readFile(path)?.includes(until)) return ExitCode.Done
    const rest = new Date(until).getTime() - world.now().getTime()
    if (rest <= 0) break
    await world.sleep(Math.min(rest, longestSleep))
  }
  return await alone({ ...flags, lockTimeout }, world, async () => {
    const store = openLedger(flags, world)
    const trial = trialOf(store, world)
    return trial?.until === until ? await takeBack(trial, store, world) : ExitCode.Done
  })
}
