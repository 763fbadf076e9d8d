import { bashCompletion, fishCompletion, zshCompletion } from '../text/shell/completion.ts'
import type { World } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const

/** Prints what makes a shell ask `nodeport complete` how a command line may go on. */
export function completion(shell: keyof typeof scripts, world: World): ExitCode {
  world.print(scripts[shell])
  return ExitCode.Done
}
