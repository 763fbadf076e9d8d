/** One text the user handed us, under the name the user knows it by. */
export interface Source {
  readonly name: string
  readonly text: string
  /** Where the first replacement character stands that took the place of bytes that are no text. */
  readonly firstBad?: number | undefined
  /** How many lines stand before it, where it is a part of a longer text. */
  readonly linesBefore?: number | undefined
}

/** A stretch of one source: UTF-16 offsets, `end` exclusive. A span is its own place. */
export interface Span extends Place {
  readonly source: Source
  readonly start: number
  readonly end: number
  /** Where the text came from before it reached us, such as a Helm template. */
  readonly origin?: string | undefined
}

/**
 * Somewhere in a source. Most places are never shown, so a place costs nothing until somebody asks
 * for its span: only then is the text read again.
 */
export interface Place {
  readonly span: () => Span
}

/** Line and column as editors count them: from 1, in UTF-16 units. */
export interface Position {
  readonly line: number
  readonly column: number
}

export function spanIn(source: Source, start: number, end: number, origin?: string): Span {
  const span: Span = { source, start, end, origin, span: () => span }
  return span
}

export function positionOf(source: Source, offset: number): Position {
  const starts = lineStarts(source, (known) => (known.at(-1) ?? 0) > offset)
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  const line = (source.linesBefore ?? 0) + low + 1
  return { line, column: offset - (starts[low] ?? 0) + 1 }
}

/** The text of a line, counted from 1, without its line break. */
export function lineOf(source: Source, line: number): string {
  const index = line - 1 - (source.linesBefore ?? 0)
  const starts = lineStarts(source, (known) => known.length > index + 1)
  const from = starts[index] ?? source.text.length
  const to = starts[index + 1] ?? source.text.length + 1
  const end = to - 1
  return source.text.slice(from, source.text[end - 1] === '\r' && end > from ? end - 1 : end)
}

const starts = new WeakMap<Source, number[]>()

/** Where lines begin, as far as is asked for: most texts are long, and little of them is shown. */
function lineStarts(source: Source, areEnough: (known: readonly number[]) => boolean): number[] {
  const { text } = source
  const known = starts.get(source) ?? [text.startsWith('\ufeff') ? 1 : 0]
  starts.set(source, known)
  while (!areEnough(known)) {
    const at = text.indexOf('\n', known.at(-1))
    if (at < 0) break
    known.push(at + 1)
  }
  return known
}
