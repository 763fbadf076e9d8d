import { type Letters, TextLetters } from './letters.ts'

/** One text the user handed us, under the name the user knows it by. */
export interface Source {
  readonly name: string
  readonly text: string
  /** Where the text is made only when it is asked for: its letters, until then. */
  readonly letters?: Letters | undefined
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

/** The letters of a source, without making a text of what is none yet. */
export function lettersOf(source: Source): Letters {
  return source.letters ?? new TextLetters(source.text)
}

export function spanIn(source: Source, start: number, end: number, origin?: string): Span {
  const span: Span = { source, start, end, origin, span: () => span }
  return span
}

export function positionOf(source: Source, offset: number): Position {
  const letters = lettersOf(source)
  const marks = marksOf(source, (found) => (found.at(-1) ?? 0) > offset)
  let low = 0
  let high = marks.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((marks[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  let line = low * markEvery
  let start = marks[low] ?? 0
  for (;;) {
    const next = letters.lineAfter(start)
    if (next === undefined || next > offset) break
    start = next
    line += 1
  }
  return { line: (source.linesBefore ?? 0) + line + 1, column: offset - start + 1 }
}

/** The text of a line, counted from 1, without its line break. */
export function lineOf(source: Source, line: number): string {
  const letters = lettersOf(source)
  const index = line - 1 - (source.linesBefore ?? 0)
  const mark = Math.floor(index / markEvery)
  let from = marksOf(source, (found) => found.length > mark)[mark]
  for (let at = mark * markEvery; at < index && from !== undefined; at++) {
    from = letters.lineAfter(from)
  }
  if (from === undefined) return ''
  const end = (letters.lineAfter(from) ?? letters.length + 1) - 1
  const text = letters.slice(from, end)
  return text.endsWith('\r') ? text.slice(0, -1) : text
}

/** Of so many lines one is remembered: texts are long, and a few lines are soon counted again. */
const markEvery = 64

const known = new WeakMap<Source, number[]>()

/** Where every so manieth line begins, as far as is asked for: little of a text is ever shown. */
function marksOf(source: Source, areEnough: (marks: readonly number[]) => boolean): number[] {
  const letters = lettersOf(source)
  const marks = known.get(source) ?? [letters.code(0) === 0xfeff ? 1 : 0]
  known.set(source, marks)
  while (!areEnough(marks)) {
    let at = marks.at(-1)
    for (let lines = 0; lines < markEvery && at !== undefined; lines++) at = letters.lineAfter(at)
    if (at === undefined) break
    marks.push(at)
  }
  return marks
}
