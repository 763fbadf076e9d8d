import {
  bar,
  closeBrace,
  closeBracket,
  colon,
  dash,
  doubleQuote,
  lineFeed,
  openBrace,
  openBracket,
  singleQuote,
  tab,
} from '../diagnostic/codes.ts'
import { mostValues } from './limits.ts'
import { givingWay, PlainText, startsPlain } from './plain-text.ts'
import { kubectlScalar, yaml12Scalar } from './scalar.ts'

// Nearly every manifest is printed by kubectl, Helm or a person in one plain dialect of YAML: block
// mappings and lists, scalars on one line, literal blocks. Read line by line, that dialect takes
// a quarter of the time that YAML as a whole takes, and a fraction of the memory. Whatever is
// not in the dialect, mistakes among it, is left to tree.ts, which knows all of YAML: where both
// read a document they must read the same, and this reader never takes what the other refuses.

/** The answer for a document that is not in the plain dialect. */
export const notPlain: unique symbol = Symbol('not in the plain dialect of YAML')

/** More than objects have; deeper ones are held against the limit elsewhere. */
const deepest = 64

/** So many keys are known to have followed upon one. */
const mostFollowers = 8

/**
 * A key, behind those before it in its mapping. Documents are alike: what followed upon a key once
 * will often follow again, and then a comparison is all the reading that it needs.
 */
class KnownKey {
  readonly key: string
  /** The one that followed last. */
  next: KnownKey | undefined
  readonly #followers: KnownKey[] = []
  #inside: KnownKey | undefined
  /** How its value was written last, if plainly, and what it meant. */
  written = ''
  value: unknown

  constructor(key: string) {
    this.key = key
  }

  /** Where the mappings in its value begin. */
  get inside(): KnownKey {
    this.#inside ??= new KnownKey('')
    return this.#inside
  }

  follow(key: string): KnownKey {
    const known = this.#followers.find((follower) => follower.key === key)
    const next = known ?? new KnownKey(key)
    if (known === undefined && this.#followers.length < mostFollowers) this.#followers.push(next)
    this.next = next
    return next
  }

  note(value: unknown): void {
    this.written = typeof value === 'string' ? value : typeof value === 'boolean' ? `${value}` : ''
    this.value = value
  }
}

/** Reads documents of the plain dialect, all of one text. */
export class PlainReader extends PlainText {
  private values = 0
  private readonly top = new KnownKey('')

  constructor(text: string) {
    super(text, text.length)
  }

  /**
   * Reads a stretch of the text as a mapping or a list. The stretch is free of control characters
   * and ends at the end of a line or of the text.
   */
  read(start: number, end: number): unknown {
    this.end = end
    this.values = 0
    try {
      return this.document(start)
    } catch (error) {
      if (error === givingWay) return notPlain
      throw error
    }
  }

  private document(start: number): unknown {
    this.toLine(start)
    if (this.column < 0) throw givingWay
    const value = this.collection(0, this.top)
    if (this.column >= 0) throw givingWay
    return value
  }

  /** What begins on a line of its own. Its keys are known by what they are in. */
  private collection(depth: number, within: KnownKey): unknown {
    if (depth > deepest) throw givingWay
    const first = this.text.charCodeAt(this.at)
    if (first === openBrace || first === openBracket) return this.scalar(this.at, this.column)
    return this.atItem() ? this.list(depth, within) : this.mapping(depth, within)
  }

  private mapping(depth: number, within: KnownKey): Record<string, unknown> {
    const fields: Record<string, unknown> = {}
    const { column } = this
    let known = within
    do {
      this.count()
      known = this.keyAfter(known, fields)
      fields[known.key] = this.valueOfKey(column, depth, known)
    } while (this.column === column)
    if (this.column > column) throw givingWay
    return fields
  }

  private keyAfter(before: KnownKey, fields: Readonly<Record<string, unknown>>): KnownKey {
    const { next } = before
    if (next !== undefined && this.text.startsWith(next.key, this.at)) {
      this.after = this.at + next.key.length
      if (this.atColon(this.after)) return next
    }
    const isPlain = startsPlain(this.text.charCodeAt(this.at))
    const key = this.key()
    // This finds repeated keys, and the keys that every object has from birth.
    if (fields[key] !== undefined) throw givingWay
    // In quotes it is not found again by its letters, and others might be taken for it.
    return isPlain ? before.follow(key) : new KnownKey(key)
  }

  private list(depth: number, within: KnownKey): unknown[] {
    const { column } = this
    this.count()
    // Most lists have one item, and take less memory if they begin with it.
    const items = [this.item(column, depth, within)]
    while (this.column === column && this.atItem()) {
      this.count()
      items.push(this.item(column, depth, within))
    }
    if (this.column > column) throw givingWay
    return items
  }

  private count(): void {
    this.values += 1
    if (this.values > mostValues) throw givingWay
  }

