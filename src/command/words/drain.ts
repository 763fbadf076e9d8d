import type { DrainVerbFlags } from '../drain.ts'
import { duration, flag, withDrain, withLedger, withLock } from '../options.ts'
import { examples, type Verb } from '../verb.ts'

export const drainVerb: Verb = {
  name: 'drain',
  summary: 'keep a real server out: no new connections, whatever is applied',
  configure: (command, { world, finish }) => {
    command
      .argument('[endpoint]', 'ADDRESS:PORT, an address for all of its ports, or the name of a pod')
      .option('--reason <text>', 'why, for those who list the table')
      .addOption(flag('--for <time>', 'for how long (default: until undrain)', duration))
      .option('--finish', 'take away what has no connections left, or had its time', false)
    withDrain(withLock(withLedger(command)))
    examples(command, [
      ['nodeport drain 10.244.1.57:80 --reason "new disk" --for 2h', 'under repair for two hours'],
      ['nodeport drain --finish', 'end what can be ended'],
    ])
    command.action(async (endpoint: string | undefined, flags: DrainVerbFlags) => {
      const { drain } = await import('../drain.ts')
      finish(await drain({ ...flags, endpoint }, world))
    })
  },
}
