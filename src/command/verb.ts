import type { Command } from 'commander'
import type { World } from '../world/world.ts'
import type { ExitCode } from './exit-code.ts'

/** One verb: what it is called, what it is told, and what it does with that. */
export interface Verb {
  readonly name: string
  readonly summary: string
  /** Adds its flags, its help and its action. Only the verb that was asked for is configured. */
  readonly configure: (command: Command, door: Door) => void
  /** Nobody types it by hand. */
  readonly isHidden?: true
}

/** What a verb's action works with: the world, and a way to say how it ended. */
export interface Door {
  readonly world: World
  readonly finish: (code: ExitCode) => void
  /** The words of the command line, with the flags of one verb, for those who tell of them. */
  readonly wordsOf: (verb: string | undefined) => Command
}

/** The last part of a verb's help: what one types, and what it is good for. */
export function examples(command: Command, lines: readonly Example[]): void {
  exampleLines.set(command, lines)
  const width = Math.max(...lines.map(([typed]) => typed.length))
  const text = lines.map(([typed, purpose]) => `  ${typed.padEnd(width)}  # ${purpose}`).join('\n')
  command.addHelpText('after', `\nExamples:\n${text}`)
}

const exampleLines = new WeakMap<Command, readonly Example[]>()

export type Example = readonly [typed: string, purpose: string]

/** The examples of a verb, for those who print them otherwise. */
export function examplesOf(command: Command): readonly Example[] {
  return exampleLines.get(command) ?? []
}
