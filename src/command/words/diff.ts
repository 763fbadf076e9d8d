import type { DiffFlags } from '../diff.ts'
import { isFleet } from '../is-fleet.ts'
import {
  flag,
  oneOf,
  withColour,
  withDrain,
  withFleetLedger,
  withHost,
  withKubeProxy,
} from '../options.ts'
import { examples, type Verb } from '../verb.ts'
import { withSet, withWanted } from '../wanted-options.ts'

export const diffVerb: Verb = {
  name: 'diff',
  summary: 'show what apply would change, as rules with + - ~',
  configure: (command, { world, finish }) => {
    withSet(withWanted(command))
      .option('--adopt', 'as if virtual servers of others were ours', false)
      .addOption(flag('-o, --output <format>', 'json', oneOf(['json'])).default('words', ''))
    withKubeProxy(withHost(command))
    withDrain(withFleetLedger(withColour(command)))
    examples(command, [
      ['nodeport diff -f web.yaml', 'exit code 0: nothing, 1: differences'],
      ['nodeport diff -f manifests/ --prune -o json', 'for scripts'],
    ])
    command.action(async (flags: DiffFlags) => {
      if (isFleet(flags.ledger)) {
        const { diffOfFleet } = await import('../fleet-diff.ts')
        finish(await diffOfFleet(flags.ledger, flags, world))
        return
      }
      const { diff } = await import('../diff.ts')
      finish(await diff(flags, world))
    })
  },
}
