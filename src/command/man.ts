import type { Command, Option } from 'commander'
import packageFile from '../../package.json' with { type: 'json' }
import { type ManualPage, type ManualSection, printManualPage } from '../text/manual/page.ts'
import { type World, WorldError } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'
import { examplesOf } from './verb.ts'

/** Prints a page of the manual: it says what --help says, from the same words. */
export function man(
  verb: string | undefined,
  wordsOf: (verb: string | undefined) => Command,
  world: World,
): ExitCode {
  const program = wordsOf(verb)
  const command = program.commands.find((one) => one.name() === verb)
  if (verb !== undefined && command === undefined) {
    throw new WorldError(`there is no verb "${verb}"`, { kind: 'input' })
  }
  const page = command === undefined ? pageOfProgram(program) : pageOfVerb(command, program)
  world.print(printManualPage(page))
  return ExitCode.Done
}

const { version } = packageFile

function pageOfProgram(program: Command): ManualPage {
  const verbs = program.commands.filter((command) => command.name() !== 'complete')
  return {
    ...{ name: 'nodeport', version, examples: [] },
    summary: program.description(),
    synopsis: 'nodeport VERB [options]',
    sections: [
      { title: 'Verbs', terms: verbs.map((verb) => [verb.name(), verb.description()]) },
      { title: 'Options', terms: program.options.map((option) => termOf(option, program)) },
      exitStatus,
    ],
    seeAlso: verbs.map((verb) => `nodeport-${verb.name()}`),
  }
}

function pageOfVerb(command: Command, program: Command): ManualPage {
  const name = `nodeport-${command.name()}`
  const given = command.registeredArguments.map((argument): readonly [string, string] => [
    argument.name(),
    argument.description,
  ])
  return {
    ...{ name, version, examples: examplesOf(command), seeAlso: ['nodeport'] },
    summary: command.description(),
    synopsis: `nodeport ${command.name()} ${command.usage()}`,
    sections: [
      ...(given.length === 0 ? [] : [{ title: 'Arguments', terms: given }]),
      ...groupsOf(command),
      { title: 'Global options', terms: program.options.map((option) => termOf(option, program)) },
      exitStatus,
    ],
  }
}

/** The groups that --help has, in its order. */
function groupsOf(command: Command): readonly ManualSection[] {
  const groups = new Map<string, [string, string][]>()
  for (const option of command.options) {
    const title = (option.helpGroupHeading ?? 'Options:').replace(/:$/, '')
    const terms = groups.get(title) ?? []
    groups.set(title, terms)
    terms.push(termOf(option, command))
  }
  return [...groups].map(([title, terms]) => ({ title, terms }))
}

function termOf(option: Option, command: Command): [string, string] {
  return [option.flags, command.createHelp().optionDescription(option)]
}

const exitStatus: ManualSection = {
  title: 'Exit status',
  terms: [
    ['0', 'done; nothing found, no difference'],
    ['1', 'the answer is no: manifests in error, differences, findings'],
    ['2', 'wrong usage, or input that cannot be read'],
    ['3', 'the world refused, and nothing was changed'],
    ['4', 'partly applied, and it could not be undone'],
  ],
}
