import { fateOf, nearTo } from '../table/near.ts'
import { type Packet, serverFor, wayThrough } from '../table/way.ts'
import { printJSON } from '../text/kubectl/json.ts'
import { printNobody } from '../text/way/near.ts'
import { printWay } from '../text/way/way.ts'
import { nobodyFields, wayFields } from '../text/way/way-fields.ts'
import type { World } from '../world/world.ts'
import { type CompileFlags, compileInput } from './compile-input.ts'
import { ExitCode } from './exit-code.ts'
import { readLedger } from './ledger.ts'
import type { LedgerFlag } from './options.ts'

export interface ExplainFlags extends CompileFlags, LedgerFlag {
  readonly output: 'words' | 'json'
}

/** Shows the way of one packet through the table: what it meets, whom it reaches, and why. */
export async function explain(
  packet: Packet,
  flags: ExplainFlags,
  world: World,
): Promise<ExitCode> {
  const ledger = readLedger(flags, world)
  const compiled = await compileInput({ ...flags, asked: packet.address }, ledger, world)
  if (compiled === undefined) return ExitCode.No

  const { view, table } = compiled
  const paint = await world.paintFor('stdout', flags.color)
  const server = serverFor(packet, table)
  const way = server && wayThrough(server, compiled)
  if (way !== undefined) {
    world.print(
      flags.output === 'json'
        ? printJSON(wayFields(packet, way, view))
        : printWay(way, view, paint),
    )
    return way.stops.length > 0 ? ExitCode.Done : ExitCode.No
  }
  const near = nearTo(packet, compiled)
  const fate = fateOf(packet, compiled)
  world.print(
    flags.output === 'json'
      ? printJSON(nobodyFields(packet, fate, near, view))
      : printNobody(packet, fate, near, view, paint),
  )
  return ExitCode.No
}
