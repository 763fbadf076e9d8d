import type { IP } from '../address/ip.ts'

/** One that tells other hosts of our connections, or listens to them. */
export interface SyncDaemon {
  readonly state: 'master' | 'backup'
  /** The network interface it multicasts over. */
  readonly interface: string
  readonly syncId: number
  /** 0 leaves it to the kernel when one is started, which then says what it took; so below. */
  readonly maxLength: number
  readonly group: IP | undefined
  readonly port: number
  readonly ttl: number
}

/** Seconds of silence after which connections are forgotten. 0 leaves one as it is. */
export interface Timeouts {
  readonly tcp: number
  readonly tcpFin: number
  readonly udp: number
}

/** What the kernel says of its IPVS. */
export interface KernelFacts {
  /** 0x010201 is version 1.2.1. */
  readonly version: number
  /** How many buckets the table of connections has. */
  readonly size: number
}
