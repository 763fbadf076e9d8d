import {
  type Connections,
  Flag,
  Forwarding,
  fullNetmask,
  type RealServer,
  type VirtualServer,
  zeroCounters,
} from '../../table/virtual-server.ts'
import { bigNumber, exactNumber } from './big-number.ts'
import { printNetmask } from './netmask.ts'
import { hasSchedulerFlags, printSchedulerFlags } from './scheduler-flags.ts'

/** Which of ipvsadm's listings it is. Where several are asked for, the first one here is given. */
export interface ModeOptions {
  readonly stats?: boolean | undefined
  readonly rate?: boolean | undefined
  readonly thresholds?: boolean | undefined
  readonly persistentConn?: boolean | undefined
  readonly tunInfo?: boolean | undefined
  /** Every digit of the numbers of `stats` and `rate`. */
  readonly exact?: boolean | undefined
}

/** The titles of a listing, and what stands in its rows behind address and port. */
export interface Mode {
  readonly titles: readonly [string, string]
  readonly server: (server: VirtualServer, label: string) => string
  readonly realServer: (realServer: RealServer) => string
}

export function modeFor(options: ModeOptions): Mode {
  const number = options.exact ? exactNumber : bigNumber
  if (options.stats) return stats(number)
  if (options.rate) return rate(number)
  if (options.thresholds) return thresholds
  if (options.persistentConn) return persistentConn
  return options.tunInfo ? tunInfo : usual
}

const usual: Mode = {
  titles: [
    'Prot LocalAddress:Port Scheduler Flags',
    '  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn',
  ],
  server: schedulerAndFlags,
  realServer: (real) => {
    if (real.connections !== undefined || !isLikeLast(real)) {
      last.text = ` ${forward(real)} ${weight(real)} ${live(real.connections)}`
      last.real = real
    }
    return last.text
  },
}

/** Real servers without connections are alike in nearly all that stands behind their addresses. */
const last: { real?: RealServer; text: string } = { text: '' }

function isLikeLast({ forwarding, weight }: RealServer): boolean {
  const { real } = last
  return (
    real !== undefined &&
    real.connections === undefined &&
    real.forwarding === forwarding &&
    real.weight === weight
  )
}

const tunInfo: Mode = {
  titles: [
    'Prot LocalAddress:Port Scheduler Flags',
    '  -> RemoteAddress:Port           Forward TunnelInfo    Weight ActiveConn InActConn',
  ],
  server: schedulerAndFlags,
  realServer: (real) => {
    const tunnel = tunnelText(real).padEnd(13)
    return ` ${forward(real)} ${tunnel} ${weight(real)} ${live(real.connections)}`
  },
}

const thresholds: Mode = {
  titles: titled('Uthreshold', 'Lthreshold', 'ActiveConn', 'InActConn '),
  server: schedulerAndFlags,
  realServer: ({ upperThreshold, lowerThreshold, connections }) => {
    const upper = String(upperThreshold).padEnd(10)
    const lower = String(lowerThreshold).padEnd(10)
    return ` ${upper} ${lower} ${live(connections)}`
  },
}

const persistentConn: Mode = {
  titles: titled('Weight   ', 'PersistConn', 'ActiveConn', 'InActConn '),
  server: schedulerAndFlags,
  realServer: ({ weight, connections }) => {
    const persistent = String(connections?.persistent ?? 0).padEnd(11)
    return ` ${String(weight >>> 0).padEnd(9)} ${persistent} ${live(connections)}`
  },
}

function stats(number: (count: bigint) => string): Mode {
  return {
    titles: titled('   Conns', '  InPkts', ' OutPkts', ' InBytes', 'OutBytes'),
    server: ({ counters }, label) => {
      const { connections, inPackets, outPackets, inBytes, outBytes } = counters ?? zeroCounters
      const numbers = [connections, inPackets, outPackets, inBytes, outBytes]
      return padding(label) + numbers.map(number).join('')
    },
    realServer: ({ counters }) => {
      if (counters === undefined) return noCounts
      const { connections, inPackets, outPackets, inBytes, outBytes } = counters
      const narrow = [connections, inPackets, outPackets].map(low32)
      return [...narrow, inBytes, outBytes].map(number).join('')
    },
  }
}

function rate(number: (count: bigint) => string): Mode {
  return {
    titles: titled('     CPS', '   InPPS', '  OutPPS', '   InBPS', '  OutBPS'),
    server: ({ counters }, label) => {
      const rates = counters ?? zeroCounters
      const { connectionRate, inPacketRate, outPacketRate, inByteRate, outByteRate } = rates
      const numbers = [connectionRate, inPacketRate, outPacketRate, inByteRate, outByteRate]
      return padding(label) + numbers.map(number).join('')
    },
    realServer: ({ counters }) => {
      if (counters === undefined) return noCounts
      const { connectionRate, inPacketRate, outPacketRate, inByteRate, outByteRate } = counters
      const packets = [connectionRate, inPacketRate, outPacketRate].map(low32)
      const bytes = [inByteRate, outByteRate].map(low32)
      return (
        packets.map((count) => ` ${String(count).padStart(8)}`).join('') +
        bytes.map(number).join('')
      )
    },
  }
}

const noCounts = '        0'.repeat(5)

/** ipvsadm 1.31 reads half of each number of a real server, but for the totals of bytes. */
function low32(count: bigint): bigint {
  return BigInt.asUintN(32, count)
}

function titled(...columns: readonly string[]): readonly [string, string] {
  const first = 'Prot LocalAddress:Port'
  return [`${first}${padding(first)} ${columns.join(' ')}`, '  -> RemoteAddress:Port']
}

function padding(label: string): string {
  return ' '.repeat(Math.max(0, 33 - label.length))
}

function schedulerAndFlags(server: VirtualServer): string {
  const { scheduler, flags, timeout, netmask, family, engine } = server
  let text = ` ${scheduler}`
  if (hasSchedulerFlags(flags)) text += ` (${printSchedulerFlags(scheduler, flags)})`
  if ((flags & Flag.persistent) !== 0) {
    text += ` persistent ${timeout >>> 0}`
    if (netmask !== fullNetmask[family]) text += ` mask ${printNetmask(family, netmask)}`
    if (engine !== undefined) text += ` pe ${engine}`
  }
  return (flags & Flag.onePacket) !== 0 ? `${text} ops` : text
}

/** The kernel has room for eight ways and names for four; C prints `(null)` for no text. */
function forward({ forwarding }: RealServer): string {
  return forwardNames[forwarding & 7] ?? '(null) '
}

const forwardNames = ['Masq   ', 'Local  ', 'Tunnel ', 'Route  ']

function weight(real: RealServer): string {
  return String(real.weight | 0).padEnd(6)
}

function live(connections: Connections | undefined): string {
  if (connections === undefined) return noConnections
  const { active, inactive } = connections
  return `${String(active).padEnd(10)} ${String(inactive).padEnd(10)}`
}

const noConnections = '0          0         '

function tunnelText({ forwarding, tunnel }: RealServer): string {
  if ((forwarding & 7) !== Forwarding.tunnel) return 'n/a'
  const { type, port, flags } = tunnel ?? { type: 0, port: 0, flags: 0 }
  const checksum = checksums[flags] ?? '?'
  switch (type) {
    case 0:
      return 'ipip'
    case 1:
      return `gue:${port}:${checksum}`
    case 2:
      return `gre:${checksum}`
    default:
      return 'n/a'
  }
}

const checksums = ['-c', '+c', 'r+c']
