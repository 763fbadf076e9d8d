import {
  backslash,
  carriageReturn,
  colon,
  dash,
  doubleQuote,
  hash,
  lineFeed,
  singleQuote,
  space,
  tab,
} from '../diagnostic/codes.ts'

// The words of the plain dialect of YAML: lines, keys and scalars. plain.ts reads whole documents
// with them, plain-outline.ts finds places in documents that plain.ts has read.

/** Thrown at what is not in the dialect. Made once, because an error is dear to make. */
export const givingWay = new Error('not in the plain dialect of YAML')

/** 1 for the letters with which a plain scalar begins; dashes and colons need a second look. */
const startsASCII = new Uint8Array(128).fill(1)
startsASCII.fill(0, 0, space + 1)
for (const letter of '-?:,[]{}#&*!|>\'"%@`') startsASCII[letter.charCodeAt(0)] = 0

/**
 * A cursor over a stretch of text. It stands on the first letter of a line's content, or at `end`
 * when no line is left. Every carriage return in the stretch belongs to a line's end.
 */
export class PlainText {
  protected readonly text: string
  protected end: number
  protected at = 0
  /** How far the content of the line is indented; -1 when no line is left. */
  protected column = -1
  /** Where the word that was looked at last ends. */
  protected after = 0

  constructor(text: string, end: number) {
    this.text = text
    this.end = end
  }

  protected toLineAfter(at: number): void {
    this.toLine(this.endOfLine(at) + 1)
  }

  /** Where the line feed of a line stands, or the stretch ends. */
  protected endOfLine(at: number): number {
    const close = this.text.indexOf('\n', at)
    return close < 0 || close > this.end ? this.end : close
  }

  /** Goes to the first line from here on that says something. */
  protected toLine(from: number): void {
    const { text, end } = this
    for (let line = from; line < end; ) {
      const at = this.afterSpaces(line)
      if (at >= end) break
      const letter = text.charCodeAt(at)
      if (letter === hash) line = this.endOfLine(at) + 1
      else if (letter === lineFeed) line = at + 1
      else if (letter === carriageReturn) line = at + 2
      else {
        this.at = at
        this.column = at - line
        return
      }
    }
    this.at = end
    this.column = -1
  }

  protected afterSpaces(from: number): number {
    let at = from
    while (this.text.charCodeAt(at) === space) at += 1
    return at
  }

  /** Whether nothing but a comment is left of a line. */
  protected endsLine(at: number): boolean {
    if (at >= this.end) return true
    const letter = this.text.charCodeAt(at)
    if (letter === lineFeed || letter === carriageReturn) return true
    return letter === hash && this.text.charCodeAt(at - 1) === space
  }

  protected endsWord(at: number): boolean {
    if (at >= this.end) return true
    const letter = this.text.charCodeAt(at)
    return letter === space || letter === lineFeed || letter === carriageReturn || letter === tab
  }

  protected atItem(): boolean {
    return this.text.charCodeAt(this.at) === dash && this.endsWord(this.at + 1)
  }

  protected atColon(at: number): boolean {
    return this.text.charCodeAt(at) === colon && this.endsWord(at + 1)
  }

  /** Whether what begins here, beside a list's dash, is the first key of a mapping. */
  protected opensMapping(from: number): boolean {
    const first = this.text.charCodeAt(from)
    if (first === doubleQuote || first === singleQuote) {
      this.quoted(from, first)
      return this.atColon(this.after)
    }
    return startsPlain(first) && this.atColon(this.plainEnd(from))
  }

  /** Where the plain scalar ends that begins here: at a colon, before a comment or a line's end. */
  protected plainEnd(from: number): number {
    const { text, end } = this
    let at = from
    let last = from
    for (; at < end; at++) {
      const letter = text.charCodeAt(at)
      if (letter > colon) last = at
      else if (letter === lineFeed || letter === carriageReturn) break
      else if (letter === tab) throw givingWay
      else if (letter === colon) {
        if (!this.endsWord(at + 1)) last = at
        else if (last + 1 === at) return at
        else throw givingWay
      } else if (letter === hash) {
        if (last < at - 1) break
        last = at
      } else if (letter !== space) last = at
    }
    return last + 1
  }

  /** The scalar between quotes that begins here, without its escapes. */
  protected quoted(from: number, quote: number): string {
    const { text, end } = this
    let escaped = false
    let at = from + 1
    for (; ; at++) {
      const letter = text.charCodeAt(at)
      if (letter === quote) {
        if (quote === doubleQuote || text.charCodeAt(at + 1) !== singleQuote) break
        escaped = true
        at += 1
      } else if (letter === backslash && quote === doubleQuote) {
        escaped = true
        at += 1
        if (!meansTheSameInJSON(text.charCodeAt(at))) throw givingWay
      } else if (!(letter >= space) || at >= end) throw givingWay
    }
    this.after = at + 1
    if (!escaped) return text.slice(from + 1, at)
    if (quote === singleQuote) return text.slice(from + 1, at).replaceAll("''", "'")
    return JSON.parse(text.slice(from, at + 1))
  }
}

export function startsPlain(letter: number): boolean {
  return letter > 127 ? letter !== 0xfeff : startsASCII[letter] === 1
}

function meansTheSameInJSON(letter: number): boolean {
  switch (letter) {
    case doubleQuote:
    case backslash:
    case 98 /* b */:
    case 102 /* f */:
    case 110 /* n */:
    case 114 /* r */:
    case 116 /* t */:
      return true
    default:
      return false
  }
}
