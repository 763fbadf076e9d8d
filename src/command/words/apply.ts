import type { Command } from 'commander'
import type { ApplyFlags } from '../apply.ts'
import {
  flag,
  oneOf,
  withColour,
  withDrain,
  withInput,
  withLedger,
  withLock,
  withPools,
  withView,
} from '../options.ts'
import { examples, type Verb } from '../verb.ts'

export const applyVerb: Verb = {
  name: 'apply',
  summary: 'make the kernel say what the manifests say',
  configure: (command, { world, finish }) => {
    withWanted(command)
      .optionsGroup('Options:')
      .addOption(
        flag('--dry-run [client|server]', 'compute everything and change nothing', dryRun)
          .preset('client')
          .default('none', 'none'),
      )
      .addOption(
        flag('-o, --output <format>', formats.join(', '), oneOf(formats)).default('words', 'words'),
      )
      .addOption(
        flag('--set <name>', 'what is applied and pruned together', String).default(
          'default',
          'default',
        ),
      )
      .option('--prune', 'delete Services of the set that are not given', false)
      .option('--adopt', 'take over virtual servers that exist and are not ours', false)
      .option('--simulate', 'put in real servers that nobody runs yet', false)
      .option('--allow-empty', 'go on where there is no Service at all', false)
      .option('--write', 'put granted nodePorts into the manifests', false)
    withDrain(withLock(withLedger(withColour(command))))
    examples(command, [
      ['nodeport apply -f web.yaml', 'into the kernel'],
      ['nodeport apply -f web.yaml --dry-run', 'the same, the last step left out'],
      ['nodeport apply -f web.yaml --dry-run -o rules | ipvsadm -R', 'by way of ipvsadm'],
      ['nodeport apply -f manifests/ --prune', 'and nothing else of this set'],
    ])
    command.action(async (flags: ApplyFlags) => {
      const { apply } = await import('../apply.ts')
      finish(await apply(flags, world))
    })
  },
}

/** Manifests or rules, and what they are compiled with. */
export function withWanted(command: Command): Command {
  withInput(command).option('--rules <file>', "rules in ipvsadm's own words; - for standard input")
  return withView(withPools(command))
}

const formats = ['words', 'name', 'ipvsadm', 'wide', 'rules', 'json', 'yaml'] as const

const dryRun = oneOf(['none', 'client', 'server'] as const)
