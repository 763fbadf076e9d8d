import { type Family, familyOf, type IP, ipFromWords, wordOfIPv4, wordsOf } from '../address/ip.ts'

/** How one kind of value looks on the wire: both directions, side by side. */
export interface Kind<T> {
  /** Fewer bytes than these say nothing. */
  readonly least: number
  /** Addresses and masks are read as the family of what they belong to has it. */
  readonly read: (view: DataView, at: number, length: number, family: Family) => T
  /** Answers how many bytes it wrote. */
  readonly write: (view: DataView, at: number, value: T, family: Family) => number
}

/** Netlink speaks in the byte order of the machine, but for what goes over networks. */
export const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

export const u8: Kind<number> = {
  least: 1,
  read: (view, at) => view.getUint8(at),
  write: (view, at, value) => {
    view.setUint8(at, value)
    return 1
  },
}

export const u16: Kind<number> = {
  least: 2,
  read: (view, at) => view.getUint16(at, littleEndian),
  write: (view, at, value) => {
    view.setUint16(at, value, littleEndian)
    return 2
  },
}

export const u32: Kind<number> = {
  least: 4,
  read: (view, at) => view.getUint32(at, littleEndian),
  write: (view, at, value) => {
    view.setUint32(at, value, littleEndian)
    return 4
  },
}

export const i32: Kind<number> = {
  least: 4,
  read: (view, at) => view.getInt32(at, littleEndian),
  write: (view, at, value) => {
    view.setInt32(at, value, littleEndian)
    return 4
  },
}

/** A counter: 64 bits where the kernel has them, 32 in old ones and in rates. */
export const counter: Kind<bigint> = {
  least: 4,
  read: (view, at, length) =>
    length < 8 ? BigInt(view.getUint32(at, littleEndian)) : view.getBigUint64(at, littleEndian),
  write: (view, at, value) => {
    view.setBigUint64(at, value, littleEndian)
    return 8
  },
}

/** Ports of packets travel in network byte order. */
export const port: Kind<number> = {
  least: 2,
  read: (view, at) => view.getUint16(at),
  write: (view, at, value) => {
    view.setUint16(at, value)
    return 2
  },
}

/** The kernel's answers have room for IPv6 even when the address is IPv4; requests need not. */
export const address: Kind<IP> = {
  least: 4,
  read: (view, at, length, family) => {
    if (family === 'IPv4' || length < 16) return ipFromWords([view.getUint32(at)])
    return ipFromWords([0, 4, 8, 12].map((offset) => view.getUint32(at + offset)))
  },
  write: (view, at, value) => {
    if (familyOf(value) === 'IPv4') {
      view.setUint32(at, wordOfIPv4(value))
      return 4
    }
    const words = wordsOf(value)
    for (let i = 0; i < words.length; i++) view.setUint32(at + 4 * i, words[i] ?? 0)
    return 4 * words.length
  },
}

/** Which clients count as one: a mask in network order for IPv4, the length of a prefix for IPv6. */
export const netmask: Kind<number> = {
  least: 4,
  read: (view, at, _, family) => view.getUint32(at, family === 'IPv6' && littleEndian),
  write: (view, at, value, family) => {
    view.setUint32(at, value, family === 'IPv6' && littleEndian)
    return 4
  },
}

/** A C string with its closing zero. */
export const name: Kind<string> = {
  least: 1,
  read: (view, at, length) => {
    let text = ''
    for (let i = at; i < at + length; i++) {
      const code = view.getUint8(i)
      if (code === 0) break
      text += String.fromCharCode(code)
    }
    return text
  },
  write: (view, at, value) => {
    for (let i = 0; i < value.length; i++) view.setUint8(at + i, value.charCodeAt(i))
    view.setUint8(at + value.length, 0)
    return value.length + 1
  },
}

/** `struct ip_vs_flags`: flags, and a mask of those that are meant, which for us is all of them. */
export const flags: Kind<number> = {
  least: 8,
  read: (view, at) =>
    (view.getUint32(at, littleEndian) & view.getUint32(at + 4, littleEndian)) >>> 0,
  write: (view, at, value) => {
    view.setUint32(at, value, littleEndian)
    view.setUint32(at + 4, 0xffffffff, littleEndian)
    return 8
  },
}
