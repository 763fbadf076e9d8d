import type { DescribeFlags } from '../describe.ts'
import {
  flag,
  oneOf,
  withChoice,
  withColour,
  withFleetLedger,
  withInput,
  withPools,
} from '../options.ts'
import { examples, type Verb } from '../verb.ts'

export const describeVerb: Verb = {
  name: 'describe',
  summary: 'show Services at length, as kubectl describe does, without a cluster',
  configure: (command, { world, finish }) => {
    const what = 'service [NAME…] or service/NAME…; a beginning of a name will do'
    withChoice(withInput(command.argument('[what...]', what))).addOption(
      flag('--show-events [shown]', 'whether to say that there are no events', isTrue).preset(
        'true',
      ),
    )
    withFleetLedger(withColour(withPools(command)))
    examples(command, [
      ['nodeport describe service web -f web.yaml', 'with its numbers and its endpoints'],
      ['nodeport describe svc/web svc/api', 'what the ledger knows'],
    ])
    command.action(async (args: readonly string[], flags: DescribeFlags) => {
      const { describe } = await import('../describe.ts')
      finish(await describe(args, flags, world))
    })
  },
}

function isTrue(text: string): boolean {
  return oneOf(['true', 'false'])(text) === 'true'
}
