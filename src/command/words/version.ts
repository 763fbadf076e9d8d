import { flag, oneOf } from '../options.ts'
import { examples, type Verb } from '../verb.ts'
import { type VersionOptions, version } from '../version.ts'

export const versionVerb: Verb = {
  name: 'version',
  summary: 'print the version',
  configure: (command, { world, finish }) => {
    command.addOption(flag('-o, --output <format>', 'json', oneOf(['json'])))
    examples(command, [['nodeport version -o json', 'for scripts']])
    command.action((options: VersionOptions) => finish(version(options, world)))
  },
}
