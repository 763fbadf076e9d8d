import { wishFor } from '../table/plan.ts'
import { type World, WorldError } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'
import { locked } from './locked.ts'
import { type DrainFlags, drainRules, type LedgerFlag, type LockFlags } from './options.ts'
import { type Aim, settle } from './settle.ts'

export type RestoreFlags = LedgerFlag & LockFlags & DrainFlags

/**
 * Puts back what the ledger holds, as after a boot. What it names is ours, whoever has made it
 * meanwhile; what it does not name is left alone.
 */
export async function restore(flags: RestoreFlags, world: World): Promise<ExitCode> {
  return await locked(flags, world, async (store) => {
    const wishes = [...store.aim.entries.values()].map(wishFor)
    if (wishes.length === 0) {
      throw new WorldError(`the ledger "${store.path}" is empty`, { kind: 'input' })
    }
    const drain = drainRules(flags, world.now())
    const aim: Aim = { wishes, removed: [], drain, adopt: false, depth: 'whole' }
    const { plan, code, hostChanges } = await settle(aim, store, world)
    if (code === ExitCode.Done) {
      const length = plan.changes.length + hostChanges
      const how = length === 1 ? '1 change' : `${length} changes`
      world.print(length === 0 ? 'nothing to restore\n' : `restored, in ${how}\n`)
    }
    return code
  })
}
