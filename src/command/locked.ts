import { isOver, parseTrial, type Trial } from '../ledger/trial.ts'
import { wishFor } from '../table/plan.ts'
import { type World, WorldError } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'
import { type LedgerStore, openLedger } from './ledger.ts'
import type { LedgerFlag, LockFlags } from './options.ts'
import { settle } from './settle.ts'

/**
 * Runs something while nobody else writes the ledger or the kernel's table. An apply that waits to
 * be confirmed stands in the way; one that waited too long is taken back first.
 */
export async function locked(
  flags: LedgerFlag & LockFlags,
  world: World,
  run: (store: LedgerStore) => Promise<ExitCode>,
): Promise<ExitCode> {
  return await alone(flags, world, async () => {
    const store = openLedger(flags, world)
    const trial = trialOf(store, world)
    if (trial === undefined) return await run(store)
    if (!isOver(trial, world.now(), world.host.boot())) {
      throw new WorldError(`the last apply waits until ${trial.until} to be confirmed`, {
        help: '`nodeport confirm` keeps it, and `nodeport confirm --undo` takes it back',
      })
    }
    const code = await takeBack(trial, store, world)
    if (code !== ExitCode.Done) return code
    world.say('the last apply was not confirmed in time: it is taken back\n')
    return await run(openLedger(flags, world))
  })
}

/** The same, whatever waits. */
export async function alone<T>(
  flags: LedgerFlag & LockFlags,
  world: World,
  run: () => Promise<T>,
): Promise<T> {
  const lock = await world.lock({
    ledger: flags.ledger ?? world.usualLedger(),
    timeoutMs: flags.lockTimeout,
    waiting: () => world.say('another nodeport is at work: waiting for it to end\n'),
  })
  try {
    return await run()
  } finally {
    lock.release()
  }
}

/** The apply that waits to be confirmed, if one does. */
export function trialOf({ path }: LedgerStore, world: World): Trial | undefined {
  const text = world.readFile(trialPath(path))
  return text === undefined ? undefined : parseTrial(text)
}

export function trialPath(ledger: string): string {
  return `${ledger}.confirm`
}

/** Brings back what was true before an apply that nobody confirmed. */
export async function takeBack(
  { before, drainTimeout }: Trial,
  store: LedgerStore,
  world: World,
): Promise<ExitCode> {
  const { entries, drains, files, terrain } = before
  const { code } = await settle(
    {
      wishes: [...entries.values()].map(wishFor),
      removed: [...store.ledger.entries.keys()].filter((name) => !entries.has(name)),
      drain: { now: world.now(), timeoutMs: drainTimeout },
      drains,
      // It was ours, whoever has it now.
      adopt: true,
      filesAfter: () => files,
      host: terrain ?? 'remove',
    },
    store,
    world,
  )
  if (code === ExitCode.Done) world.removeFile(trialPath(store.path))
  return code
}
