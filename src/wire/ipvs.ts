import {
  address,
  counter,
  flags,
  i32,
  type Kind,
  name,
  netmask,
  port,
  u8,
  u16,
  u32,
} from './kind.ts'

// From <linux/ip_vs.h>, Linux 6.1. Writing and reading share these tables, so they cannot disagree.

/** One attribute: its number, and how its value looks. */
export interface Field<T> {
  readonly type: number
  readonly kind: Kind<T>
}

export const command = {
  newService: 1,
  setService: 2,
  delService: 3,
  getService: 4,
  newDest: 5,
  setDest: 6,
  delDest: 7,
  getDest: 8,
  newDaemon: 9,
  delDaemon: 10,
  getDaemon: 11,
  setConfig: 12,
  getConfig: 13,
  getInfo: 15,
  zero: 16,
  flush: 17,
} as const

/** The attributes of a message that hold others. */
export const nest = { service: 1, destination: 2, daemon: 3 } as const

export const service = {
  family: field(1, u16),
  protocol: field(2, u16),
  address: field(3, address),
  port: field(4, port),
  fwmark: field(5, u32),
  scheduler: field(6, name),
  flags: field(7, flags),
  timeout: field(8, u32),
  netmask: field(9, netmask),
  engine: field(11, name),
} as const

export const destination = {
  address: field(1, address),
  port: field(2, port),
  forwarding: field(3, u32),
  weight: field(4, i32),
  upperThreshold: field(5, u32),
  lowerThreshold: field(6, u32),
  active: field(7, u32),
  inactive: field(8, u32),
  persistent: field(9, u32),
  family: field(11, u16),
  tunnelType: field(13, u8),
  tunnelPort: field(14, port),
  tunnelFlags: field(15, u16),
} as const

/** Where a virtual server and a real server keep their counters: of 32 bits, and of 64. */
export const counters = {
  service: { old: 10, wide: 12 },
  destination: { old: 10, wide: 12 },
} as const

/** 11 is padding, so that 64 bits stand where the machine likes them. */
export const stats = {
  connections: field(1, counter),
  inPackets: field(2, counter),
  outPackets: field(3, counter),
  inBytes: field(4, counter),
  outBytes: field(5, counter),
  connectionRate: field(6, counter),
  inPacketRate: field(7, counter),
  outPacketRate: field(8, counter),
  inByteRate: field(9, counter),
  outByteRate: field(10, counter),
} as const

/** The port of a daemon stands in the machine's byte order, unlike every other port. */
export const daemon = {
  state: field(1, u32),
  interface: field(2, name),
  syncId: field(3, u32),
  maxLength: field(4, u16),
  group: field(5, address),
  group6: field(6, address),
  port: field(7, u16),
  ttl: field(8, u8),
} as const

/** These stand in the message itself. */
export const timeouts = { tcp: field(4, u32), tcpFin: field(5, u32), udp: field(6, u32) } as const

/** These too, in answers to `getInfo` alone. */
export const kernelFacts = { version: field(1, u32), size: field(2, i32) } as const

/** `AF_INET` and `AF_INET6`. */
export const familyNumber = { IPv4: 2, IPv6: 10 } as const

/** The family that knows the numbers of all others. */
export const control = {
  id: 16,
  getFamily: 3,
  familyId: field(1, u16),
  familyName: field(2, name),
} as const

function field<T>(type: number, kind: Kind<T>): Field<T> {
  return { type, kind }
}
