import type { Family, IP } from '../address/ip.ts'
import { type Place, positionOf } from '../diagnostic/source.ts'

/** A set of virtual servers, wished or read back, in the order in which they were made. */
export type Table = readonly VirtualServer[]

/**
 * An IPVS virtual server. The numbers are the kernel's own, so that whatever it holds can be held
 * here, also what no Service would ask for.
 */
export interface VirtualServer {
  readonly family: Family
  /** As numbered by IANA; 0 for a firewall mark. */
  readonly protocol: number
  /** `0.0.0.0` or `::` for a firewall mark. */
  readonly address: IP
  readonly port: number
  /** A firewall mark stands in for protocol, address and port; 0 where there is none. */
  readonly fwmark: number
  readonly scheduler: string
  /** See `Flag`. */
  readonly flags: number
  /** Seconds that a client keeps its real server, where `Flag.persistent` is set. */
  readonly timeout: number
  /** Which clients count as one: a mask for IPv4, the length of a prefix for IPv6. */
  readonly netmask: number
  /** Persistence engine, such as `sip`. */
  readonly engine: string | undefined
  /** In the order in which they were added. */
  readonly realServers: readonly RealServer[]
  /** Who asked for it; absent when it was read back or written as a rule. */
  readonly cause?: Cause | undefined
  /** The entry of the ledger that has it, where that was looked up. */
  readonly entry?: string | undefined
  readonly counters?: Counters | undefined
}

export interface RealServer {
  /** May be of another family than its virtual server where the forwarding is a tunnel. */
  readonly address: IP
  readonly port: number
  /** See `Forwarding`. */
  readonly forwarding: number
  readonly weight: number
  /** No new connections above so many; 0 for no limit. */
  readonly upperThreshold: number
  /** New connections again below so many. */
  readonly lowerThreshold: number
  readonly tunnel: Tunnel | undefined
  /** The pod or node behind it, where that is known. */
  readonly name?: string | undefined
  /** Made up from a workload whose pods have no address yet. */
  readonly simulated?: boolean | undefined
  /** A person keeps it out, for this reason or for none. */
  readonly drained?: string | undefined
  readonly connections?: Connections | undefined
  readonly counters?: Counters | undefined
}

/** The bits of `flags`, from <linux/ip_vs.h>. */
export const Flag = {
  persistent: 0x1,
  hashed: 0x2,
  onePacket: 0x4,
  scheduler1: 0x8,
  scheduler2: 0x10,
  scheduler3: 0x20,
} as const

/** How packets reach a real server, as the kernel numbers it. */
export const Forwarding = { masq: 0, local: 1, tunnel: 2, route: 3 } as const

/** How packets are wrapped where the forwarding is a tunnel. */
export interface Tunnel {
  /** 0 ipip, 1 gue, 2 gre. */
  readonly type: number
  readonly port: number
  /** 0 none, 1 csum, 2 remcsum. */
  readonly flags: number
}

export const fullNetmask = { IPv4: 0xffffffff, IPv6: 128 } satisfies Record<Family, number>

/** Live numbers of a real server. */
export interface Connections {
  readonly active: number
  readonly inactive: number
  readonly persistent: number
}

/** What passed since the counters were last zeroed, and how much passes in a second. */
export interface Counters {
  readonly connections: bigint
  readonly inPackets: bigint
  readonly outPackets: bigint
  readonly inBytes: bigint
  readonly outBytes: bigint
  readonly connectionRate: bigint
  readonly inPacketRate: bigint
  readonly outPacketRate: bigint
  readonly inByteRate: bigint
  readonly outByteRate: bigint
}

/** What was never used has counted nothing. */
export const zeroCounters: Counters = {
  connections: 0n,
  inPackets: 0n,
  outPackets: 0n,
  inBytes: 0n,
  outBytes: 0n,
  connectionRate: 0n,
  inPacketRate: 0n,
  outPacketRate: 0n,
  inByteRate: 0n,
  outByteRate: 0n,
}

/** Why a virtual server is there. */
export interface Cause {
  /** `default/web` */
  readonly service: string
  /** The name of the Service port, or its number where it has none. */
  readonly port: string
  /** `vip` is an address that a director was given by hand. */
  readonly kind: 'clusterIP' | 'nodePort' | 'externalIP' | 'loadBalancer' | 'vip'
  /** Where it was asked for; nothing is looked for until somebody wants to see it. */
  readonly place?: Place | undefined
  /** Where it was asked for when it was put into the ledger; the text may have changed since. */
  readonly line?: { readonly file: string; readonly line: number } | undefined
}

/** The file and line that asked for a virtual server, as far as anybody knows. */
export function lineOfCause({ place, line }: Cause): { file: string; line: number } | undefined {
  if (place === undefined) return line
  const { source, start } = place.span()
  return { file: source.name, line: positionOf(source, start).line }
}

/** What tells two virtual servers apart, in the kernel too. */
export type Identity = Pick<VirtualServer, 'family' | 'protocol' | 'address' | 'port' | 'fwmark'>

/** What tells two virtual servers apart, as one text: `TCP 10.96.0.10:80`, `FWM 1 IPv6`. */
export function identityOf(server: Identity): string {
  const { fwmark, family, protocol, address, port } = server
  if (fwmark !== 0) return family === 'IPv6' ? `FWM ${fwmark} IPv6` : `FWM ${fwmark}`
  const name = protocolNames.get(protocol) ?? String(protocol)
  return family === 'IPv6' ? `${name} [${address}]:${port}` : `${name} ${address}:${port}`
}

export const protocolNames: ReadonlyMap<number, string> = new Map([
  [6, 'TCP'],
  [17, 'UDP'],
  [132, 'SCTP'],
])
