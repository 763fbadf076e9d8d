import { familyOf, wordOfIPv4, wordsOf } from '../../address/ip.ts'
import type { RealServer, Table, VirtualServer } from '../../table/virtual-server.ts'

/** In which order a table is listed. */
export interface Order {
  /** The table was read from a kernel, in the order of its dump; it was made in this order if not. */
  readonly dumped?: boolean | undefined
  /** As the kernel hands it out. */
  readonly nosort?: boolean | undefined
}

/** By mark, family, protocol, address and port. */
export function serversInOrder(table: Table, { dumped, nosort }: Order): Table {
  const dump = dumped ? table : serverDump(table)
  if (nosort || dump.length < 2) return dump
  const keyed = dump.map((server) => ({ it: server, key: serverKey(server) }))
  return mergeSort(keyed, compareServers).map(({ it }) => it)
}

/** By address and port. */
export function realServersInOrder(
  { realServers }: VirtualServer,
  { dumped, nosort }: Order,
): readonly RealServer[] {
  if (realServers.length < 2) return realServers
  if (!dumped && !nosort && areRising(realServers)) return realServers
  // The kernel puts each new one in front of those that it has.
  const dump = dumped ? realServers : realServers.toReversed()
  if (nosort) return dump
  const places = new PlacesInOrder()
  for (const { address, port } of dump) {
    if (familyOf(address) === 'IPv4') places.addIPv4(wordOfIPv4(address), port)
    else places.add(wordsOf(address), port)
  }
  return places.take().flatMap((place) => dump[place] ?? [])
}

/** Whether they are in order as they were added, and far from what `minus` takes for the wrong way. */
function areRising(realServers: readonly RealServer[]): boolean {
  let first = -1
  let before = -1
  for (let i = 0; i < realServers.length; i++) {
    const { address, port } = realServers[i] as RealServer
    if (familyOf(address) !== 'IPv4') return false
    const place = placeOf(wordOfIPv4(address), port)
    if (place <= before) return false
    before = place
    if (first < 0) first = place
  }
  return before - first < tooFar
}

const ports = 2 ** 16

/** Nearer than this are addresses whose difference is less than 2^31, whatever their ports. */
const tooFar = (2 ** 31 - 1) * ports

/** An IPv4 address and a port as one number. */
function placeOf(word: number, port: number): number {
  return word * ports + port
}

/** The order of real servers that a kernel hands out: told by the words of their addresses, and ports. */
export class PlacesInOrder {
  /** Not a number where the address is none of IPv4. */
  readonly #places: number[] = []
  readonly #others = new Map<number, readonly number[]>()
  #least = Number.POSITIVE_INFINITY
  #most = 0

  addIPv4(word: number, port: number): void {
    const place = placeOf(word, port)
    this.#places.push(place)
    if (place < this.#least) this.#least = place
    if (place > this.#most) this.#most = place
  }

  add(words: readonly number[], port: number): void {
    this.#others.set(this.#places.length, [...words, port])
    this.#places.push(Number.NaN)
  }

  /** Which of them is the first, the second and so on. All are forgotten then. */
  take(): readonly number[] {
    const isPlain = this.#others.size === 0 && this.#most - this.#least < tooFar
    const order = isPlain ? this.#plainOrder() : this.#anyOrder()
    this.#places.length = 0
    this.#others.clear()
    this.#least = Number.POSITIVE_INFINITY
    this.#most = 0
    return order
  }

  /** Kernels hand real servers out newest first, so that very often they need no sorting. */
  #plainOrder(): readonly number[] {
    const places = this.#places
    const { length } = places
    let isFalling = true
    for (let i = 1; i < length; i++) isFalling &&= (places[i] ?? 0) < (places[i - 1] ?? 0)
    const order = new Array<number>(length)
    for (let i = 0; i < length; i++) order[i] = isFalling ? length - 1 - i : i
    return isFalling ? order : order.sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0))
  }

  #anyOrder(): readonly number[] {
    const keyed = this.#places.map((place, it) => ({
      it,
      key: this.#others.get(it) ?? [Math.floor(place / ports), place % ports],
    }))
    return mergeSort(keyed, compareRealServers).map(({ it }) => it)
  }
}

