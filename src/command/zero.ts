import type { World } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'
import { type OneServerFlags, serverAsked } from './one-server.ts'

/** Lets the counters begin again: of one virtual server, or of all. */
export async function zero(flags: OneServerFlags, world: World): Promise<ExitCode> {
  const asked = serverAsked(flags)
  const kernel = await world.openKernel()
  try {
    if (asked !== undefined && (await kernel.readServer(asked, 'listed')) === undefined) {
      world.say('No such service\n')
      return ExitCode.No
    }
    await kernel.zero(asked)
    return ExitCode.Done
  } finally {
    kernel.close()
  }
}
