import { isFleet } from '../is-fleet.ts'
import {
  duration,
  flag,
  oneOf,
  withColour,
  withDrain,
  withDryRun,
  withFleetLedger,
  withHost,
  withKubeProxy,
  withLock,
} from '../options.ts'
import type { ApplyFlags } from '../prepared.ts'
import { examples, type Verb } from '../verb.ts'
import { withSet, withWanted } from '../wanted-options.ts'

export const applyVerb: Verb = {
  name: 'apply',
  summary: 'make the kernel say what the manifests say',
  configure: (command, { world, finish }) => {
    withDryRun(withSet(withWanted(command)))
      .addOption(
        flag('-o, --output <format>', formats.join(', '), oneOf(formats)).default('words', 'words'),
      )
      .option('--adopt', 'take over virtual servers that exist and are not ours', false)
      .option('--simulate', 'put in real servers that nobody runs yet', false)
      .option('--allow-empty', 'go on where there is no Service at all', false)
      .option('--write', 'put granted nodePorts into the manifests', false)
      .addOption(
        flag('--confirm-within <time>', 'take it back unless `nodeport confirm` comes', duration),
      )
    withHost(command)
      .option('--print-host-setup', 'print the commands that set the host up')
      .option('--print-backend-setup', 'print what the nodes behind a director need')
    withKubeProxy(command)
    withDrain(withLock(withFleetLedger(withColour(command))))
    examples(command, [
      ['nodeport apply -f web.yaml', 'into the kernel'],
      ['nodeport apply -f web.yaml --dry-run', 'the same, the last step left out'],
      ['nodeport apply -f web.yaml --dry-run -o rules | ipvsadm -R', 'by way of ipvsadm'],
      ['nodeport apply -f manifests/ --prune', 'and nothing else of this set'],
      ['nodeport apply -f web.yaml --print-host-setup', 'what it does besides, as commands'],
    ])
    command.action(async (flags: ApplyFlags) => {
      if (isFleet(flags.ledger)) {
        const { applyToFleet } = await import('../fleet-apply.ts')
        finish(await applyToFleet(flags.ledger, flags, world))
        return
      }
      const { apply } = await import('../apply.ts')
      finish(await apply(flags, world))
    })
  },
}

const formats = ['words', 'name', 'ipvsadm', 'wide', 'rules', 'json', 'yaml'] as const
