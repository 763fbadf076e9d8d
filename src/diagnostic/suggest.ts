/** The word that was probably meant: the nearest of those known, if it is near enough. */
export function suggest(word: string, known: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3))
  let best: string | undefined
  let nearest = limit + 1
  for (const candidate of known) {
    if (candidate.toLowerCase() === word.toLowerCase()) return candidate
    if (Math.abs(candidate.length - word.length) >= nearest) continue
    const distance = distanceBetween(word, candidate)
    if (distance < nearest) {
      best = candidate
      nearest = distance
    }
  }
  return best
}

export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const meant = suggest(word, known)
  return meant === undefined ? undefined : `did you mean "${meant}"?`
}

/** Damerau and Levenshtein's: letters added, dropped, changed, or two neighbours swapped. */
function distanceBetween(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let least = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1),
      )
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1)
      }
      row.push(least)
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}
