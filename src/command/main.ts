import { CommanderError } from 'commander'
import { type World, WorldError } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'
import { programFor } from './program.ts'

export { bytesOf } from '../world/read-sources.ts'
export { realWorld } from '../world/real-world.ts'

/** Runs one command line, and answers what the shell is to be told. */
export async function main(args: readonly string[], world: World): Promise<ExitCode> {
  let code: ExitCode = ExitCode.Done
  const program = programFor(args[0], world, (answer) => {
    code = answer
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? ExitCode.Done : ExitCode.Usage
    if (!(error instanceof WorldError)) throw error
    world.say(`error: ${error.message}\n`)
    if (error.help !== undefined) world.say(`help: ${error.help}\n`)
    return error.kind === 'input' ? ExitCode.Usage : ExitCode.Refused
  }
}
