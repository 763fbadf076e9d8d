import type { Table } from '../table/virtual-server.ts'
import type { World } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'
import { readLedger } from './ledger.ts'
import type { ListFlags } from './list-flags.ts'
import { printTable } from './print-table.ts'
import { wantedTable } from './wanted.ts'

/** Prints a table in ipvsadm's words. */
export async function list(flags: ListFlags, world: World): Promise<ExitCode> {
  if (flags.filename.length === 0 && flags.rules === undefined) {
    const { listLive } = await import('./list-live.ts')
    return await listLive(flags, world)
  }
  const wanted = await wantedTable(flags, readLedger(flags, world), world)
  if (wanted === undefined) return ExitCode.No

  if (flags.output === 'rules') saySimulated(wanted.table, world)
  world.print(await printTable(wanted.table, flags, world))
  return ExitCode.Done
}

/** Rules have no room for a mark, so that a word beside them has to do. */
function saySimulated(table: Table, world: World): void {
  const count = table.flatMap(({ realServers }) => realServers).filter((it) => it.simulated).length
  if (count > 0)
    world.say(`warning: ${count} of the real servers are simulated: nobody runs them yet\n`)
}
