import type { VirtualServer } from '../table/virtual-server.ts'
import { parseRules } from '../text/ipvsadm/parse-rules.ts'
import { type World, WorldError } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'

/** ipvsadm's ways to mean one virtual server. `-f` is always a manifest here. */
export interface OneServerFlags {
  readonly tcpService?: string | undefined
  readonly udpService?: string | undefined
  readonly sctpService?: string | undefined
  readonly fwmarkService?: string | undefined
  readonly ipv6?: boolean | undefined
}

/** The virtual server that is meant, read as ipvsadm reads it; nothing where all are. */
export function serverAsked(flags: OneServerFlags): VirtualServer | undefined {
  const { tcpService, udpService, sctpService, fwmarkService, ipv6 } = flags
  const words = [
    ...(tcpService === undefined ? [] : [`-t ${tcpService}`]),
    ...(udpService === undefined ? [] : [`-u ${udpService}`]),
    ...(sctpService === undefined ? [] : [`--sctp-service ${sctpService}`]),
    ...(fwmarkService === undefined ? [] : [`-f ${fwmarkService}${ipv6 ? ' -6' : ''}`]),
  ]
  if (words.length === 0) return undefined
  // A persistent virtual server may have port 0, which is what no port means.
  const rule = { name: 'the command line', text: `-A ${words.join(' ')} -p\n` }
  const { table, stderr } = parseRules(rule, () => {})
  const [server] = table
  if (server !== undefined) return server
  throw new WorldError(stderr.trim(), { kind: 'input' })
}

/** What ipvsadm says. */
export function sayNoSuchService(world: World): ExitCode {
  world.say('No such service\n')
  return ExitCode.No
}
