import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ipFromWords, parseIP } from '../../src/address/ip.ts'
import type { KernelFacts } from '../../src/table/settings.ts'
import type {
  Counters,
  RealServer,
  Table,
  Tunnel,
  VirtualServer,
} from '../../src/table/virtual-server.ts'
import { inetPton6 } from '../../src/text/ipvsadm/inet.ts'

/** A kernel's table as it was recorded, in the order of its dump. Zeros and defaults are left out. */
interface Recorded {
  readonly version: number
  readonly connTabSize: number
  readonly services: readonly RecordedService[]
}

interface RecordedService {
  readonly af: 'inet' | 'inet6'
  readonly protocol?: number
  readonly addr?: string
  readonly port?: number
  readonly fwmark?: number
  readonly sched: string
  readonly flags: number
  readonly flagsMask?: number
  readonly timeout: number
  readonly netmask: string | number
  readonly pe?: string
  readonly stats?: RecordedStats
  readonly dests: readonly RecordedDest[]
}

interface RecordedDest {
  readonly addr: string
  readonly port: number
  readonly fwd?: number
  readonly weight?: number
  readonly uThresh?: number
  readonly lThresh?: number
  readonly active?: number
  readonly inact?: number
  readonly persist?: number
  readonly tun?: Tunnel
  readonly stats?: RecordedStats
}

type RecordedStats = Readonly<Record<string, string>>

const folder = 'fixtures/ipvsadm'

/** What ipvsadm and the kernel were seen to do with rules: one folder for each case. */
export const recordedCases: readonly string[] = readdirSync(folder)
  .filter((name) => existsSync(join(folder, name, 'kernel.json')))
  .sort()

export function readRecorded(name: string, file: string): string {
  return readFileSync(join(folder, name, file), 'utf8')
}

export function hasRecorded(name: string, file: string): boolean {
  return existsSync(join(folder, name, file))
}

/** The table of a case without live numbers. */
export function recordedTable(name: string): Table {
  return readRecordedTable(join(folder, name, 'kernel.json')).table.map(
    ({ counters, realServers, ...server }) => {
      void counters
      return { ...server, realServers: realServers.map(withoutLiveNumbers) }
    },
  )
}

function withoutLiveNumbers({ counters, connections, ...realServer }: RealServer): RealServer {
  void [counters, connections]
  return realServer
}

export function readRecordedTable(file: string): { table: Table; kernel: KernelFacts } {
  // Counters go beyond what JavaScript's numbers hold: they are read as texts.
  const text = readFileSync(file, 'utf8').replace(
    /"((?:conns|(?:in|out)(?:pkts|bytes|pps|bps)|cps))":(\d+)/g,
    '"$1":"$2"',
  )
  const { version, connTabSize, services } = JSON.parse(text) as Recorded
  return { table: services.map(serverFrom), kernel: { version, size: connTabSize } }
}

function serverFrom(service: RecordedService): VirtualServer {
  const { af, fwmark = 0, netmask, flagsMask = 0xffffffff } = service
  const any = af === 'inet' ? '0.0.0.0' : '::'
  return {
    family: af === 'inet' ? 'IPv4' : 'IPv6',
    protocol: service.protocol ?? 0,
    address: ip(service.addr ?? any),
    port: service.port ?? 0,
    fwmark,
    scheduler: service.sched,
    flags: service.flags & flagsMask,
    timeout: service.timeout,
    netmask: typeof netmask === 'number' ? netmask : maskFrom(netmask),
    engine: service.pe,
    realServers: service.dests.map(realServerFrom),
    counters: countersFrom(service.stats),
  }
}

function realServerFrom(dest: RecordedDest): RealServer {
  const { fwd = 0, tun = { type: 0, port: 0, flags: 0 } } = dest
  return {
    address: ip(dest.addr),
    port: dest.port,
    forwarding: fwd,
    weight: dest.weight ?? 1,
    upperThreshold: dest.uThresh ?? 0,
    lowerThreshold: dest.lThresh ?? 0,
    tunnel: fwd === 2 ? tun : undefined,
    connections: {
      active: dest.active ?? 0,
      inactive: dest.inact ?? 0,
      persistent: dest.persist ?? 0,
    },
    counters: countersFrom(dest.stats),
  }
}

function countersFrom(stats: RecordedStats | undefined): Counters | undefined {
  if (stats === undefined) return undefined
  const count = (name: string): bigint => BigInt(stats[name] ?? 0)
  return {
    connections: count('conns'),
    inPackets: count('inpkts'),
    outPackets: count('outpkts'),
    inBytes: count('inbytes'),
    outBytes: count('outbytes'),
    connectionRate: count('cps'),
    inPacketRate: count('inpps'),
    outPacketRate: count('outpps'),
    inByteRate: count('inbps'),
    outByteRate: count('outbps'),
  }
}

function ip(text: string): ReturnType<typeof ipFromWords> {
  const read = text.includes(':') ? inetPton6(text) : parseIP(text)
  if (read === undefined) throw new Error(`not an address: ${text}`)
  return read
}

function maskFrom(text: string): number {
  return text.split('.').reduce((word, octet) => word * 256 + Number(octet), 0)
}
