import { flag, oneOf } from '../options.ts'
import { examples, type Verb } from '../verb.ts'

export const versionVerb: Verb = {
  name: 'version',
  summary: 'print the version',
  configure: (command, { world, finish }) => {
    command.addOption(flag('-o, --output <format>', 'json', oneOf(['json'])))
    examples(command, [['nodeport version -o json', 'for scripts']])
    command.action(async (options: { readonly output?: 'json' }) => {
      const { version } = await import('../version.ts')
      finish(version(options, world))
    })
  },
}
