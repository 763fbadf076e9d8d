import type { AgentFlags } from '../agent.ts'
import { isFleet } from '../is-fleet.ts'
import {
  count,
  duration,
  flag,
  fleetAddress,
  oneOf,
  place,
  withCluster,
  withColour,
  withDrain,
  withEtcd,
  withHost,
  withInput,
  withKubeProxy,
  withLedger,
  withLock,
  withPools,
  withView,
} from '../options.ts'
import { examples, type Verb } from '../verb.ts'

export const agentVerb: Verb = {
  name: 'agent',
  summary: 'stay, and keep the kernel as the manifests say',
  configure: (command, { world, finish }) => {
    withCluster(
      withView(withPools(withInput(command))),
      'kubernetes, or etcd://HOST:PORT/PREFIX, in place of files',
      from,
    )
      .optionsGroup('Rhythm:')
      .addOption(
        flag('--resync <time>', 'how often the whole table is compared', duration).default(
          30_000,
          '30s',
        ),
      )
      .addOption(
        flag(
          '--min-interval <time>',
          'at most one change of the table in so long',
          duration,
        ).default(100, '100ms'),
      )
      .addOption(
        flag('--settle <time>', 'a file is read when it was left alone so long', duration).default(
          10,
          '10ms',
        ),
      )
      .optionsGroup('Health and numbers:')
      .addOption(
        flag(
          '--listen <address>',
          'where both are told over HTTP; none for nowhere',
          place,
        ).default(place('127.0.0.1:10256'), '127.0.0.1:10256'),
      )
      .option('--metrics-per-endpoint', 'also numbers of every real server', false)
      .addOption(
        flag('--probes <count>', 'back ends asked at once; 0 to ask none', count).default(50, '50'),
      )
      .optionsGroup('Options:')
      .addOption(
        flag('--set <name>', 'what is pruned when it is not given any more', String).default(
          'agent',
          'agent',
        ),
      )
      .option('--adopt', 'take over virtual servers that exist and are not ours', false)
      .option('--simulate', 'put in real servers that nobody runs yet', false)
      .option('--allow-empty', 'take away the last Service too', false)
    withKubeProxy(withHost(withEtcd(command)))
    withDrain(withLock(withLedger(withColour(command))))
    examples(command, [
      ['nodeport agent -f /etc/nodeport/manifests', 'until it is told to end; the table stays'],
      ['nodeport agent -f manifests/ -R --resync 10s', 'with a closer eye on the kernel'],
      ['nodeport agent --from kubernetes --node $(hostname)', "in kube-proxy's place"],
      ['nodeport agent --from etcd://10.0.0.1,10.0.0.2/fleet', 'one node of a fleet'],
    ])
    command.action(async (flags: AgentFlags) => {
      const { agent } = await import('../agent.ts')
      finish(await agent(flags, world))
    })
  },
}

function from(text: string): string {
  return text === 'kubernetes' || !isFleet(text) ? oneOf(['kubernetes'])(text) : fleetAddress(text)
}
