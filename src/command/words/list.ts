import type { ListFlags } from '../list-flags.ts'
import { duration, flag, oneOf, withColour, withFleetLedger } from '../options.ts'
import { examples, type Verb } from '../verb.ts'
import { withOneServer, withWanted } from '../wanted-options.ts'

export const listVerb: Verb = {
  name: 'list',
  summary: "print a table as ipvsadm -Ln does: the kernel's, or what manifests or rules stand for",
  configure: (command, { world, finish }) => {
    withOneServer(withWanted(command))
      .optionsGroup('Listing:')
      .addOption(
        flag('-o, --output <format>', 'ipvsadm, wide, rules, json or yaml', oneOf(formats)).default(
          'ipvsadm',
          'ipvsadm',
        ),
      )
      .option('--stats', 'how many connections, packets and bytes there were', false)
      .option('--rate', 'how many there are in a second', false)
      .option('--thresholds', 'upper and lower thresholds', false)
      .option('--persistent-conn', 'persistent connections', false)
      .option('--tun-info', 'how tunnels wrap their packets', false)
      .option('-X, --exact', 'every digit of a number', false)
      .option('--sort', 'sorted, as it is anyhow', false)
      .option('--nosort', "in the kernel's own order", false)
      .option('-c, --connections', 'the connections instead of the table', false)
      .option('--timeout', 'after how many seconds of silence connections are forgotten', false)
      .option('--daemon', 'the daemons that tell others of our connections', false)
      .addOption(
        flag('-w, --watch [time]', 'again and again (default: every 2s)', duration).preset('2s'),
      )
    withFleetLedger(withColour(command))
    examples(command, [
      ['nodeport list -f web.yaml', 'the table that a node gets for these manifests'],
      ['nodeport list -f web.yaml -o wide', 'with the line that asked for each row'],
      ['ipvsadm -Sn | nodeport list --rules -', 'a table out of saved rules'],
    ])
    command.action(async (flags: ListFlags) => {
      const { list } = await import('../list.ts')
      finish(await list(flags, world))
    })
  },
}

const formats = ['ipvsadm', 'wide', 'rules', 'json', 'yaml'] as const
