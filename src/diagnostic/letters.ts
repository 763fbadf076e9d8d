/**
 * A text for who reads it letter by letter, and makes texts of parts of it alone. Not every text
 * that is read has to be made one.
 */
export interface Letters {
  readonly length: number
  /** The UTF-16 unit at a place within. */
  code(at: number): number
  slice(start: number, end: number): string
  /** Where a word begins, at a place or behind it; -1 where it does not. */
  indexOf(word: string, from: number): number
  /** Where the next line begins, if the line ends before a place. */
  lineAfter(at: number, before?: number): number | undefined
}

export class TextLetters implements Letters {
  readonly length: number
  private readonly text: string

  constructor(text: string) {
    this.text = text
    this.length = text.length
  }

  code(at: number): number {
    return this.text.charCodeAt(at)
  }

  slice(start: number, end: number): string {
    return this.text.slice(start, end)
  }

  indexOf(word: string, from: number): number {
    return this.text.indexOf(word, from)
  }

  lineAfter(at: number, before = this.length): number | undefined {
    // A slice costs little, and a line can be as long as the text.
    const length = this.text.slice(at, before).indexOf('\n')
    return length < 0 ? undefined : at + length + 1
  }
}
