import { type Command, InvalidArgumentError } from 'commander'
import type { CheckFlags, Output } from '../check.ts'
import {
  duration,
  flag,
  oneOf,
  range,
  ranges,
  repeated,
  serviceCIDRFlag,
  withColour,
  withInput,
  withLedger,
  withNodePorts,
} from '../options.ts'
import { examples, type Verb } from '../verb.ts'

export const checkVerb: Verb = {
  name: 'check',
  summary: 'find what is wrong with manifests, or may become so; no cluster is needed',
  configure: (command, { world, finish }) => {
    withInput(command).option('--allow-empty', 'input without any object is as good', false)
    withFindings(command)
    // Manifests from a cluster have addresses of blocks that nobody told us of.
    withNodePorts(command).addOption(serviceCIDRFlag().default(undefined, 'those in the manifests'))
    withHosts(command)
    withColour(withLedger(command)).option('-v, --verbose', 'name the kinds passed over', false)
    examples(command, [
      ['nodeport check -R -f deploy/', 'every manifest below a folder'],
      ['helm template web ./chart | nodeport check -f -', 'what a chart comes to'],
      ['nodeport check -f . --format text --format sarif --output a.sarif', 'for people and tools'],
    ])
    command.action(async (flags: CheckFlags) => {
      const { check } = await import('../check.ts')
      finish(await check(flags, world))
    })
  },
}

const levels = ['error', 'warning', 'note'] as const
const failures = ['error', 'warning'] as const
const formats = ['text', 'json', 'github', 'sarif', 'junit'] as const

function withFindings(command: Command): void {
  const outputs = new Outputs()
  command
    .optionsGroup('Findings:')
    .addOption(
      flag(
        '--level <severity>',
        'show error, warning or note, and what is worse',
        oneOf(levels),
      ).default('warning', 'warning'),
    )
    .addOption(
      flag('--fail-on <severity>', 'exit with 1 at error or warning', oneOf(failures)).default(
        'warning',
        'warning',
      ),
    )
    .addOption(repeated('--ignore <codes>', 'warnings and notes to leave out'))
    .addOption(
      flag('--format <format>', `${formats.join(', ')}; may be repeated`, (text) =>
        outputs.add(oneOf(formats)(text)),
      ).default([{ format: 'text', file: undefined }], 'text'),
    )
    .addOption(
      flag('--output <file>', 'where the --format before it goes', (file) => outputs.direct(file)),
    )
}

/** The formats that were asked for, each with the file that was named behind it. */
class Outputs {
  private readonly asked: Output[] = []

  add(format: Output['format']): readonly Output[] {
    this.asked.push({ format, file: undefined })
    return this.asked
  }

  direct(file: string): string {
    const last = this.asked.pop()
    if (last === undefined || last.file !== undefined) {
      throw new InvalidArgumentError('it stands behind the --format that it is for.')
    }
    this.asked.push({ ...last, file })
    return file
  }
}

function withHosts(command: Command): void {
  command
    .optionsGroup('Hosts:')
    .addOption(
      flag(
        '--ephemeral-range <range>',
        'ports that hosts take for themselves (default: 32768-60999)',
        range,
      ),
    )
    .addOption(flag('--ephemeral-reserved <list>', 'ports of these that they leave alone', ranges))
    .option('--host', "read both from this machine, whose addresses are a node's too", false)
    .option('--node <name>', 'the node on which a policy Local finds endpoints or not')
    .addOption(flag('--drain-timeout <time>', 'what session affinity is held against', duration))
}
