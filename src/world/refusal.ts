import { withPort } from '../address/ip.ts'
import type { RealServerChange, ServerChange } from '../table/change.ts'
import { identityOf } from '../table/virtual-server.ts'
import type { Refusal } from './perform.ts'

/** Why the kernel did not make a change, for people. */
export interface Reason {
  readonly message: string
  readonly help?: string
}

/** Says what the kernel means by the number with which it refused a change. */
export function reasonOf({ change, code }: Refusal): Reason {
  switch (change.verb) {
    case 'add':
    case 'edit':
    case 'delete':
      return serverReason(change, code) ?? unknownReason(change, code)
    case 'attach':
    case 'adjust':
    case 'detach':
      return realServerReason(change, code) ?? unknownReason(change, code)
  }
}

function serverReason({ verb, server }: ServerChange, code: string): Reason | undefined {
  const name = identityOf(server)
  const { scheduler, engine } = server
  if (code === 'EEXIST') return { message: `${name} is there already` }
  if (code === 'ESRCH') return { message: `${name} is not there` }
  if (code === 'EAFNOSUPPORT') return { message: `${name}: the kernel has no IPv6` }
  if (code === 'EINVAL' && verb !== 'delete') {
    return {
      message: `${name}: the kernel does not take its settings`,
      help: 'an IPv6 netmask is a prefix of 1 to 128 bits',
    }
  }
  if (code !== 'ENOENT') return undefined
  return engine === undefined
    ? {
        message: `${name}: the kernel has no scheduler "${scheduler}"`,
        help: `load its module: modprobe ip_vs_${scheduler}`,
      }
    : {
        message: `${name}: the kernel has no scheduler "${scheduler}" or no engine "${engine}"`,
        help: `load their modules: modprobe -a ip_vs_${scheduler} ip_vs_pe_${engine}`,
      }
}

function realServerReason(
  { verb, server, realServer }: RealServerChange,
  code: string,
): Reason | undefined {
  const name = identityOf(server)
  const real = withPort(realServer.address, realServer.port)
  if (code === 'EEXIST') return { message: `${name} has the real server ${real} already` }
  if (code === 'ENOENT') return { message: `${name} has no real server ${real}` }
  if (code === 'ESRCH') return { message: `${name} is not there` }
  if (code === 'EAFNOSUPPORT') return { message: `${name}: the kernel has no IPv6 for ${real}` }
  if (code === 'ERANGE') {
    return {
      message: `${name}: the weight or the thresholds of ${real} are out of range`,
      help: 'a weight is 0 to 2147483647, and the lower threshold is not above the upper one',
    }
  }
  if (code !== 'EINVAL' || verb === 'detach') return undefined
  return {
    message: `${name}: the kernel does not take ${real} as a real server`,
    help: 'it wants an address of one host, in a namespace whose lo is up; one of the other family only over a tunnel, and with no sync daemon running',
  }
}

function unknownReason({ verb, server }: ServerChange | RealServerChange, code: string): Reason {
  return { message: `the kernel refuses to ${verb} ${identityOf(server)}: ${code}` }
}
