import {
  identityOf,
  type RealServer,
  type Table,
  type VirtualServer,
} from '../table/virtual-server.ts'
import { type World, WorldError } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'
import { isFleet } from './is-fleet.ts'
import { readLedger } from './ledger.ts'
import type { ListFlags } from './list-flags.ts'
import { sayNoSuchService, serverAsked } from './one-server.ts'
import { printTable } from './print-table.ts'
import { saySimulated } from './say-simulated.ts'

/** Prints a table in ipvsadm's words. */
export async function list(flags: ListFlags, world: World): Promise<ExitCode> {
  if (flags.filename.length === 0 && flags.rules === undefined && !isFleet(flags.ledger)) {
    const { listLive } = await import('./list-live.ts')
    return await listLive(flags, world)
  }
  refuseLive(flags)
  const asked = serverAsked(flags)
  // Whoever asks for the kernel's table need not load what reads manifests.
  const { wantedTable } = await import('./wanted.ts')
  const wanted = isFleet(flags.ledger)
    ? await (await import('./fleet-input.ts')).tableOfFleet(flags.ledger, flags, world)
    : await wantedTable(flags, readLedger(flags, world), world)
  if (wanted === undefined) return ExitCode.No

  const table = asked === undefined ? wanted.table : only(asked, wanted.table)
  if (table.length === 0 && asked !== undefined) return sayNoSuchService(world)
  // Rules have no room for a mark.
  if (flags.output === 'rules') saySimulated('real servers', simulatedIn(table).length, world)
  world.print(await printTable(table, { ...flags, alone: asked !== undefined }, world))
  return ExitCode.Done
}

function only(asked: VirtualServer, table: Table): Table {
  const identity = identityOf(asked)
  return table.filter((server) => identityOf(server) === identity)
}

/** What the kernel alone knows cannot be asked of manifests. */
function refuseLive(flags: ListFlags): void {
  const { connections, timeout, daemon, watch } = flags
  const asked = { connections, timeout, daemon, watch: watch !== undefined }
  for (const [name, isAsked] of Object.entries(asked)) {
    if (!isAsked) continue
    throw new WorldError(`--${name} asks about the kernel, and -f and --rules about a text`, {
      kind: 'input',
      help: `leave one of them out: \`nodeport list --${name}\``,
    })
  }
}

function simulatedIn(table: Table): readonly RealServer[] {
  return table.flatMap(({ realServers }) => realServers.filter((it) => it.simulated))
}
