import { graphFormats } from '../../text/graph/model.ts'
import type { GraphFlags } from '../graph.ts'
import { flag, oneOf, withColour, withInput, withLedger, withPools, withView } from '../options.ts'
import { examples, type Verb } from '../verb.ts'

export const graphVerb: Verb = {
  name: 'graph',
  summary: 'draw the ways of packets from clients to pods, with the numbers on the arrows',
  configure: (command, { world, finish }) => {
    withView(withPools(withInput(command)))
      .optionsGroup('Options:')
      .addOption(
        flag('-o, --output <format>', graphFormats.join(', '), oneOf(graphFormats)).default(
          'mermaid',
          'mermaid',
        ),
      )
    withLedger(withColour(command))
    examples(command, [
      ['nodeport graph -f web.yaml', 'for a page of Markdown'],
      ['nodeport graph -f web.yaml -o svg > web.svg', 'a picture that needs nothing else'],
      ['nodeport graph -f manifests/ --role director -o dot | dot -Tpng', 'with Graphviz'],
    ])
    command.action(async (flags: GraphFlags) => {
      const { graph } = await import('../graph.ts')
      finish(await graph(flags, world))
    })
  },
}
