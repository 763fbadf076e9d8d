import { Option } from 'commander'
import type { ConfirmFlags } from '../confirm.ts'
import { withLedger, withLock } from '../options.ts'
import { examples, type Verb } from '../verb.ts'

export const confirmVerb: Verb = {
  name: 'confirm',
  summary: 'keep what apply --confirm-within has changed',
  configure: (command, { world, finish }) => {
    command.option('--undo', 'take it back now, instead of when its time is over', false)
    withLock(withLedger(command)).addOption(new Option('--watch <until>').hideHelp())
    examples(command, [
      ['nodeport apply -f web.yaml --confirm-within 60s', 'taken back after a minute, unless'],
      ['nodeport confirm', 'somebody still gets through and says so'],
    ])
    command.action(async (flags: ConfirmFlags) => {
      const { confirm } = await import('../confirm.ts')
      finish(await confirm(flags, world))
    })
  },
}
