import { byteOrderMark, hash, lineFeed, space } from '../diagnostic/codes.ts'
import { documentSeparator, byteOrderMark as strayMark } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import type { Letters } from '../diagnostic/letters.ts'
import { lettersOf, type Source, spanIn } from '../diagnostic/source.ts'
import type { Stretch } from './document.ts'

/**
 * Parts a source at the lines that begin with `---`, as kubectl does before it looks at anything
 * else. A stretch holds none of these lines, and is empty after one that says more than a comment.
 */
export function* stretchesOf(source: Source, report: Report): Generator<Stretch> {
  let start = afterMark(lettersOf(source), 0)
  let wanted = true
  for (const { at, dashes } of separators(source, start)) {
    const letters = lettersOf(source)
    yield { source, start: wanted ? afterMark(letters, start) : at, end: at }
    if (dashes > at) report(strayMark().at(spanIn(source, at, dashes)))
    const close = endOfLine(letters, dashes)
    const content = contentAfter(letters, dashes + 3, close)
    wanted = content === close || letters.code(content) === hash
    if (!wanted) {
      const said = letters.slice(content, Math.min(close, content + 60)).trimEnd()
      report(documentSeparator(said).at(spanIn(source, content, content + said.length)))
    }
    start = Math.min(close + 1, letters.length)
  }
  const letters = lettersOf(source)
  yield { source, start: wanted ? afterMark(letters, start) : letters.length, end: letters.length }
}

interface Separator {
  /** Where the line begins, and its dashes: between them may stand a byte order mark. */
  readonly at: number
  readonly dashes: number
}

// Whoever is told of a stretch may make a text of the source, so its letters are asked for each time.
function* separators(source: Source, start: number): Generator<Separator> {
  for (let from = start; ; ) {
    const letters = lettersOf(source)
    const dashes = letters.indexOf('---', from)
    if (dashes < 0) return
    from = dashes + 3
    const isMarked = dashes > start && letters.code(dashes - 1) === byteOrderMark
    const at = isMarked ? dashes - 1 : dashes
    if (dashes === start || letters.code(at - 1) === lineFeed) yield { at, dashes }
  }
}

/** Files that begin with a byte order mark may have been put one after another. */
function afterMark(letters: Letters, start: number): number {
  return letters.code(start) === byteOrderMark ? start + 1 : start
}

function endOfLine(letters: Letters, from: number): number {
  return (letters.lineAfter(from) ?? letters.length + 1) - 1
}

function contentAfter(letters: Letters, from: number, close: number): number {
  let at = from
  while (at < close && letters.code(at) <= space) at += 1
  return at
}
