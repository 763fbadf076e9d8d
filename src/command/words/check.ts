import { InvalidArgumentError, Option } from 'commander'
import type { CheckFlags, Output } from '../check.ts'
import {
  flag,
  oneOf,
  range,
  ranges,
  repeated,
  seconds,
  withColour,
  withInput,
  withLedger,
  withPools,
} from '../options.ts'
import { examples, type Verb } from '../verb.ts'

export const checkVerb: Verb = {
  name: 'check',
  summary: 'find what is wrong with manifests, or will be: no cluster is needed',
  configure: (command, { world, finish }) => {
    withInput(command)
      .option('--allow-empty', 'input without a single object is right as well', false)
      .addOption(
        flag('--level <severity>', 'show all from this up', oneOf(levels)).default('warning'),
      )
      .addOption(
        flag('--fail-on <severity>', 'exit with 1 from this up', oneOf(failures)).default(
          'warning',
        ),
      )
      .addOption(repeated('--ignore <codes>', 'warnings and notes that are not worth showing'))
    for (const option of outputOptions()) command.addOption(option)
    withPools(command)
      .addOption(
        flag(
          '--ephemeral-range <range>',
          'ports that hosts take for themselves (default: 32768-60999)',
          range,
        ),
      )
      .addOption(flag('--ephemeral-reserved <list>', 'ports within that they leave alone', ranges))
      .option(
        '--host',
        'read both from this machine, and take its addresses for those of a node',
        false,
      )
      .option('--node <name>', 'the node for which a policy Local is looked at')
      .addOption(
        flag('--drain-timeout <time>', 'the most that a drain may take: 300s, 5m', seconds),
      )
    withLedger(withColour(command)).option(
      '-v, --verbose',
      'name the kinds that are passed over',
      false,
    )
    examples(command, [
      ['nodeport check -f deploy/ -R', 'all manifests of a folder'],
      ['helm template web ./chart | nodeport check -f -', 'what a chart comes to'],
      ['nodeport check -f . --format text --format sarif --output nodeport.sarif', 'for both'],
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

/** Several formats at once, each with the file that is named behind it. */
function outputOptions(): readonly Option[] {
  const outputs: Output[] = []
  const format = new Option('--format <format>', `${formats.join(', ')}; may be given again`)
    .argParser((text) => {
      outputs.push({ format: oneOf(formats)(text), file: undefined })
      return outputs
    })
    .default([{ format: 'text', file: undefined }], 'text')
  const output = new Option('--output <file>', 'the file for the --format before it').argParser(
    (file) => {
      const last = outputs.pop()
      if (last === undefined || last.file !== undefined) {
        throw new InvalidArgumentError('it stands behind the --format that it is for.')
      }
      outputs.push({ ...last, file })
      return file
    },
  )
  return [format, output]
}
