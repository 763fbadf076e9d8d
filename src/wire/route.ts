import { type Family, familyOf, type IP } from '../address/ip.ts'
import type { Link, Route } from '../terrain/link.ts'
import { Attributes } from './attributes.ts'
import type { Field } from './ipvs.ts'
import { address, type Kind, littleEndian, name, u8, u32 } from './kind.ts'
import type { Message } from './message.ts'
import { genericHeaderLength, type MessageWriter, messageFlag } from './message-writer.ts'

// What the kernel knows of interfaces, addresses and routes, and the interface that is ours. From
// <linux/rtnetlink.h>, <linux/if_link.h> and <linux/if_addr.h>, Linux 6.1.

const type = {
  newLink: 16,
  deleteLink: 17,
  getLink: 18,
  newAddress: 20,
  deleteAddress: 21,
  getAddress: 22,
  newRoute: 24,
  getRoute: 26,
} as const

/** The structs that stand before the attributes, by their length. */
const struct = { link: 16, address: 8, route: 12 } as const

const link = {
  name: field(3, name),
  mtu: field(4, u32),
  master: field(10, u32),
  details: 18,
  kind: field(1, name),
  data: 2,
  tunnelLocal: field(2, address),
  portKind: field(4, name),
  portData: 5,
  hairpin: field(4, u8),
} as const

const own = { local: field(2, address), address: field(1, address), flags: field(8, u32) } as const

const route = {
  destination: field(1, address),
  from: field(2, address),
  arrival: field(3, u32),
  interface: field(4, u32),
  gateway: field(5, address),
  source: field(7, address),
  metrics: 8,
  table: field(15, u32),
  mtu: field(2, u32),
} as const

const familyNumbers = { IPv4: 2, IPv6: 10 } satisfies Record<Family, number>
const bitsOf = { IPv4: 32, IPv6: 128 } satisfies Record<Family, number>

/** Interfaces that are up and of a kind that lives in software alone, such as ours. */
const isUp = 0x1
const local = 2
/** Nobody else is asked whether an IPv6 address of ours is theirs. */
const noDuplicateDetection = 0x2

/** An address of this machine. */
export interface OwnAddress {
  readonly index: number
  readonly address: IP
  readonly bits: number
}

/** Asks for all interfaces. */
export function writeLinksQuestion(out: MessageWriter): void {
  beginStruct(out, type.getLink, messageFlag.dump, struct.link, [0])
  out.end()
}

/** Asks for all addresses, of both families. */
export function writeAddressesQuestion(out: MessageWriter): void {
  beginStruct(out, type.getAddress, messageFlag.dump, struct.address, [0])
  out.end()
}

/** Asks by which way packets would go to an address. */
export function writeRouteQuestion(out: MessageWriter, to: IP): void {
  const family = familyOf(to)
  beginStruct(out, type.getRoute, 0, struct.route, [familyNumbers[family], bitsOf[family]])
  out.put(route.destination, to, family)
  out.end()
}

/** Asks what becomes of a packet that comes by an interface. */
export function writeArrivalQuestion(out: MessageWriter, from: IP, to: IP, index: number): void {
  const family = familyOf(to)
  const bits = bitsOf[family]
  beginStruct(out, type.getRoute, 0, struct.route, [familyNumbers[family], bits, bits])
  out.put(route.destination, to, family)
  out.put(route.from, from, family)
  out.put(route.arrival, index, family)
  out.end()
}

/** Adds an interface that leads nowhere: it is there to have addresses. It stays down. */
export function writeDummy(out: MessageWriter, called: string): void {
  beginStruct(out, type.newLink, messageFlag.create | messageFlag.exclusive, struct.link, [0])
  out.put(link.name, called, 'IPv4')
  const details = out.open(link.details)
  out.put(link.kind, 'dummy', 'IPv4')
  out.close(details)
  out.end()
}

export function writeLinkDeletion(out: MessageWriter, called: string): void {
  beginStruct(out, type.deleteLink, 0, struct.link, [0])
  out.put(link.name, called, 'IPv4')
  out.end()
}

