import type { OneServerFlags } from '../one-server.ts'
import { examples, type Verb } from '../verb.ts'
import { withOneServer } from '../wanted-options.ts'

export const zeroVerb: Verb = {
  name: 'zero',
  summary: 'let the counters of the kernel begin again',
  configure: (command, { world, finish }) => {
    withOneServer(command)
    examples(command, [
      ['nodeport zero', 'of all virtual servers'],
      ['nodeport zero -t 10.96.0.10:80', 'of one'],
    ])
    command.action(async (flags: OneServerFlags) => {
      const { zero } = await import('../zero.ts')
      finish(await zero(flags, world))
    })
  },
}
