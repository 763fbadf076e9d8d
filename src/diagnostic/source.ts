import { byteOrderMark, carriageReturn } from './codes.ts'
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
  const { line, start } = lineAt(source, offset)
  return { line: (source.linesBefore ?? 0) + line + 1, column: offset - start + 1 }
}

/** The text of a line, counted from 1, without its line break: of a long one so many letters. */
export function lineOf(source: Source, line: number, most: number): string {
  const letters = lettersOf(source)
  const index = line - 1 - (source.linesBefore ?? 0)
  const { offsets, lines, starts } = marksUntil(source, ({ lines }) => (lines.at(-1) ?? 0) > index)
  const mark = lastUpTo(lines, index)
  let from = lines[mark] === index ? starts[mark] : letters.lineAfter(offsets[mark] ?? 0)
  for (let at = (lines[mark] ?? 0) + 1; at < index && from !== undefined; at++) {
    from = letters.lineAfter(from)
  }
  if (from === undefined) return ''
  return letters.slice(from, lineEnd(letters, from, from, most))
}

/**
 * Where a line ends, without its line break, given where it begins and an offset in it. Of a long one
 * no more than so many letters behind the offset are looked at: then it is there that it ends.
 */
export function lineEnd(letters: Letters, start: number, offset: number, most: number): number {
  const { length } = letters
  const reach = Math.min(offset + most + 2, length)
  const next = letters.lineAfter(offset, reach)
  if (next === undefined && reach < length) return offset + most
  const end = next === undefined ? length : next - 1
  const isBroken = end > start && letters.code(end - 1) === carriageReturn
  return Math.min(offset + most, isBroken ? end - 1 : end)
}

/** A line, counted from 0, and where it begins. */
export interface Line {
  readonly line: number
  readonly start: number
}

/** The line that an offset is in. */
export function lineAt(source: Source, offset: number): Line {
  const marks = marksUntil(source, ({ offsets }) => (offsets.at(-1) ?? 0) + markEvery > offset)
  const mark = lastUpTo(marks.offsets, offset)
  const found = lineFrom(marks, mark, lettersOf(source), offset)
  if ((marks.offsets[mark] ?? 0) + markEvery <= offset) insertMark(marks, mark + 1, offset, found)
  return found
}

/** Takes note of the line of an offset, for who comes by one after the other anyway. */
export function noteLine(source: Source, offset: number, { line, start }: Line): void {
  const { offsets, lines, starts } = marksOf(source)
  if ((offsets.at(-1) ?? 0) >= offset) return
  offsets.push(offset)
  lines.push(line)
  starts.push(start)
}

/** So many letters are counted through at most to find a line, where none was noted. */
const markEvery = 4096

/** Offsets whose lines are known, in order: each with its line, and where that begins. */
interface Marks {
  readonly offsets: number[]
  readonly lines: number[]
  readonly starts: number[]
}

/** Where those that come by have left wide gaps, marks are set later, between others. */
function insertMark(marks: Marks, at: number, offset: number, { line, start }: Line): void {
  marks.offsets.splice(at, 0, offset)
  marks.lines.splice(at, 0, line)
  marks.starts.splice(at, 0, start)
}

const known = new WeakMap<Source, Marks>()

function marksOf(source: Source): Marks {
  const found = known.get(source)
  if (found !== undefined) return found
  const first = lettersOf(source).code(0) === byteOrderMark ? 1 : 0
  const marks = { offsets: [0], lines: [0], starts: [first] }
  known.set(source, marks)
  return marks
}

/** Marks as far as is asked for: little of a text is ever shown. */
function marksUntil(source: Source, areEnough: (marks: Marks) => boolean): Marks {
  const letters = lettersOf(source)
  const marks = marksOf(source)
  while (!areEnough(marks)) {
    const last = marks.offsets.length - 1
    const offset = (marks.offsets[last] ?? 0) + markEvery
    if (offset >= letters.length) break
    noteLine(source, offset, lineFrom(marks, last, letters, offset))
  }
  return marks
}

/** The line that an offset is in, counted from the mark before it. */
function lineFrom(marks: Marks, mark: number, letters: Letters, offset: number): Line {
  let line = marks.lines[mark] ?? 0
  let start = marks.starts[mark] ?? 0
  let at = letters.lineAfter(marks.offsets[mark] ?? 0, offset)
  for (; at !== undefined; at = letters.lineAfter(at, offset)) {
    line += 1
    start = at
  }
  return { line, start }
}

/** Where the last of rising numbers stands that is no more than another. */
function lastUpTo(numbers: readonly number[], most: number): number {
  let low = 0
  let high = numbers.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((numbers[middle] ?? 0) <= most) low = middle
    else high = middle - 1
  }
  return low
}
