import { CommanderError } from 'commander'
import packageFile from '../../package.json' with { type: 'json' }
import { type World, WorldError } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'
import { programFor, verbs } from './program.ts'

export { expectTheUsual } from '../world/much.ts'
export { outputTo } from '../world/output.ts'
export { bytesOf } from '../world/read-sources.ts'
export { realWorld } from '../world/real-world.ts'

/** Runs one command line, and answers what the shell is to be told. */
export async function main(args: readonly string[], world: World): Promise<ExitCode> {
  const { namespace, words } = namespaceIn(args)
  let code: ExitCode = ExitCode.Done
  const program = programFor(words[0], world, (answer) => {
    code = answer
  })
  try {
    if (namespace !== undefined) return (await world.inNamespace(namespace, words)) as ExitCode
    await program.parseAsync(words, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? ExitCode.Done : ExitCode.Usage
    if (!(error instanceof WorldError)) return sayBug(error, world)
    world.say(`error: ${error.message}\n`)
    if (error.help !== undefined) world.say(`help: ${error.help}\n`)
    return error.kind === 'input' ? ExitCode.Usage : ExitCode.Refused
  }
}

/** Nobody expects one, so all that is known is shown. */
export function sayBug(error: unknown, world: World): ExitCode {
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error)
  world.say(`error: this is a bug in nodeport ${packageFile.version}\n${trace}\n`)
  world.say('help: tell us of it, with these lines and with what you did\n')
  return ExitCode.Bug
}

/** Whether a word is one of our verbs. */
export function isVerb(word: string | undefined): boolean {
  return verbs.some(({ name }) => name === word)
}

/** `--netns` is for whoever starts the program again in that namespace, with all other words. */
function namespaceIn(args: readonly string[]): {
  readonly namespace?: string
  readonly words: readonly string[]
} {
  const at = args.findIndex((word) => word === '--' || /^--netns(=|$)/.test(word))
  const [found = '--', next] = args.slice(at < 0 ? args.length : at)
  if (found === '--') return { words: args }
  if (found.includes('=')) {
    return { namespace: found.slice('--netns='.length), words: args.toSpliced(at, 1) }
  }
  return next === undefined ? { words: args } : { namespace: next, words: args.toSpliced(at, 2) }
}
