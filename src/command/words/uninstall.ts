import { withLedger, withLock } from '../options.ts'
import type { UninstallFlags } from '../uninstall.ts'
import { examples, type Verb } from '../verb.ts'

export const uninstallVerb: Verb = {
  name: 'uninstall',
  summary: 'take away all that is ours, and only that',
  configure: (command, { world, finish }) => {
    withLock(withLedger(command))
    examples(command, [['nodeport uninstall', 'virtual servers of others stay']])
    command.action(async (flags: UninstallFlags) => {
      const { uninstall } = await import('../uninstall.ts')
      finish(await uninstall(flags, world))
    })
  },
}