/**
 * How a kernel would hand out virtual servers that were made in this order: by the buckets of its
 * hash, firewall marks after addresses, newest first in a bucket. Which bucket it is depends on
 * where the network namespace lies in memory, which nobody can know: here it lies at 0. Only
 * `nosort` shows the difference, and a sorted list whose addresses lie more than 2^31 apart.
 */
function serverDump(table: Table): Table {
  const dump = new Map<number, VirtualServer[]>()
  for (const server of table) {
    const bucket = bucketOf(server)
    const others = dump.get(bucket)
    if (others === undefined) dump.set(bucket, [server])
    else others.push(server)
  }
  return [...dump].sort(([a], [b]) => a - b).flatMap(([, servers]) => servers.reverse())
}

const buckets = 256

function bucketOf({ fwmark, protocol, address, port }: VirtualServer): number {
  if (fwmark !== 0) return buckets + (fwmark & (buckets - 1))
  const fold = wordsOf(address).reduce((all, word) => all ^ word, 0)
  return (protocol ^ fold ^ (port >> 8) ^ port) & (buckets - 1)
}

/** With the numbers that are compared, the first one first. */
interface Keyed<T> {
  readonly it: T
  readonly key: readonly number[]
}

function serverKey({ fwmark, family, protocol, address, port }: VirtualServer): readonly number[] {
  const number = family === 'IPv4' ? 2 : 10
  return fwmark !== 0 ? [fwmark, number] : [0, number, protocol, ...wordsOf(address), port]
}

function compareServers(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) {
    const difference = minus(a[i], b[i])
    if (difference !== 0) return difference
  }
  return 0
}

/** Families can be mixed. The left one decides how many words are compared; IPv4 has one. */
function compareRealServers(a: readonly number[], b: readonly number[]): number {
  const words = a.length - 1
  for (let i = 0; i < words; i++) {
    // What lies behind the one word of an IPv4 address is zero.
    const difference = minus(a[i], i < b.length - 1 ? b[i] : 0)
    if (difference !== 0) return difference
  }
  return minus(a[words], b[b.length - 1])
}

/**
 * ipvsadm takes the difference of two unsigned numbers for a signed one. So what is more than 2^31
 * apart compares the wrong way round, 192.168.0.1 comes before 10.0.0.1, and an order can bite its
 * own tail.
 */
function minus(a = 0, b = 0): number {
  return (a - b) | 0
}

/**
 * The merge sort that is glibc's qsort. With an order that bites its tail the answer depends on
 * which pairs are compared, so another sort would give another listing.
 */
function mergeSort<T>(items: Keyed<T>[], compare: Compare): readonly Keyed<T>[] {
  sortPart(items, items.slice(), 0, items.length, compare)
  return items
}

/** Sorts the items from `start` to `end`; `spare` has room for as many. */
function sortPart<T>(
  items: Keyed<T>[],
  spare: Keyed<T>[],
  start: number,
  end: number,
  compare: Compare,
): void {
  if (end - start < 2) return
  const middle = start + ((end - start) >> 1)
  sortPart(items, spare, start, middle, compare)
  sortPart(items, spare, middle, end, compare)
  for (let at = start; at < middle; at++) spare[at] = items[at] as Keyed<T>
  let left = start
  let right = middle
  // What is left of the right half at the end stands where it belongs.
  for (let at = start; left < middle; at++) {
    const a = spare[left] as Keyed<T>
    const b = right < end ? items[right] : undefined
    if (b === undefined || compare(a.key, b.key) <= 0) {
      items[at] = a
      left += 1
    } else {
      items[at] = b
      right += 1
    }
  }
}

type Compare = (a: readonly number[], b: readonly number[]) => number
