import type { IP } from '../address/ip.ts'

/** Carries connections to another machine, or takes them from there, so that a fall-back knows them. */
export interface SyncDaemon {
  readonly role: 'master' | 'backup'
  /** The network interface it multicasts over. */
  readonly interface: string
  readonly syncId: number
  /** Where these are left out when it is started, the kernel chooses. */
  readonly maxLength?: number | undefined
  readonly group?: IP | undefined
  readonly port?: number | undefined
  readonly ttl?: number | undefined
}

/** Seconds after which idle connections are forgotten. 0 leaves one as it is when they are set. */
export interface Timeouts {
  readonly tcp: number
  readonly tcpFin: number
  readonly udp: number
}

/** What the kernel says of its IPVS. */
export interface KernelFacts {
  /** `1.2.1` */
  readonly version: string
  /** How many buckets the table of connections has. */
  readonly connectionTableSize: number
}
