import {
  bar,
  dash,
  doubleQuote,
  lineFeed,
  openBrace,
  openBracket,
  singleQuote,
  space,
} from '../diagnostic/codes.ts'
import { type Contents, type Entry, type Extent, nothing, type Outline } from './outline.ts'
import { PlainText } from './plain-text.ts'

/** A value that is not written. */
const unwritten = -1

/**
 * What is where in a document of the plain dialect, known to be in it. A node is the offset of its
 * first letter. What is indented more than a key or a dash belongs to it, so a mapping or a list
 * is found by looking at the beginnings of lines.
 */
export class PlainOutline extends PlainText implements Outline {
  readonly root: number
  private readonly start: number
  private readonly known = new Map<number, Contents>()

  constructor(text: string, start: number, end: number) {
    super(text, end)
    this.start = start
    this.toLine(start)
    this.root = this.at
  }

  follow(node: number, step: string | number): Entry | undefined {
    const { keys, items } = this.contents(node)
    if (typeof step === 'number') {
      const item = items[step]
      return item === undefined ? undefined : { key: undefined, node: this.valueOfItem(item) }
    }
    const key = keys.get(step)
    if (key === undefined) return undefined
    const end = this.behindScalar(key)
    return { key: [key, end], node: this.valueOfKey(key) }
  }

  extent(node: number): Extent | undefined {
    if (node === unwritten) return undefined
    if (this.text.charCodeAt(node) === bar) return this.extentOfLiteral(node)
    return [node, this.behind(node)]
  }

  isBlock(node: number): boolean {
    return node !== unwritten && (this.isItem(node) || this.opensMapping(node))
  }

  private contents(node: number): Contents {
    if (!this.isBlock(node)) return nothing
    let contents = this.known.get(node)
    if (contents === undefined) {
      contents = this.isItem(node) ? this.itemsOf(node) : this.keysOf(node)
      this.known.set(node, contents)
    }
    return contents
  }

  private itemsOf(node: number): Contents {
    const column = this.columnOf(node)
    const items: number[] = []
    this.at = node
    do {
      items.push(this.at)
      this.toLineWithin(column)
    } while (this.column === column && this.atItem())
    return { keys: nothing.keys, items }
  }

  private keysOf(node: number): Contents {
    const column = this.columnOf(node)
    const keys = new Map<string, number>()
    this.at = node
    do {
      // A list that belongs to the key before it need not be indented.
      if (!this.atItem()) keys.set(this.keyAt(this.at), this.at)
      this.toLineWithin(column)
    } while (this.column === column)
    return { keys, items: [] }
  }

  /** Goes to the next line that is not indented more than `column`. */
  private toLineWithin(column: number): void {
    do {
      this.toLineAfter(this.at)
    } while (this.column > column)
  }

  private keyAt(at: number): string {
    const first = this.text.charCodeAt(at)
    const quoted = first === doubleQuote || first === singleQuote
    return quoted ? this.quoted(at, first) : this.text.slice(at, this.plainEnd(at))
  }

  private valueOfKey(key: number): number {
    const from = this.afterSpaces(this.behindScalar(key) + 1)
    if (!this.endsLine(from)) return from
    const column = this.columnOf(key)
    this.toLineAfter(from)
    return this.column > column || (this.column === column && this.atItem()) ? this.at : unwritten
  }

  private valueOfItem(item: number): number {
    const from = this.afterSpaces(item + 1)
    if (!this.endsLine(from)) return from
    const column = this.columnOf(item)
    this.toLineAfter(from)
    return this.column > column ? this.at : unwritten
  }

  /** Behind the last letter of a node: for a block, of the last thing in it that is written. */
  private behind(node: number): number {
    if (!this.isBlock(node)) return this.behindScalar(node)
    const { keys, items } = this.contents(node)
    const key = [...keys.values()].at(-1)
    if (key !== undefined) return this.extent(this.valueOfKey(key))?.[1] ?? this.behindScalar(key)
    for (const item of items.toReversed()) {
      const extent = this.extent(this.valueOfItem(item))
      if (extent !== undefined) return extent[1]
    }
    return node + 1
  }

  private behindScalar(at: number): number {
    switch (this.text.charCodeAt(at)) {
      case doubleQuote:
      case singleQuote:
        this.quoted(at, this.text.charCodeAt(at))
        return this.after
      case openBracket:
      case openBrace:
        return at + 2
      default:
        return this.plainEnd(at)
    }
  }

  /** The lines of a literal without what is blank before and after them. */
  private extentOfLiteral(node: number): Extent | undefined {
    const column = this.columnOf(this.ownerOf(node))
    let start: number | undefined
    let end = node
    let line = this.endOfLine(node) + 1
    for (let indent = column + 1; line < this.end; line = this.endOfLine(line) + 1) {
      const at = this.afterSpaces(line)
      if (at >= this.end || this.text.charCodeAt(at) === lineFeed) continue
      if (at - line < indent) break
      if (start === undefined) {
        start = at
        indent = at - line
      }
      end = this.endOfLine(at)
    }
    while (end > node && this.text.charCodeAt(end - 1) <= space) end -= 1
    return start === undefined ? undefined : [start, end]
  }

  /** The key or the dash whose value a literal is; both stand on its line. */
  private ownerOf(node: number): number {
    const at = this.afterSpaces(this.lineOf(node))
    if (!this.isItem(at)) return at
    const beside = this.afterSpaces(at + 1)
    return beside === node ? at : beside
  }

  private isItem(node: number): boolean {
    return this.text.charCodeAt(node) === dash && this.endsWord(node + 1)
  }

  private columnOf(node: number): number {
    return node - this.lineOf(node)
  }

  private lineOf(node: number): number {
    return Math.max(this.start, this.text.lastIndexOf('\n', node - 1) + 1)
  }
}
