import { examples, type Verb } from '../verb.ts'

export const manVerb: Verb = {
  name: 'man',
  summary: 'print a page of the manual',
  configure: (command, { world, finish, wordsOf }) => {
    command.argument('[verb]', 'the verb that it is about; the whole program where none is given')
    examples(command, [
      ['nodeport man apply | man -l -', 'to read it'],
      ['nodeport man agent > nodeport-agent.1', 'to keep it'],
    ])
    command.action(async (verb: string | undefined) => {
      const { man } = await import('../man.ts')
      finish(man(verb, wordsOf, world))
    })
  },
}
