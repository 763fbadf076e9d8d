import type { IP } from '../address/ip.ts'

/** An interface of this machine. */
export interface Link {
  readonly index: number
  readonly name: string
  /** Such as `dummy`, `bridge`, `veth`, `ipip`; nothing for a real one. */
  readonly kind: string
  readonly mtu: number
  readonly isUp: boolean
  /** The number of the bridge that it is a port of, or 0. */
  readonly master: number
  readonly tunnelLocal: IP | undefined
  /** May its bridge send a packet back by it? Said of ports of bridges alone. */
  readonly hairpin: boolean | undefined
}

/** The way to an address, as the kernel would go it now. */
export interface Route {
  /** The number of the interface. */
  readonly index: number
  readonly gateway: IP | undefined
  readonly source: IP | undefined
  /** The address is this machine's own. */
  readonly isLocal: boolean
  /** 0 where the interface decides. */
  readonly mtu: number
}
