import { serverFor } from '../table/way.ts'
import { courseOf, type Flow } from '../terrain/course.ts'
import { examinationFor } from '../terrain/diagnose.ts'
import type { Examination } from '../terrain/examination.ts'
import type { Sets } from '../terrain/sets.ts'
import { realServersIn, terrainFor, withFound } from '../terrain/terrain.ts'
import { type Connection, parseConnections } from '../text/ipvsadm/connections.ts'
import { printJSON } from '../text/kubectl/json.ts'
import { courseFields, printCourse } from '../text/way/course.ts'
import type { World } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'
import { openLedger } from './ledger.ts'
import type { ColourOption, LedgerFlag } from './options.ts'

export interface FlowFlags extends LedgerFlag, ColourOption {
  readonly output: 'words' | 'json'
  /** The interface by which the packet comes. */
  readonly in?: string | undefined
}

/** Shows the way of a packet through this machine as it is now, or the place where it ends. */
export async function explainFlow(flow: Flow, flags: FlowFlags, world: World): Promise<ExitCode> {
  const kernel = await world.openKernel()
  const live = await kernel.readTable('listed').finally(kernel.close)
  const server = serverFor(flow.packet, live)
  const wish = examinationFor(server === undefined ? [] : [server], { probe: true })
  const { source, packet } = flow
  const realServers = [...wish.realServers, source, packet.address]
  const by = flags.in
  const arrival = by === undefined ? undefined : { from: source, to: packet.address, by }
  const seen = await world.examine({ ...wish, realServers, arrival })
  const sets = await setsOf(seen, flags, world)
  const changed = seen.rules?.by === 'nftables' ? seen.rules.changed : undefined
  const course = courseOf(flow, { seen, live, sets, changed: changed ?? new Set() })
  const known = parseConnections(kernel.connections()).filter((it) => isOf(it, flow))

  world.print(
    flags.output === 'json'
      ? printJSON(courseFields(flow, course, known))
      : printCourse(flow, course, known, await world.paintFor('stdout', flags.color)),
  )
  return course.fate === 'answered' ? ExitCode.Done : ExitCode.No
}

function isOf({ protocol, client, virtual }: Connection, { source, packet }: Flow): boolean {
  return (
    protocol === packet.protocol &&
    client.address === source &&
    virtual.address === packet.address &&
    virtual.port === packet.port
  )
}

/** What is in place of our rules. An older firewall is as the ledger has it, or not ours at all. */
async function setsOf(
  { rules }: Examination,
  flags: FlowFlags,
  world: World,
): Promise<Sets | undefined> {
  if (rules === undefined) return undefined
  if (rules.by === 'nftables') return rules.sets
  const { ledger } = openLedger(flags, world)
  const { terrain } = ledger
  if (terrain === undefined || rules.chains.iptables.digest === undefined) return undefined
  const ground = await world.openGround()
  try {
    const around = withFound(
      await ground.around([terrain.interface], realServersIn(ledger)),
      terrain,
    )
    return terrainFor(ledger, terrain, around)?.sets
  } finally {
    ground.close()
  }
}
