import {
  backslash,
  closeBrace,
  closeBracket,
  comma,
  doubleQuote,
  openBrace,
  openBracket,
} from '../diagnostic/codes.ts'
import type { Letters } from '../diagnostic/letters.ts'
import type { LongLists } from './document.ts'
import { afterBlanks, isBlank, isBracket } from './json-words.ts'
import { type Contents, type Entry, type Extent, nothing, type Outline } from './outline.ts'

/** What was found long ago is found again, and takes no memory until then. */
const mostKnown = 1000

/** The key that an object was asked for first, and where it was found. */
interface Asked {
  readonly key: string
  readonly at: number | undefined
}

/** What is where in a value of JSON, known to be one. A node is the offset of its first letter. */
export class JSONOutline implements Outline {
  readonly root: number
  private readonly letters: Letters
  private readonly end: number
  private readonly lists: LongLists
  private readonly known = new Map<number, Contents>()
  private readonly asked = new Map<number, Asked>()

  constructor(letters: Letters, start: number, end: number, lists: LongLists = new Map()) {
    this.letters = letters
    this.root = start
    this.end = end
    this.lists = lists
  }

  follow(node: number, step: string | number): Entry | undefined {
    if (typeof step === 'number') {
      const item = this.contents(node).items[step]
      return item === undefined ? undefined : { key: undefined, node: item }
    }
    const key = this.keyIn(node, step)
    if (key === undefined) return undefined
    const end = this.behindString(key)
    return { key: [key, end], node: this.behindBlanks(this.behindBlanks(end) + 1) }
  }

  /** Most objects are asked for one key. Who asks for another is answered from all of them. */
  private keyIn(node: number, key: string): number | undefined {
    if (this.letters.code(node) !== openBrace) return undefined
    const asked = this.asked.get(node)
    if (asked !== undefined) return asked.key === key ? asked.at : this.contents(node).keys.get(key)
    let at = this.firstKey(node)
    while (at !== undefined && !this.isKey(at, key)) at = this.keyAfter(at)
    if (this.asked.size >= mostKnown) this.asked.clear()
    this.asked.set(node, { key, at })
    return at
  }

  extent(node: number): Extent {
    return [node, this.behind(node)]
  }

  isBlock(node: number): boolean {
    if (!isBracket(this.letters, node)) return false
    return this.letters.lineAfter(node, this.behind(node)) !== undefined
  }

  private contents(node: number): Contents {
    if (!isBracket(this.letters, node)) return nothing
    let contents = this.known.get(node)
    if (contents === undefined) {
      contents = this.letters.code(node) === openBrace ? this.keysOf(node) : this.itemsOf(node)
      if (this.known.size >= mostKnown) this.known.clear()
      this.known.set(node, contents)
    }
    return contents
  }

  private keysOf(node: number): Contents {
    const keys = new Map<string, number>()
    for (let at = this.firstKey(node); at !== undefined; at = this.keyAfter(at)) {
      const key = this.stringAt(at, this.behindString(at))
      if (!keys.has(key)) keys.set(key, at)
    }
    return { keys, items: [] }
  }

  private firstKey(node: number): number | undefined {
    return this.keyAt(this.behindBlanks(node + 1))
  }

  private keyAfter(key: number): number | undefined {
    const colon = this.behindBlanks(this.behindString(key))
    return this.keyAt(this.next(this.behindBlanks(colon + 1)))
  }

  private keyAt(at: number): number | undefined {
    return this.letters.code(at) === doubleQuote ? at : undefined
  }

  /** Told letter by letter, since a text of each key would cost more than all the rest. */
  private isKey(start: number, key: string): boolean {
    for (let i = 0; i < key.length; i++) {
      const letter = this.letters.code(start + 1 + i)
      if (letter === backslash) return this.stringAt(start, this.behindString(start)) === key
      if (letter !== key.charCodeAt(i)) return false
    }
    return this.letters.code(start + 1 + key.length) === doubleQuote
  }

  private stringAt(start: number, end: number): string {
    const inside = this.letters.slice(start + 1, end - 1)
    return inside.includes('\\') ? JSON.parse(this.letters.slice(start, end)) : inside
  }

  private itemsOf(node: number): Contents {
    const long = this.lists.get(node)
    if (long !== undefined) return { keys: nothing.keys, items: long.items }
    const items: number[] = []
    for (
      let at = this.behindBlanks(node + 1);
      at < this.end && this.letters.code(at) !== closeBracket;
    ) {
      items.push(at)
      at = this.next(at)
    }
    return { keys: nothing.keys, items }
  }

  /** Behind a value, and the comma after it. */
  private next(node: number): number {
    const at = this.behindBlanks(this.behind(node))
    return this.letters.code(at) === comma ? this.behindBlanks(at + 1) : at
  }

  private behind(node: number): number {
    if (this.letters.code(node) === doubleQuote) return this.behindString(node)
    if (isBracket(this.letters, node)) return this.behindBracket(node)
    let at = node
    while (at < this.end && !endsWord(this.letters.code(at))) at += 1
    return at
  }

  private behindBracket(node: number): number {
    const long = this.lists.get(node)
    if (long !== undefined) return long.end
    let depth = 0
    for (let at = node; at < this.end; at++) {
      switch (this.letters.code(at)) {
        case doubleQuote:
          at = this.behindString(at) - 1
          break
        case openBracket:
        case openBrace:
          depth += 1
          break
        case closeBracket:
        case closeBrace:
          depth -= 1
          if (depth === 0) return at + 1
      }
    }
    return this.end
  }

  private behindString(node: number): number {
    let at = node + 1
    for (let letter = this.letters.code(at); letter !== doubleQuote && at < this.end; ) {
      at += letter === backslash ? 2 : 1
      letter = this.letters.code(at)
    }
    return at + 1
  }

  private behindBlanks(from: number): number {
    return afterBlanks(this.letters, from, this.end)
  }
}

function endsWord(letter: number): boolean {
  return isBlank(letter) || letter === comma || letter === closeBracket || letter === closeBrace
}
