import type { World } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'
import { type OneServerFlags, sayNoSuchService, serverAsked } from './one-server.ts'

/** Lets the counters begin again: of one virtual server, or of all. */
export async function zero(flags: OneServerFlags, world: World): Promise<ExitCode> {
  const asked = serverAsked(flags)
  const kernel = await world.openKernel()
  try {
    if (asked !== undefined && (await kernel.readServer(asked, 'listed')) === undefined) {
      return sayNoSuchService(world)
    }
    await kernel.zero(asked)
    return ExitCode.Done
  } finally {
    kernel.close()
  }
}
