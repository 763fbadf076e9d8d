import type { Verb } from '../verb.ts'

export const completeVerb: Verb = {
  name: 'complete',
  summary: 'say how a command line may go on',
  isHidden: true,
  configure: (command, { world, finish, wordsOf }) => {
    command.argument('[words...]', 'what is typed so far')
    command.action(async (words: readonly string[]) => {
      const { complete } = await import('../complete.ts')
      finish(complete(words, wordsOf, world))
    })
  },
}
