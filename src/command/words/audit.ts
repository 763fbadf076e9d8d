import type { AuditFlags } from '../audit.ts'
import { flag, oneOf, withColour, withLedger } from '../options.ts'
import { examples, type Verb } from '../verb.ts'

export const auditVerb: Verb = {
  name: 'audit',
  summary: 'tell what was changed in the kernel behind our back',
  configure: (command, { world, finish }) => {
    withLedger(withColour(command))
      .optionsGroup('Options:')
      .addOption(flag('-o, --output <format>', 'json', oneOf(['json'])).default('words', ''))
    examples(command, [['nodeport audit', 'exit code 0: nothing, 1: something']])
    command.action(async (flags: AuditFlags) => {
      const { audit } = await import('../audit.ts')
      finish(await audit(flags, world))
    })
  },
}
