import type { World } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'
import { locked } from './locked.ts'
import type { LedgerFlag, LockFlags } from './options.ts'
import { settle } from './settle.ts'

export type UninstallFlags = LedgerFlag & LockFlags

/** Takes away all that is ours, and only that: what the ledger names, then the ledger. */
export async function uninstall(flags: UninstallFlags, world: World): Promise<ExitCode> {
  return await locked(flags, world, async (store) => {
    const removed = [...store.ledger.entries.keys()]
    const hasLedger = world.readFile(store.path) !== undefined
    const drain = { now: world.now(), timeoutMs: 0 }
    const { plan, code, hostChanges } = await settle(
      { wishes: [], removed, drain, adopt: false, host: 'remove' },
      store,
      world,
    )
    if (code !== ExitCode.Done) return code
    store.remove()
    const count = plan.changes.length
    const what = count === 1 ? '1 virtual server' : `${count} virtual servers`
    const host = hostChanges === 0 ? '' : ', host as it was before'
    world.print(`uninstalled: ${what} deleted${host}${hasLedger ? ', ledger removed' : ''}\n`)
    return code
  })
}
