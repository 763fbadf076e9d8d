import type { GetFlags } from '../get.ts'
import {
  flag,
  oneOf,
  withChoice,
  withColour,
  withFleetLedger,
  withInput,
  withPools,
} from '../options.ts'
import { examples, type Verb } from '../verb.ts'

export const getVerb: Verb = {
  name: 'get',
  summary: 'show Services and who answers for them, as kubectl get does, without a cluster',
  configure: (command, { world, finish }) => {
    withChoice(withInput(command.argument('[what...]', whatHelp)))
      .optionsGroup('Listing:')
      .addOption(flag('-o, --output <format>', 'wide, name, json or yaml', oneOf(formats)))
      .option('--no-headers', 'without the line of titles')
      .option('--show-labels', 'all labels, in a column', false)
      .option('-L, --label-columns <keys>', 'these labels, in a column each', parts, [])
      .option('--sort-by <path>', 'in the order of a field, such as .metadata.name')
      .option('--ignore-not-found', 'say nothing about what is not there', false)
    withFleetLedger(withColour(withPools(command)))
    examples(command, [
      ['nodeport get services -f web.yaml', 'with the numbers that they are granted'],
      ['nodeport get svc,endpoints', 'what the ledger knows'],
      ['nodeport get pods -f web.yaml -o wide', 'where workloads would run'],
    ])
    command.action(async (args: readonly string[], flags: GetFlags) => {
      const { get } = await import('../get.ts')
      finish(await get(args, { ...flags, output: flags.output ?? 'table' }, world))
    })
  },
}

const whatHelp =
  'TYPE[,TYPE] [NAME…] or TYPE/NAME…, of services, endpoints, endpointslices, nodes and pods'

const formats = ['wide', 'name', 'json', 'yaml'] as const

function parts(text: string, before: readonly string[]): readonly string[] {
  return [...before, ...text.split(',').map((part) => part.trim())]
}
