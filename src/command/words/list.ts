import type { ListFlags } from '../list.ts'
import { flag, oneOf, withColour, withInput, withLedger, withPools, withView } from '../options.ts'
import { examples, type Verb } from '../verb.ts'

export const listVerb: Verb = {
  name: 'list',
  summary: "print a table as ipvsadm -Ln does: the kernel's, or what manifests or rules stand for",
  configure: (command, { world, finish }) => {
    withInput(command)
      .option('--rules <file>', "rules in ipvsadm's own words (-R, -Sn); - for standard input")
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
    withLedger(withColour(withView(withPools(command))))
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
