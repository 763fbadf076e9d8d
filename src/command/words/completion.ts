import { Argument } from 'commander'
import { oneOf } from '../options.ts'
import { examples, type Verb } from '../verb.ts'

export const completionVerb: Verb = {
  name: 'completion',
  summary: 'print what makes a shell complete command lines',
  configure: (command, { world, finish }) => {
    const shell = new Argument('<shell>', shells.join(', ')).argParser(oneOf(shells))
    command.addArgument(shell)
    examples(command, [
      ['source <(nodeport completion bash)', 'in ~/.bashrc'],
      ['source <(nodeport completion zsh)', 'in ~/.zshrc, below compinit'],
      ['nodeport completion fish | source', 'in config.fish'],
    ])
    command.action(async (name: (typeof shells)[number]) => {
      const { completion } = await import('../completion.ts')
      finish(completion(name, world))
    })
  },
}

const shells = ['bash', 'zsh', 'fish'] as const
