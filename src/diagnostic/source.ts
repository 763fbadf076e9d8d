/** One text the user handed us, under the name the user knows it by. */
export interface Source {
  readonly name: string
  readonly text: string
  /** Where the first replacement character stands that took the place of bytes that are no text. */
  readonly firstBad?: number | undefined
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
  const starts = lineStarts(source, offset)
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
}

/** The text of a line, counted from 1, without its line break. */
export function lineOf(source: Source, line: number): string {
  const { text } = source
  const known = lines.get(source)?.starts[line - 1]
  const from = known ?? lineStarts(source, text.length)[line - 1] ?? text.length
  const lineBreak = text.indexOf('\n', from)
  const end = lineBreak < 0 ? text.length : lineBreak
  return text.slice(from, text[end - 1] === '\r' && end > from ? end - 1 : end)
}

/** Where lines begin, found once for a source, and no further than somebody asked. */
interface Lines {
  readonly starts: number[]
  isWhole: boolean
}

const lines = new WeakMap<Source, Lines>()

/** The starts of all lines up to an offset, and maybe of more. */
function lineStarts(source: Source, offset: number): readonly number[] {
  const found = lines.get(source) ?? newLines(source)
  const { starts } = found
  for (let last = starts.at(-1) ?? 0; last <= offset && !found.isWhole; ) {
    last = source.text.indexOf('\n', last) + 1
    if (last === 0) found.isWhole = true
    else starts.push(last)
  }
  return starts
}

function newLines(source: Source): Lines {
  const found = { starts: [source.text.startsWith('\ufeff') ? 1 : 0], isWhole: false }
  lines.set(source, found)
  return found
}