  private item(column: number, depth: number, within: KnownKey): unknown {
    const from = this.afterSpaces(this.at + 1)
    if (this.endsLine(from)) {
      this.toLineAfter(from)
      return this.column > column ? this.collection(depth + 1, within) : null
    }
    if (this.opensMapping(from)) {
      if (depth >= deepest) throw givingWay
      this.column += from - this.at
      this.at = from
      return this.mapping(depth + 1, within)
    }
    return this.scalar(from, column)
  }

  /** What stands after a key and its colon. */
  private valueOfKey(column: number, depth: number, key: KnownKey): unknown {
    const { text } = this
    const from = this.afterSpaces(this.after + 1)
    const { written } = key
    if (written !== '' && text.startsWith(written, from)) {
      const end = from + written.length
      if (end < this.end && text.charCodeAt(end) === lineFeed) {
        this.toLine(end + 1)
        return key.value
      }
    }
    if (!this.endsLine(from)) {
      const value = this.scalar(from, column)
      if (startsPlain(text.charCodeAt(from))) key.note(value)
      return value
    }
    this.toLineAfter(from)
    const inside = this.column > column || (this.column === column && this.atItem())
    return inside ? this.collection(depth + 1, key.inside) : null
  }

  private key(): string {
    const first = this.text.charCodeAt(this.at)
    if (first === doubleQuote || first === singleQuote) {
      const key = this.quoted(this.at, first)
      if (!this.atColon(this.after)) throw givingWay
      return key
    }
    if (!startsPlain(first)) throw givingWay
    this.after = this.plainEnd(this.at)
    if (!this.atColon(this.after)) throw givingWay
    const key = this.text.slice(this.at, this.after)
    // A merge, the end of a document, or a number, boolean or null as a key.
    if (key === '<<' || key.startsWith('...') || kubectlScalar(key) !== key) throw givingWay
    return key
  }

  private scalar(from: number, column: number): unknown {
    const first = this.text.charCodeAt(from)
    if (first === bar) return this.literal(from, column)
    const value =
      first === doubleQuote || first === singleQuote
        ? this.quoted(from, first)
        : first === openBracket || first === openBrace
          ? this.emptyCollection(from, first)
          : this.plain(from, first)
    const rest = this.afterSpaces(this.after)
    if (!this.endsLine(rest)) throw givingWay
    this.toLineAfter(rest)
    return value
  }

  private plain(from: number, first: number): unknown {
    const begins = first === dash || first === colon ? !this.endsWord(from + 1) : startsPlain(first)
    if (!begins) throw givingWay
    this.after = this.plainEnd(from)
    const number = this.smallNumber(from, this.after)
    if (number >= 0) return number
    const text = this.text.slice(from, this.after)
    // Most of what is no text and no number, and undisputed.
    if (text === 'true') return true
    if (text === 'false') return false
    const value = kubectlScalar(text)
    if (value === text) return value
    // Disputed values, and numbers that JSON cannot hold.
    if (value !== yaml12Scalar(text) || Math.abs(Number(value)) === Infinity) throw givingWay
    return value
  }

  /** The digits that most numbers are: no sign, no zero in front. -1 for anything else. */
  private smallNumber(from: number, to: number): number {
    if (to - from > 9) return -1
    let value = 0
    for (let at = from; at < to; at++) {
      const digit = this.text.charCodeAt(at) - 48
      if (digit < 0 || digit > 9) return -1
      if (value === 0 && at > from) return -1
      value = value * 10 + digit
    }
    return value
  }

  private emptyCollection(from: number, open: number): unknown {
    const close = this.text.charCodeAt(from + 1)
    this.after = from + 2
    if (open === openBracket && close === closeBracket) return []
    if (open === openBrace && close === closeBrace) return {}
    throw givingWay
  }

  /**
   * A literal block, `|` or `|-`. Its first line tells how far it is indented; it ends before the
   * first line that is indented less.
   */
  private literal(from: number, column: number): string {
    const { text, end } = this
    const strip = text.charCodeAt(from + 1) === dash
    const header = this.afterSpaces(strip ? from + 2 : from + 1)
    if (text.charCodeAt(header) !== lineFeed) throw givingWay
    const lines: string[] = []
    let widest = 0
    let line = header + 1
    let first = this.afterSpaces(line)
    for (; text.charCodeAt(first) === lineFeed && first < end; first = this.afterSpaces(line)) {
      lines.push('')
      widest = Math.max(widest, first - line)
      line = first + 1
    }
    const indent = first - line
    if (indent <= column || first >= end) {
      this.toLine(line)
      return ''
    }
    if (widest > indent || text.charCodeAt(first) === tab) throw givingWay
    while (line < end) {
      const begin = this.afterSpaces(line)
      const close = this.endOfLine(begin)
      if (begin === close && begin - line <= indent) lines.push('')
      else if (begin - line < indent) break
      else lines.push(text.slice(line + indent, close))
      line = close + 1
    }
    while (lines.at(-1) === '') lines.pop()
    const value = lines.join('\n')
    // Within a block, js-yaml's line ends become line feeds.
    if (value.includes('\r')) throw givingWay
    this.toLine(line)
    return strip ? value : `${value}\n`
  }
}
