import { isAboutPacket, parseFlow, parsePacket } from '../../text/way/packet.ts'
import { WorldError } from '../../world/world.ts'
import type { ExplainFlags } from '../explain.ts'
import type { FlowFlags } from '../explain-flow.ts'
import { flag, oneOf, withColour, withInput, withLedger, withPools, withView } from '../options.ts'
import { examples, type Verb } from '../verb.ts'

/** Whatever is asked about: which of the three it is, its text tells. */
type Asked = ExplainFlags & Pick<FlowFlags, 'in'>

export const explainVerb: Verb = {
  name: 'explain',
  summary: 'show the way of one packet through the table, or tell more about a finding',
  configure: (command, { world, finish }) => {
    withView(withPools(withInput(command.argument('[what]', what))))
      .optionsGroup('Options:')
      .addOption(flag('-o, --output <format>', 'json', oneOf(['json'])))
      .option(
        '--in <interface>',
        'by which interface a packet comes, if it is SOURCE -> one of these',
      )
    withLedger(withColour(command))
    examples(command, [
      ['nodeport explain 192.168.10.10:30080 -f web.yaml', 'to a node port'],
      ['nodeport explain 10.96.0.10:53/udp -f dns.yaml --node node-a', 'from that node'],
      ["nodeport explain '[fd00::10]:80' -f web.yaml", 'over IPv6'],
      ["nodeport explain '198.51.100.1 -> 192.168.10.10:30080'", 'through this machine, as it is'],
      ['nodeport explain selector-matches-nothing', 'what `check` means by it, and the way out'],
      ['nodeport explain', 'all that can be found'],
    ])
    command.action(async (text: string | undefined, flags: Asked) => {
      if (text === undefined || !isAboutPacket(text)) {
        const { explainCode } = await import('../explain-code.ts')
        finish(explainCode(text, world))
        return
      }
      const flow = parseFlow(text)
      if (typeof flow === 'string') throw new WorldError(flow, { kind: 'input', help })
      if (flow !== undefined) {
        const { explainFlow } = await import('../explain-flow.ts')
        finish(await explainFlow(flow, { ...flags, output: flags.output ?? 'words' }, world))
        return
      }
      if (flags.in !== undefined) {
        throw new WorldError('--in is about packets that have a source', {
          kind: 'input',
          help: "write 'SOURCE -> ADDRESS:PORT'",
        })
      }
      const packet = parsePacket(text)
      if (typeof packet === 'string') throw new WorldError(packet, { kind: 'input', help })
      const { explain } = await import('../explain.ts')
      finish(await explain(packet, { ...flags, output: flags.output ?? 'words' }, world))
    })
  },
}

const what =
  'ADDRESS:PORT of a TCP packet, or ADDRESS:PORT/udp, or [IPV6]:PORT; SOURCE -> one of these; or the code of a finding'
const help = 'write 192.0.2.1:80, 192.0.2.1:53/udp or [2001:db8::1]:80'
