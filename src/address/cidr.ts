import { type Family, familyOf, type IP, ipFromWords, parseIP, readIP, wordsOf } from './ip.ts'

/** A block of addresses. `base` is its first address: bits beyond the prefix are gone. */
export interface CIDR {
  readonly base: IP
  readonly bits: number
}

/** What a text says when it is read as a CIDR, and how far it strays from the canonical form. */
export interface ReadCIDR {
  readonly cidr: CIDR
  /** The address as written, before the bits beyond the prefix were cut off. */
  readonly address: IP
  readonly leadingZeros: boolean
  readonly mapped: boolean
}

/** Reads a CIDR as Kubernetes always has; see `readIP` about oddities. */
export function readCIDR(text: string): ReadCIDR | undefined {
  const slash = text.indexOf('/')
  if (slash < 0) return undefined
  const read = readIP(text.slice(0, slash))
  const prefix = text.slice(slash + 1)
  if (read === undefined || !/^[0-9]{1,3}$/.test(prefix)) return undefined
  const written = Number(prefix)
  // The length of an IPv4-mapped prefix counts from the front of the IPv6 address.
  const bits = read.mapped ? written - 96 : written
  if (bits < 0 || bits > widthOf(familyOf(read.ip))) return undefined
  const leadingZeros = read.leadingZeros || (prefix.length > 1 && prefix.startsWith('0'))
  const cidr = { base: firstIn(read.ip, bits), bits }
  return { cidr, address: read.ip, leadingZeros, mapped: read.mapped }
}

/** Reads a CIDR that is written without oddities; bits beyond the prefix are cut off. */
export function parseCIDR(text: string): CIDR | undefined {
  const read = readCIDR(text)
  return read === undefined || read.leadingZeros || read.mapped ? undefined : read.cidr
}

export function printCIDR({ base, bits }: CIDR): string {
  return `${base}/${bits}`
}

export function contains({ base, bits }: CIDR, ip: IP): boolean {
  return familyOf(base) === familyOf(ip) && firstIn(ip, bits) === base
}

/** How many bits an address of a family has. */
export function widthOf(family: Family): 32 | 128 {
  return family === 'IPv4' ? 32 : 128
}

/** The block that holds one address alone. */
export function singleAddress(ip: IP): CIDR {
  return { base: ip, bits: widthOf(familyOf(ip)) }
}

export function isAny({ bits }: CIDR): boolean {
  return bits === 0
}

/** The smallest block that has some addresses of one family, of a prefix no longer than that. */
export function blockAround(ips: readonly IP[], longest: number): CIDR | undefined {
  const [first] = ips
  if (first === undefined) return undefined
  let bits = longest
  for (const ip of ips) while (!contains({ base: firstIn(first, bits), bits }, ip)) bits -= 1
  return { base: firstIn(first, bits), bits }
}

/** A CIDR, or a bare address that stands for itself alone. */
export function parseBlock(text: string): CIDR | undefined {
  const ip = parseIP(text)
  return ip === undefined ? parseCIDR(text) : singleAddress(ip)
}

function firstIn(ip: IP, bits: number): IP {
  const words = wordsOf(ip)
  if (bits === words.length * 32) return ip
  return ipFromWords(
    words.map((word, index) => {
      const kept = Math.max(0, Math.min(32, bits - index * 32))
      return kept === 32 ? word : (word & ~(0xffffffff >>> kept)) >>> 0
    }),
  )
}
