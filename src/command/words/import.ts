import type { ImportFlags } from '../import.ts'
import { flag, oneOf, repeated, serviceCIDRs, withColour } from '../options.ts'
import { examples, type Verb } from '../verb.ts'

export const importVerb: Verb = {
  name: 'import',
  summary: 'turn rules of ipvsadm into Services and EndpointSlices',
  configure: (command, { world, finish }) => {
    command
      .optionsGroup('Rules:')
      .addOption(repeated('-f, --filename <path>', "rules in ipvsadm's own words; - for input"))
      .option('-n, --namespace <name>', 'the namespace of the Services', 'default')
      .addOption(
        flag(
          '--service-cidr <cidrs>',
          'the addresses that become cluster IPs',
          serviceCIDRs,
        ).default(serviceCIDRs('10.96.0.0/12'), '10.96.0.0/12'),
      )
      .addOption(
        flag('-o, --output <format>', 'yaml or json', oneOf(['yaml', 'json'])).default(
          'yaml',
          'yaml',
        ),
      )
    withColour(command)
    examples(command, [
      ['ipvsadm -Sn | nodeport import -f - > web.yaml', 'exit code 1: not all could be said'],
      ['ipvsadm -Sn | nodeport import -f - | nodeport list -f -', 'the same table again'],
    ])
    command.action(async (flags: ImportFlags) => {
      const { importRules } = await import('../import.ts')
      finish(await importRules(flags, world))
    })
  },
}
