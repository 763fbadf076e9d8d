import type { Letters } from '../diagnostic/letters.ts'
import { lettersOf, positionOf, type Source, type Span, spanIn } from '../diagnostic/source.ts'

/** One code in a comment `# nodeport-ignore code, code: reason`. */
export interface IgnoreComment {
  readonly code: string
  readonly at: Span
}

const word = 'nodeport-ignore'
const known = new WeakMap<Source, ReadonlyMap<number, readonly IgnoreComment[]>>()

/** What the comments of a source ask to ignore, by line. */
export function commentsIn(source: Source): ReadonlyMap<number, readonly IgnoreComment[]> {
  const comments = known.get(source) ?? read(source)
  known.set(source, comments)
  return comments
}

function read(source: Source): ReadonlyMap<number, readonly IgnoreComment[]> {
  const letters = lettersOf(source)
  const comments = new Map<number, readonly IgnoreComment[]>()
  for (let at = letters.indexOf(word, 0); at >= 0; at = letters.indexOf(word, at + 1)) {
    if (!opensComment(letters, at)) continue
    const codes = codesAt(source, at + word.length)
    if (codes.length > 0) comments.set(positionOf(source, at).line, codes)
  }
  return comments
}

/** A comment begins with a sharp at the start of a line or behind a space. */
function opensComment(letters: Letters, at: number): boolean {
  return /(?:^|\s)#[ \t]*$/.test(letters.slice(Math.max(0, at - 20), at))
}

/** Codes parted by commas, up to a colon or to whatever else is none. */
function codesAt(source: Source, from: number): readonly IgnoreComment[] {
  const list = /[ \t:]+((?:[\w.-]+[ \t]*,[ \t]*)*[\w.-]+)/y
  list.lastIndex = from
  const [, codes = ''] = list.exec(source.text) ?? []
  const start = list.lastIndex - codes.length
  return [...codes.matchAll(/[\w.-]+/g)].map(({ 0: code, index }) => ({
    code,
    at: spanIn(source, start + index, start + index + code.length),
  }))
}
