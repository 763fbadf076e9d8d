import { type CIDR, parseCIDR, readCIDR, widthOf } from '../address/cidr.ts'
import { type Family, familyOf, type IP, ipFromWords, wordsOf } from '../address/ip.ts'
import type { Node } from '../object/node.ts'
import { hashOf } from '../pool/hash.ts'

/** The addresses that a node has for pods. */
export interface PodBlock {
  /** The first one: that of the network and that of the node's own bridge are no pod's. */
  readonly first: readonly number[]
  readonly size: number
}

/** More pods than this no node has; it also keeps a large IPv6 block countable. */
const largest = 65_536

/** The block of a family that the Node names, or one made up where it names none. */
export function podBlockOf(node: Node | undefined, index: number, family: Family): PodBlock {
  const named = node?.podCIDRs
    .flatMap((text) => readCIDR(text)?.cidr ?? [])
    .find(({ base }) => familyOf(base) === family)
  return blockOf(named ?? madeUp(index, family))
}

/** An address of the block that nobody has taken, from the place that the name's hash points to. */
export function takeFrom(
  { first, size }: PodBlock,
  taken: Set<string>,
  name: string,
): IP | undefined {
  const from = size === 0 ? 0 : hashOf(name) % size
  for (let step = 0; step < size; step++) {
    const ip = addressAt(first, (from + step) % size)
    if (taken.has(ip)) continue
    taken.add(ip)
    return ip
  }
  return undefined
}

function blockOf({ base, bits }: CIDR): PodBlock {
  const hostBits = widthOf(familyOf(base)) - bits
  const all = hostBits >= 17 ? largest : 2 ** hostBits
  // IPv4 keeps the last address for broadcasts.
  const kept = familyOf(base) === 'IPv4' ? 3 : 2
  return { first: plus(wordsOf(base), 2), size: Math.max(0, all - kept) }
}

/** What kubeadm's examples give to the first node, the second, and so on. */
function madeUp(index: number, family: Family): CIDR {
  const text =
    family === 'IPv4'
      ? `10.${244 + ((index >> 8) & 7)}.${index & 255}.0/24`
      : `fd00:10:244:${(index & 0xffff).toString(16)}::/64`
  return parseCIDR(text) as CIDR
}

function addressAt(first: readonly number[], offset: number): IP {
  return ipFromWords(plus(first, offset))
}

/** Blocks begin at multiples of their size, so that the last word never runs over. */
function plus(words: readonly number[], offset: number): readonly number[] {
  return words.map((word, index) => (index === words.length - 1 ? word + offset : word))
}
