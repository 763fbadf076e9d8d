import { lineFeed } from '../diagnostic/codes.ts'
import type { Letters } from '../diagnostic/letters.ts'
import type { Source } from '../diagnostic/source.ts'

/**
 * A source of ASCII, which has a byte for each letter: whoever reads the bytes needs no text. They
 * are let go of when one is made.
 */
export class AsciiSource implements Source {
  readonly name: string
  #letters: AsciiLetters | undefined
  #text: string | undefined

  constructor(name: string, bytes: Buffer) {
    this.name = name
    this.#letters = new AsciiLetters(bytes)
  }

  get letters(): Letters | undefined {
    return this.#letters
  }

  get text(): string {
    this.#text ??= this.#letters?.slice(0, this.#letters.length) ?? ''
    this.#letters = undefined
    return this.#text
  }
}

class AsciiLetters implements Letters {
  readonly length: number
  private readonly bytes: Buffer

  constructor(bytes: Buffer) {
    this.bytes = bytes
    this.length = bytes.length
  }

  code(at: number): number {
    return this.bytes[at] as number
  }

  slice(start: number, end: number): string {
    return this.bytes.toString('latin1', start, end)
  }

  indexOf(word: string, from: number): number {
    return this.bytes.indexOf(word, from, 'latin1')
  }

  lineAfter(at: number, before = this.length): number | undefined {
    for (let end = at; end < before; end++) if (this.code(end) === lineFeed) return end + 1
    return undefined
  }
}
