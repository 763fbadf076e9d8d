import { examples, type Verb } from '../verb.ts'

export const explainVerb: Verb = {
  name: 'explain',
  summary: 'tell more about a finding, by its code',
  configure: (command, { world, finish }) => {
    command.argument('[code]', 'what stands in brackets behind error, warning or note')
    examples(command, [
      ['nodeport explain selector-matches-nothing', 'what it is, and the way out'],
      ['nodeport explain', 'all that can be found'],
    ])
    command.action(async (code: string | undefined) => {
      const { explainCode } = await import('../explain-code.ts')
      finish(explainCode(code, world))
    })
  },
}
