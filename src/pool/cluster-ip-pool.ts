import { type CIDR, contains, widthOf } from '../address/cidr.ts'
import { familyOf, type IP, ipFromWords, wordsOf } from '../address/ip.ts'
import {
  clusterIPOutOfRange,
  clusterIPRangeFull,
  clusterIPTaken,
} from '../diagnostic/complaints.ts'
import { bandsOf, staticCount } from './bands.ts'
import type { Pool } from './pool.ts'

/** The addresses of one block: all but the first, and in IPv4 all but the last. */
export function clusterIPPool(cidr: CIDR): Pool<IP> {
  const last = lastUsable(cidr)
  return {
    includes: (ip) => {
      const offset = offsetIn(cidr, ip)
      return offset === undefined ? contains(cidr, ip) : offset >= 1 && offset <= last
    },
    offsetOf: (ip) => offsetIn(cidr, ip),
    numberAt: (offset) => addressIn(cidr, offset),
    bands: bandsOf(1, Math.min(last, 2 ** 32 - 1), staticAddresses(cidr)),
    claims: new Map(),
    reasons: {
      taken: 'provided IP is already allocated',
      outside: 'the provided network does not match the current range',
    },
    complaints: { taken: clusterIPTaken, outside: clusterIPOutOfRange, full: clusterIPRangeFull },
  }
}

/** How many addresses of a block a Service can have. */
export function usableAddresses(cidr: CIDR): number {
  return Math.max(0, lastUsable(cidr))
}

/** How many of them are left to those who ask by number. */
export function staticAddresses(cidr: CIDR): number {
  return staticCount(sizeOf(cidr), 16, 256)
}

/** The address of the Service `default/kubernetes`: the first of the block. */
export function kubernetesAddress(cidr: CIDR): IP | undefined {
  return usableAddresses(cidr) === 0 ? undefined : addressIn(cidr, 1)
}

/** Why an API server does not take a block for its Services, in its words. */
export function serviceCIDRFault(cidr: CIDR): string | undefined {
  if (familyOf(cidr.base) === 'IPv6' && cidr.bits < 64) {
    return `shortest allowed prefix length for service CIDR is 64, got ${cidr.bits}`
  }
  if (sizeOf(cidr) < 8) return 'the service cluster IP range must be at least 8 IP addresses'
  return undefined
}

// An IPv6 block has more addresses than anybody can count. Automatic ones differ from its base in
// the last 32 bits alone, so that one word is all there is to reckon with.

function addressIn({ base }: CIDR, offset: number): IP {
  const words = wordsOf(base)
  return ipFromWords(words.with(-1, (words.at(-1) ?? 0) + offset))
}

/** `undefined` for an address elsewhere, and for one that only a wish can reach. */
function offsetIn(cidr: CIDR, ip: IP): number | undefined {
  if (!contains(cidr, ip)) return undefined
  const from = wordsOf(cidr.base)
  const to = wordsOf(ip)
  const near = to.every((word, index) => index === to.length - 1 || word === from[index])
  return near ? (to.at(-1) ?? 0) - (from.at(-1) ?? 0) : undefined
}

/** Counted from the base. IPv4 keeps its broadcast address to itself. */
function lastUsable(cidr: CIDR): number {
  return sizeOf(cidr) - (familyOf(cidr.base) === 'IPv4' ? 2 : 1)
}

function sizeOf({ base, bits }: CIDR): number {
  return 2 ** (widthOf(familyOf(base)) - bits)
}
