import { type World, WorldError } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'
import { type DrainFlags, drainRules, type LedgerFlag, type LockFlags } from './options.ts'
import { locked, settle } from './settle.ts'
import { wishesFromLedger } from './wishes.ts'

export type RestoreFlags = LedgerFlag & LockFlags & DrainFlags

/** Puts back what the ledger holds, as after a boot. */
export async function restore(flags: RestoreFlags, world: World): Promise<ExitCode> {
  return await locked(flags, world, async (store) => {
    const wishes = wishesFromLedger(store.ledger)
    if (wishes.length === 0) {
      throw new WorldError(`the ledger "${store.path}" is empty`, { kind: 'input' })
    }
    const drain = drainRules(flags, world.now())
    // After a boot whoever was first may have put back what is ours; the ledger says whose it is.
    const { plan, code } = await settle({ wishes, removed: [], drain, adopt: true }, store, world)
    if (code === ExitCode.Done) {
      const count = plan.changes.length
      world.print(count === 0 ? 'nothing to restore\n' : `restored, in ${count} changes\n`)
    }
    return code
  })
}
