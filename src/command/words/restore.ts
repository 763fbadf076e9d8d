import { withDrain, withLedger, withLock } from '../options.ts'
import type { RestoreFlags } from '../restore.ts'
import { examples, type Verb } from '../verb.ts'

export const restoreVerb: Verb = {
  name: 'restore',
  summary: 'put back what the ledger holds, as after a boot',
  configure: (command, { world, finish }) => {
    withDrain(withLock(withLedger(command)))
    examples(command, [['nodeport restore', 'in a unit that runs at boot']])
    command.action(async (flags: RestoreFlags) => {
      const { restore } = await import('../restore.ts')
      finish(await restore(flags, world))
    })
  },
}
