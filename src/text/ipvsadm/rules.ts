import {
  Flag,
  Forwarding,
  fullNetmask,
  type RealServer,
  type Table,
  type VirtualServer,
} from '../../table/virtual-server.ts'
import { hostAndPort, type Names, protocolOf } from './host-and-port.ts'
import { Lines } from './lines.ts'
import { printNetmask } from './netmask.ts'
import { type Order, realServersInOrder, serversInOrder } from './order.ts'
import { hasSchedulerFlags, printSchedulerFlags } from './scheduler-flags.ts'

export interface RulesOptions extends Order {
  /** Names instead of numbers, as without `-n`. */
  readonly names?: Names | undefined
}

/**
 * A table as `ipvsadm -Sn` saves it, for `ipvsadm -R` to read. Thresholds are lost on this way, and
 * masks without persistence; what `-R` cannot say, such as other protocols, it will refuse.
 */
export function printRules(table: Table, options: RulesOptions = {}): string {
  const lines = new Lines()
  for (const server of serversInOrder(table, options)) {
    const words = printService(server, options.names)
    lines.add(`-A ${words}${printServiceOptions(server)}`)
    const protocol = protocolOf(server)
    for (const realServer of realServersInOrder(server, options)) {
      const name = hostAndPort(realServer.address, realServer.port, protocol, options.names)
      lines.add(`-a ${words} -r ${name}${printRealServerOptions(realServer)}`)
    }
  }
  return lines.print()
}

/** What names a virtual server in a rule: `-t 10.0.0.1:80`, `-f 7 -6`. */
export function printService(server: VirtualServer, names?: Names): string {
  const { fwmark, family, protocol, address, port } = server
  if (fwmark !== 0) return family === 'IPv6' ? `-f ${fwmark | 0} -6` : `-f ${fwmark | 0}`
  const option = options.get(protocol) ?? '--xxx-service'
  return `${option} ${hostAndPort(address, port, protocol, names)}`
}

const options: ReadonlyMap<number, string> = new Map([
  [6, '-t'],
  [17, '-u'],
  [132, '--sctp-service'],
])

/** What stands behind `-A` or `-E` and the name of a virtual server. */
export function printServiceOptions(server: VirtualServer): string {
  const { scheduler, flags, timeout, family, netmask, engine } = server
  let text = ` -s ${scheduler}`
  if ((flags & Flag.persistent) !== 0) {
    text += ` -p ${timeout >>> 0}`
    if (netmask !== fullNetmask[family]) text += ` -M ${printNetmask(family, netmask)}`
  }
  if (engine !== undefined) text += ` --pe ${engine}`
  if ((flags & Flag.onePacket) !== 0) text += ' -o'
  if (hasSchedulerFlags(flags)) text += ` -b ${printSchedulerFlags(scheduler, flags)}`
  return text
}

/** What stands behind `-a` or `-e` and the names of a virtual server and a real server. */
export function printRealServerOptions(realServer: RealServer): string {
  const { forwarding, weight } = realServer
  const way = ways[forwarding & 7] ?? '(null)'
  const text = ` ${way} -w ${weight | 0}`
  return (forwarding & 7) === Forwarding.tunnel ? text + printTunnel(realServer) : text
}

const ways = ['-m', '-g', '-i', '-g']

function printTunnel({ tunnel }: RealServer): string {
  const { type, port, flags } = tunnel ?? { type: 0, port: 0, flags: 0 }
  const checksum = checksums[flags]
  const option = checksum === undefined ? '' : ` ${checksum}`
  switch (type) {
    case 0:
      return ' --tun-type ipip'
    case 1:
      return ` --tun-type gue --tun-port ${port}${option}`
    case 2:
      return ` --tun-type gre${option}`
    default:
      return ''
  }
}

const checksums = ['--tun-nocsum', '--tun-csum', '--tun-remcsum']
