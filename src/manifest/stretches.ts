import { byteOrderMark, documentSeparator } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import { type Source, spanIn } from '../diagnostic/source.ts'
import type { Stretch } from './document.ts'

/**
 * Parts a source at the lines that begin with `---`, as kubectl does before it looks at anything
 * else. A stretch holds none of these lines, and is empty after one that says more than a comment.
 */
export function* stretchesOf(source: Source, report: Report): Generator<Stretch> {
  const { text } = source
  let start = text.startsWith('\ufeff') ? 1 : 0
  let wanted = true
  for (const { at, dashes } of separators(text, start)) {
    yield { source, start: wanted ? afterMark(text, start) : at, end: at }
    if (dashes > at) report(byteOrderMark().at(spanIn(source, at, dashes)))
    const close = endOfLine(text, dashes)
    const content = contentAfter(text, dashes + 3, close)
    wanted = content === close || text[content] === '#'
    if (!wanted) {
      const said = text.slice(content, Math.min(close, content + 60)).trimEnd()
      report(documentSeparator(said).at(spanIn(source, content, content + said.length)))
    }
    start = Math.min(close + 1, text.length)
  }
  const end = text.length
  yield { source, start: wanted ? afterMark(text, start) : end, end }
}

interface Separator {
  /** Where the line begins, and its dashes: between them may stand a byte order mark. */
  readonly at: number
  readonly dashes: number
}

function* separators(text: string, start: number): Generator<Separator> {
  const marks = text.indexOf('\n\ufeff---', start) >= 0
  if (text.startsWith('---', start)) yield { at: start, dashes: start }
  for (let from = start; ; ) {
    const plain = text.indexOf('\n---', from)
    const marked = marks ? text.indexOf('\n\ufeff---', from) : -1
    const first = plain < 0 || (marked >= 0 && marked < plain) ? marked : plain
    if (first < 0) return
    from = first + 1
    yield { at: from, dashes: first === plain ? from : from + 1 }
  }
}

/** Files that begin with a byte order mark may have been put one after another. */
function afterMark(text: string, start: number): number {
  return text.charCodeAt(start) === 0xfeff ? start + 1 : start
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

function contentAfter(text: string, from: number, close: number): number {
  let at = from
  while (at < close && text.charCodeAt(at) <= 32) at += 1
  return at
}
