import type { RealServer, Table } from '../table/virtual-server.ts'
import type { World } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'
import { readLedger } from './ledger.ts'
import type { ListFlags } from './list-flags.ts'
import { printTable } from './print-table.ts'
import { saySimulated } from './say-simulated.ts'
import { wantedTable } from './wanted.ts'

/** Prints a table in ipvsadm's words. */
export async function list(flags: ListFlags, world: World): Promise<ExitCode> {
  if (flags.filename.length === 0 && flags.rules === undefined) {
    const { listLive } = await import('./list-live.ts')
    return await listLive(flags, world)
  }
  const wanted = await wantedTable(flags, readLedger(flags, world), world)
  if (wanted === undefined) return ExitCode.No

  // Rules have no room for a mark.
  if (flags.output === 'rules') {
    saySimulated('real servers', simulatedIn(wanted.table).length, world)
  }
  world.print(await printTable(wanted.table, flags, world))
  return ExitCode.Done
}

function simulatedIn(table: Table): readonly RealServer[] {
  return table.flatMap(({ realServers }) => realServers.filter((it) => it.simulated))
}
