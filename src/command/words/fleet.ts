import { Argument } from 'commander'
import type { FleetFlags } from '../fleet.ts'
import type { RolloutFlags } from '../fleet-rollout.ts'
import {
  count,
  duration,
  flag,
  fleetAddress,
  oneOf,
  withColour,
  withEtcd,
  withInput,
  withPools,
} from '../options.ts'
import { examples, type Verb } from '../verb.ts'
import { withSet } from '../wanted-options.ts'

export const fleetVerb: Verb = {
  name: 'fleet',
  summary: 'look after many nodes that share one ledger in etcd',
  configure: (command, { world, finish }) => {
    command
      .addArgument(new Argument('<what>', fleetWords.join(', ')).argParser(oneOf(fleetWords)))
      .argument('[node]', 'the node that is to be forgotten')
      .addOption(
        flag(
          '--ledger <address>',
          'etcd://HOST:PORT[,HOST:PORT...]/PREFIX',
          fleetAddress,
        ).makeOptionMandatory(),
      )
    withEtcd(command)
    withSet(
      command
        .optionsGroup('Rollout:')
        .addOption(flag('--canary <count>', 'how many nodes go first', count).default(1, '1'))
        .addOption(
          flag(
            '--soak <time>',
            'how long they must be well before others follow',
            duration,
          ).default(5000, '5s'),
        )
        .addOption(
          flag('--step-timeout <time>', 'how long a step may take', duration).default(
            60_000,
            '60s',
          ),
        )
        .option('--allow-empty', 'go on where there is no object at all', false),
    )
    withPools(withInput(command))
      .optionsGroup('Options:')
      .addOption(flag('-o, --output <format>', 'json', oneOf(['json'])).default('table', ''))
    withColour(command)
    examples(command, [
      ['nodeport fleet status --ledger etcd://10.0.0.1/fleet', 'who has what, and who lags'],
      ['nodeport fleet hold --ledger etcd://10.0.0.1/fleet', 'apply from now on concerns nobody'],
      ['nodeport fleet rollout --canary 2 --ledger etcd://10.0.0.1/fleet', 'two nodes go first'],
      ['nodeport fleet release --ledger etcd://10.0.0.1/fleet', 'everybody goes on at once'],
      ['nodeport fleet forget node-a --ledger etcd://10.0.0.1/fleet', 'a node that is no more'],
    ])
    type Flags = FleetFlags & Omit<RolloutFlags, 'output' | 'dryRun' | 'write'>
    command.action(async (what: FleetWord, node: string | undefined, flags: Flags) => {
      if (what === 'rollout') {
        const { fleetRollout } = await import('../fleet-rollout.ts')
        const words = { dryRun: 'none', output: 'words', write: false } as const
        finish(await fleetRollout({ ...flags, ...words }, world))
        return
      }
      const { fleetForget, fleetHold, fleetRelease, fleetStatus } = await import('../fleet.ts')
      if (what === 'status') finish(await fleetStatus(flags, world))
      else if (what === 'hold') finish(await fleetHold(flags, world))
      else if (what === 'release') finish(await fleetRelease(flags, world))
      else finish(await fleetForget(node, flags, world))
    })
  },
}

const fleetWords = ['status', 'hold', 'rollout', 'release', 'forget'] as const
type FleetWord = (typeof fleetWords)[number]
