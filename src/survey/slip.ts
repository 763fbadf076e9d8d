/**
 * Whether one name was probably written where the other was meant. Names that stand for siblings,
 * such as `web-1` and `web-2` or `reader` and `writer`, are no slips of each other.
 */
export function isSlip(written: string, meant: string): boolean {
  if (isSameLoosely(written, meant)) return true
  if (withoutDigits(written) === withoutDigits(meant)) return false
  const theirs = wordsIn(meant)
  const ours = wordsIn(written)
  if (ours.length !== theirs.length) return false
  const odd = ours.flatMap((word, index) => {
    const other = theirs[index] ?? ''
    return word === other ? [] : [[word, other] as const]
  })
  const [pair, ...more] = odd
  return pair !== undefined && more.length === 0 && isOneSlip(...pair)
}

/** The same but for case, for what stands between the words, or for two neighbours that swapped. */
export function isSurelySlip(written: string, meant: string): boolean {
  return isSameLoosely(written, meant) || isSwap(written, meant)
}

function isSameLoosely(a: string, b: string): boolean {
  return loosely(a) === loosely(b)
}

function loosely(text: string): string {
  return text.replace(/[-_.]/g, '').toLowerCase()
}

function withoutDigits(text: string): string {
  return text.replace(/\d/g, '')
}

function wordsIn(text: string): readonly string[] {
  return text.toLowerCase().split(/[-_./]/)
}

/**
 * Two neighbours swapped, or, in words long enough to be told apart, one letter too many, too few or
 * another. A number is never a slip.
 */
function isOneSlip(a: string, b: string): boolean {
  if (/\d/.test(a + b)) return false
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  const from = firstDifference(short, long)
  if (short.length < long.length) {
    const isOneMore = short.slice(from) === long.slice(from + 1)
    return isOneMore && short.length >= 4
  }
  return isSwap(a, b) || (a.slice(from + 1) === b.slice(from + 1) && a.length >= 5)
}

function isSwap(a: string, b: string): boolean {
  const from = firstDifference(a, b)
  const swapped = a.slice(0, from) + (a[from + 1] ?? '') + (a[from] ?? '') + a.slice(from + 2)
  return a.length >= 3 && swapped === b && !/\d/.test(a.slice(from, from + 2))
}

function firstDifference(a: string, b: string): number {
  let at = 0
  while (at < a.length && a[at] === b[at]) at += 1
  return at
}