/** Adds an address to an interface, or takes it away. */
export function writeAddress(
  out: MessageWriter,
  verb: 'add' | 'delete',
  index: number,
  ip: IP,
): void {
  const family = familyOf(ip)
  const head = [familyNumbers[family], bitsOf[family]]
  if (verb === 'add') {
    const flags = messageFlag.create | messageFlag.replace
    beginStruct(out, type.newAddress, flags, struct.address, head, index)
    if (family === 'IPv6') out.put(own.flags, noDuplicateDetection, family)
  } else beginStruct(out, type.deleteAddress, 0, struct.address, head, index)
  out.put(own.local, ip, family)
  out.put(own.address, ip, family)
  out.end()
}

const outer = new Attributes()
const inner = new Attributes()
const innermost = new Attributes()

export function decodeLink(message: Message): Link | undefined {
  if (message.type !== type.newLink) return undefined
  const { view, end } = message
  const at = structOf(message)
  outer.find(view, at + struct.link, end)
  const hasDetails = inner.findIn(outer, link.details)
  const kind = hasDetails ? inner.get(link.kind, '', 'IPv4') : ''
  const isTunnel = hasDetails && kind === 'ipip' && innermost.findIn(inner, link.data)
  const tunnelLocal = isTunnel ? innermost.get(link.tunnelLocal, undefined, 'IPv4') : undefined
  const isPort = hasDetails && inner.get(link.portKind, '', 'IPv4') === 'bridge'
  const hasPort = isPort && innermost.findIn(inner, link.portData)
  return {
    index: view.getInt32(at + 4, littleEndian),
    name: outer.get(link.name, '', 'IPv4'),
    kind,
    mtu: outer.get(link.mtu, 0, 'IPv4'),
    isUp: (view.getUint32(at + 8, littleEndian) & isUp) !== 0,
    master: outer.get(link.master, 0, 'IPv4'),
    tunnelLocal,
    hairpin: hasPort ? innermost.get(link.hairpin, 0, 'IPv4') === 1 : undefined,
  }
}

export function decodeAddress(message: Message): OwnAddress | undefined {
  if (message.type !== type.newAddress) return undefined
  const { view, end } = message
  const at = structOf(message)
  const family = familyAt(view, at)
  outer.find(view, at + struct.address, end)
  const ip = outer.get(own.local, undefined, family) ?? outer.get(own.address, undefined, family)
  if (ip === undefined) return undefined
  return { index: view.getUint32(at + 4, littleEndian), address: ip, bits: view.getUint8(at + 1) }
}

export function decodeRoute(message: Message): Route | undefined {
  if (message.type !== type.newRoute) return undefined
  const { view, end } = message
  const at = structOf(message)
  const family = familyAt(view, at)
  outer.find(view, at + struct.route, end)
  const hasMetrics = inner.findIn(outer, route.metrics)
  return {
    index: outer.get(route.interface, 0, family),
    gateway: outer.get(route.gateway, undefined, family),
    source: outer.get(route.source, undefined, family),
    isLocal: view.getUint8(at + 7) === local,
    mtu: hasMetrics ? inner.get(route.mtu, 0, family) : 0,
  }
}

function beginStruct(
  out: MessageWriter,
  number: number,
  flags: number,
  length: number,
  head: readonly number[],
  index = 0,
): void {
  const at = out.beginPlain(number, flags | messageFlag.request, length)
  for (const [offset, byte] of head.entries()) u8.write(out.view, at + offset, byte, 'IPv4')
  if (index !== 0) u32.write(out.view, at + 4, index, 'IPv4')
}

/** Where the struct stands that every message of this kind begins with. */
function structOf({ start }: Message): number {
  return start - genericHeaderLength
}

function familyAt(view: DataView, at: number): Family {
  return view.getUint8(at) === familyNumbers.IPv6 ? 'IPv6' : 'IPv4'
}

function field<T>(number: number, kind: Kind<T>): Field<T> {
  return { type: number, kind }
}
