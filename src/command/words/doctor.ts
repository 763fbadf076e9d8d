import type { DoctorFlags } from '../doctor.ts'
import { flag, oneOf, withColour, withInput, withLedger, withPools, withView } from '../options.ts'
import { examples, type Verb } from '../verb.ts'

export const doctorVerb: Verb = {
  name: 'doctor',
  summary: 'say why packets may not get through this machine, and what mends it',
  configure: (command, { world, finish }) => {
    withView(withPools(withInput(command)))
      .optionsGroup('Host:')
      .option('--probe', 'ask real servers of TCP if they take connections', false)
      .option('--interface <name>', 'where the addresses of Services are (default: nodeport0)')
      .addOption(
        flag(
          '--behind <way>',
          'it stands behind a director that does route or tunnel',
          oneOf(ways),
        ),
      )
      .optionsGroup('Options:')
      .addOption(flag('-o, --output <format>', 'json', oneOf(['json'])).default('words', ''))
    withLedger(withColour(command))
    examples(command, [
      ['nodeport doctor', 'for what was applied; exit code 1 where something is found'],
      ['nodeport doctor -f web.yaml --probe', 'for these manifests, and ask their pods'],
    ])
    command.action(async (flags: DoctorFlags) => {
      const { doctor } = await import('../doctor.ts')
      finish(await doctor(flags, world))
    })
  },
}

const ways = ['route', 'tunnel'] as const
