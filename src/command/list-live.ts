import { withPort } from '../address/ip.ts'
import { plain } from '../diagnostic/frame.ts'
import { drainAt } from '../ledger/drains.ts'
import { type HeldRealServer, heldIdentity, type Ledger } from '../ledger/ledger.ts'
import { causeFrom, realServersByPlace } from '../table/held.ts'
import {
  identityOf,
  type RealServer,
  type Table,
  type VirtualServer,
} from '../table/virtual-server.ts'
import { parseConnections, printConnections } from '../text/ipvsadm/connections.ts'
import { printListing } from '../text/ipvsadm/list.ts'
import { printDaemons, printTimeouts } from '../text/ipvsadm/settings.ts'
import type { Kernel } from '../world/kernel.ts'
import type { Parts } from '../world/pieces.ts'
import type { Depth } from '../world/read-table.ts'
import { type World, WorldError } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'
import { readLedger } from './ledger.ts'
import type { ListFlags } from './list-flags.ts'
import { sayNoSuchService, serverAsked } from './one-server.ts'
import { printTable } from './print-table.ts'

/** Prints the table that the kernel has now. */
export async function listLive(flags: ListFlags, world: World): Promise<ExitCode> {
  refuseConflicts(flags)
  const kernel = await world.openKernel()
  try {
    for (;;) {
      const pieces = await listing(flags, kernel, world)
      if (pieces === undefined) return sayNoSuchService(world)
      const isScreen = flags.watch !== undefined && world.isTerminal('stdout')
      if (isScreen) world.print(clearScreen)
      world.print(pieces)
      if (flags.watch === undefined) return ExitCode.Done
      if (!isScreen) world.print('\n')
      await world.sleep(flags.watch)
    }
  } finally {
    kernel.close()
  }
}

/** ipvsadm would refuse them too, in these words. */
function refuseConflicts(flags: ListFlags): void {
  const { connections, timeout, daemon, stats, rate, thresholds, persistentConn } = flags
  const asked = [serverAsked(flags) !== undefined, connections, timeout, daemon]
  const others = [stats, rate, thresholds, persistentConn && !connections]
  const areAtOdds = asked.slice(1).includes(true) && others.includes(true)
  if (!areAtOdds && asked.filter(Boolean).length < 2) return
  throw new WorldError('options conflicts in the list command', { kind: 'input' })
}

const clearScreen = '\u001b[H\u001b[2J'

/** One listing in pieces, or nothing where the virtual server that was asked for is not there. */
async function listing(flags: ListFlags, kernel: Kernel, world: World): Promise<Parts | undefined> {
  if (flags.timeout) return [printTimeouts(await kernel.readTimeouts())]
  if (flags.daemon) return [printDaemons(await kernel.readDaemons())]
  if (flags.connections) {
    const { persistentConn } = flags
    return [printConnections(parseConnections(kernel.connections()), { persistentConn })]
  }
  const asked = serverAsked(flags)
  const depth = depthFor(flags)
  if (asked !== undefined) {
    const server = await kernel.readServer(asked, depth)
    if (server === undefined) return undefined
    const table = named([server], flags, world)
    return [await printTable(table, { ...flags, alone: true, dumped: true }, world)]
  }
  const facts = await kernel.readFacts()
  if (await isPlain(flags, world)) {
    const listed = await kernel.readListing()
    if (listed !== undefined) return printListing(listed, facts)
  }
  const table = named(await kernel.readTable(depth), flags, world)
  return [await printTable(table, { ...flags, kernel: facts, dumped: true }, world)]
}

/** Is it `ipvsadm -Ln` that is asked for, to the letter? */
async function isPlain(flags: ListFlags, world: World): Promise<boolean> {
  const { output, stats, rate, thresholds, persistentConn, tunInfo, nosort, color } = flags
  if (output !== 'ipvsadm') return false
  if (stats || rate || thresholds || persistentConn || tunInfo || nosort) return false
  return (await world.paintFor('stdout', color)) === plain
}

/** Counters and thresholds cost a longer way to the kernel than what a plain list shows. */
function depthFor({ stats, rate, thresholds, persistentConn, tunInfo, output }: ListFlags): Depth {
  if (stats || rate || output === 'json' || output === 'yaml') return 'counted'
  return thresholds || persistentConn || tunInfo ? 'whole' : 'listed'
}

/** The rows with what the ledger knows of them, where anybody is to see it. */
function named(table: Table, flags: ListFlags, world: World): Table {
  if (flags.output === 'ipvsadm' || flags.output === 'rules') return table
  const naming = namesIn(readLedger(flags, world), world.now())
  return table.map((server) => naming.get(identityOf(server))?.(server) ?? server)
}

type Naming = (live: VirtualServer) => VirtualServer

function namesIn({ entries, drains }: Ledger, now: Date): ReadonlyMap<string, Naming> {
  const namings = new Map<string, Naming>()
  for (const entry of entries.values()) {
    for (const held of entry.servers) {
      namings.set(heldIdentity(held), (live) => {
        const places = realServersByPlace(held)
        const realServers = live.realServers.map((real) => {
          const place = withPort(real.address, real.port)
          const drain = drainAt(drains, place, now)
          return { ...real, ...nameFrom(places.get(place)), drained: drain && (drain.reason ?? '') }
        })
        return { ...live, cause: causeFrom(held, entry), entry: entry.name, realServers }
      })
    }
  }
  return namings
}

function nameFrom(
  held: string | HeldRealServer | undefined,
): Pick<RealServer, 'name' | 'simulated'> {
  return typeof held === 'object' ? { name: held.name, simulated: held.simulated } : {}
}
