import { hashOf } from './hash.ts'

/**
 * The two parts of a range. Automatic numbers come from the dynamic band as long as it has any, so
 * that those who write numbers by hand find the static band free.
 */
export interface Bands {
  readonly dynamic: Band
  readonly static: Band
  /** Given up in this very run: handed out again only when nothing else is left. */
  readonly released: Set<number>
}

/** Numbers from `first` to `last`, each handed out once. */
interface Band {
  readonly first: number
  readonly last: number
  /** From a number that is gone to one behind it that may be free. */
  readonly onward: Map<number, number>
}

/**
 * How many of the lowest numbers the API server leaves to those who ask by number: one part in
 * `share`, between 16 and `most`; none in a range of 16 numbers or less.
 */
export function staticCount(size: number, share: number, most: number): number {
  return size <= 16 ? 0 : Math.min(Math.max(Math.floor(size / share), 16), most)
}

/** Parts a range: the first `count` numbers are static. */
export function bandsOf(first: number, last: number, count: number): Bands {
  return {
    dynamic: { first: first + count, last, onward: new Map() },
    static: { first, last: first + count - 1, onward: new Map() },
    released: new Set(),
  }
}

/** From now on the number is not free. */
export function strike(bands: Bands, number: number): void {
  bands.released.delete(number)
  bandOf(bands, number)?.onward.set(number, number + 1)
}

/** A number that its holder gave up. Whoever wishes for it may have it; nobody else, if possible. */
export function release(bands: Bands, number: number): void {
  const band = bandOf(bands, number)
  if (band === undefined || band.onward.has(number)) return
  strike(bands, number)
  bands.released.add(number)
}

/**
 * The next free number for a name: from the place that its hash points to onward and around, first
 * in the dynamic band, then in the static one.
 */
export function draw(bands: Bands, name: string): number | undefined {
  const number =
    drawFrom(bands.dynamic, name) ?? drawFrom(bands.static, name) ?? firstOf(bands.released)
  if (number !== undefined) strike(bands, number)
  return number
}

function bandOf({ dynamic, static: fixed }: Bands, number: number): Band | undefined {
  const band = number < dynamic.first ? fixed : dynamic
  return number >= band.first && number <= band.last ? band : undefined
}

function drawFrom(band: Band, name: string): number | undefined {
  const size = band.last - band.first + 1
  if (size <= 0) return undefined
  const from = nextFree(band, band.first + (hashOf(name) % size))
  const number = from <= band.last ? from : nextFree(band, band.first)
  return number <= band.last ? number : undefined
}

/**
 * Follows the numbers that are gone to the next that is not, and shortens the way for those who
 * come after: a band that is nearly full is not walked through again and again.
 */
function nextFree({ onward }: Band, from: number): number {
  let free = from
  for (let next = onward.get(free); next !== undefined; next = onward.get(free)) free = next
  for (let at = from; at < free; ) {
    const next = onward.get(at) ?? free
    onward.set(at, free)
    at = next
  }
  return free
}

function firstOf(numbers: ReadonlySet<number>): number | undefined {
  for (const number of numbers) return number
  return undefined
}
