import type { DrainVerbFlags } from '../drain.ts'
import { withDrain, withLedger, withLock } from '../options.ts'
import { examples, type Verb } from '../verb.ts'

export const undrainVerb: Verb = {
  name: 'undrain',
  summary: 'let a real server that was drained take part again',
  configure: (command, { world, finish }) => {
    command.argument('<endpoint>', 'as it was drained')
    withDrain(withLock(withLedger(command)))
    examples(command, [['nodeport undrain 10.244.1.57:80', 'repaired']])
    command.action(async (endpoint: string, flags: DrainVerbFlags) => {
      const { undrain } = await import('../drain.ts')
      finish(await undrain({ ...flags, endpoint }, world))
    })
  },
}
