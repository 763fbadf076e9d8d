import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type IP, ipFromWords, parseIP, readIP, wordsOf } from '../../src/address/ip.ts'
import type { RealServer, Table, Tunnel, VirtualServer } from '../../src/table/virtual-server.ts'

/** A kernel's table as it was recorded, in the order of its dump. Zeros and defaults are left out. */
interface RecordedServer {
  readonly af: 'inet' | 'inet6'
  readonly protocol?: number
  readonly addr?: string
  readonly port?: number
  readonly fwmark?: number
  readonly sched: string
  readonly flags: number
  readonly timeout: number
  readonly netmask: string | number
  readonly pe?: string
  readonly dests: readonly RecordedRealServer[]
}

interface RecordedRealServer {
  readonly addr: string
  readonly port: number
  readonly fwd?: number
  readonly weight?: number
  readonly uThresh?: number
  readonly lThresh?: number
  readonly tun?: Tunnel
}

const folder = 'fixtures/ipvsadm'

/** What ipvsadm and the kernel were seen to do with rules: one folder for each case. */
export const recordedCases: readonly string[] = readdirSync(folder)
  .filter((name) => existsSync(join(folder, name, 'kernel.json')))
  .sort()

export function readRecorded(name: string, file: string): string {
  return readFileSync(join(folder, name, file), 'utf8')
}

export function hasRecorded(name: string, file: string): boolean {
  return readdirSync(join(folder, name)).includes(file)
}

/** The table of a case without live numbers. */
export function recordedTable(name: string): Table {
  return JSON.parse(readRecorded(name, 'kernel.json')).services.map(serverFrom)
}

function serverFrom(recorded: RecordedServer): VirtualServer {
  const family = recorded.af === 'inet' ? 'IPv4' : 'IPv6'
  const { netmask } = recorded
  return {
    family,
    protocol: recorded.protocol ?? 0,
    address: ip(recorded.addr ?? (family === 'IPv4' ? '0.0.0.0' : '::')),
    port: recorded.port ?? 0,
    fwmark: recorded.fwmark ?? 0,
    scheduler: recorded.sched,
    flags: recorded.flags,
    timeout: recorded.timeout,
    netmask: typeof netmask === 'number' ? netmask : (wordsOf(ip(netmask))[0] ?? 0),
    engine: recorded.pe,
    realServers: recorded.dests.map(realServerFrom),
  }
}

function realServerFrom(recorded: RecordedRealServer): RealServer {
  const { fwd = 0, tun = { type: 0, port: 0, flags: 0 } } = recorded
  return {
    address: ip(recorded.addr),
    port: recorded.port,
    forwarding: fwd,
    weight: recorded.weight ?? 1,
    upperThreshold: recorded.uThresh ?? 0,
    lowerThreshold: recorded.lThresh ?? 0,
    tunnel: fwd === 2 ? tun : undefined,
  }
}

/** IPv4 in IPv6 clothes is an IPv6 address to the kernel. */
function ip(text: string): IP {
  const read = readIP(text)
  if (read?.mapped) return ipFromWords([0, 0, 0xffff, ...wordsOf(read.ip)])
  const parsed = parseIP(text)
  if (parsed === undefined) throw new Error(`not an address: ${text}`)
  return parsed
}
