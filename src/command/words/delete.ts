import type { DeleteFlags } from '../delete.ts'
import { isFleet } from '../is-fleet.ts'
import { withColour, withDryRun, withFleetLedger, withInput, withLock } from '../options.ts'
import { examples, type Verb } from '../verb.ts'

export const deleteVerb: Verb = {
  name: 'delete',
  summary: 'take Services out of the kernel and out of the ledger',
  configure: (command, { world, finish }) => {
    command.argument('[names...]', 'service NAME..., service/NAME..., or rules SET')
    withDryRun(withLock(withFleetLedger(withColour(withInput(command)))))
      .optionsGroup('Options:')
      .option('--ignore-not-found', 'say nothing of what is not there', false)
    examples(command, [
      ['nodeport delete -f web.yaml', 'the Services of a manifest'],
      ['nodeport delete service web', 'by name'],
    ])
    command.action(async (names: readonly string[], flags: Omit<DeleteFlags, 'names'>) => {
      if (isFleet(flags.ledger)) {
        const { deleteFromFleet } = await import('../fleet-delete.ts')
        finish(await deleteFromFleet(flags.ledger, { ...flags, names }, world))
        return
      }
      const { remove } = await import('../delete.ts')
      finish(await remove({ ...flags, names }, world))
    })
  },
}
