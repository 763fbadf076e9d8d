import { backslash, carriageReturn, doubleQuote, lineFeed, space } from '../diagnostic/codes.ts'
import { deepest, mostRepeated } from './limits.ts'

/** Something wrong in a text of JSON, and its place. */
export interface JSONFault {
  readonly start: number
  readonly end: number
  /** How far the text was JSON. */
  readonly reached: number
  readonly reason: string
}

export interface RepeatedKey {
  readonly key: string
  readonly first: readonly [start: number, end: number]
  readonly again: readonly [start: number, end: number]
}

export interface JSONFaults {
  /** Where the text stops being JSON, if it does. */
  readonly syntax: JSONFault | undefined
  /** Behind the value, or where the text stops being JSON. */
  readonly end: number
  readonly repeated: readonly RepeatedKey[]
  readonly tooLarge: readonly JSONFault[]
}

/** Reads a value of JSON letter by letter, to say what is wrong with it and where. */
export function faultsIn(text: string, start: number, end: number): JSONFaults {
  const reader = new FaultFinder(text, start, end)
  const syntax = reader.read()
  return { syntax, end: reader.at, repeated: reader.repeated, tooLarge: reader.tooLarge }
}

class Stop extends Error {
  readonly fault: JSONFault

  constructor(fault: JSONFault) {
    super(fault.reason)
    this.fault = fault
  }
}

class FaultFinder {
  readonly repeated: RepeatedKey[] = []
  readonly tooLarge: JSONFault[] = []
  private readonly text: string
  private readonly end: number
  at: number

  constructor(text: string, start: number, end: number) {
    this.text = text
    this.at = start
    this.end = end
  }

  read(): JSONFault | undefined {
    try {
      this.value(1)
      return undefined
    } catch (error) {
      if (error instanceof Stop) return error.fault
      throw error
    }
  }

  private value(depth: number): void {
    this.skipBlanks()
    const letter = this.letter()
    if (letter === '{') this.object(depth)
    else if (letter === '[') this.array(depth)
    else if (letter === '"') this.string('this string')
    else this.word()
  }

  private object(depth: number): void {
    const open = this.open(depth)
    const written = new Map<string, readonly [number, number]>()
    if (this.closes('}')) return
    do {
      this.skipBlanks()
      if (this.at >= this.end) this.unclosed(open)
      const start = this.at
      if (this.letter() !== '"') this.expected('a key in double quotes')
      const key = this.string('this key')
      const again = [start, this.at] as const
      const first = written.get(key)
      if (first === undefined) written.set(key, again)
      else if (this.repeated.length < mostRepeated) this.repeated.push({ key, first, again })
      this.skipBlanks()
      if (this.letter() !== ':') this.expected('":" after a key')
      this.at += 1
      this.value(depth + 1)
    } while (this.goesOn(open, '}'))
  }

  private array(depth: number): void {
    const open = this.open(depth)
    if (this.closes(']')) return
    do {
      this.skipBlanks()
      if (this.at >= this.end) this.unclosed(open)
      this.value(depth + 1)
    } while (this.goesOn(open, ']'))
  }

  private open(depth: number): number {
    if (depth > deepest) this.stop(this.at, this.at + 1, `nested more than ${deepest} levels deep`)
    this.at += 1
    return this.at - 1
  }

  private closes(bracket: string): boolean {
    this.skipBlanks()
    if (this.letter() !== bracket) return false
    this.at += 1
    return true
  }

  private goesOn(open: number, close: string): boolean {
    if (this.closes(close)) return false
    if (this.at >= this.end) this.unclosed(open)
    if (this.letter() !== ',') this.expected(`"," or "${close}"`)
    this.at += 1
    return true
  }

  private string(what: string): string {
    const start = this.at
    for (this.at += 1; this.at < this.end; this.at++) {
      const letter = this.text.charCodeAt(this.at)
      if (letter === doubleQuote) {
        this.at += 1
        return JSON.parse(this.text.slice(start, this.at))
      }
      if (letter === backslash) this.escape()
      else if (letter < space) {
        if (letter === lineFeed || letter === carriageReturn)
          this.stop(start, this.at, `${what} is not closed`)
        this.stop(this.at, this.at + 1, `${what} holds a control character`)
      }
    }
    return this.stop(start, this.end, `${what} is not closed`)
  }

  private escape(): void {
    const pair = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
    pair.lastIndex = this.at
    if (!pair.test(this.text) || pair.lastIndex > this.end) {
      this.stop(this.at, Math.min(this.at + 2, this.end), 'there is no such escape in JSON')
    }
    this.at = pair.lastIndex - 1
  }

  private word(): void {
    const word = /[-+.\w]+/y
    word.lastIndex = this.at
    const [text = ''] = word.exec(this.text) ?? []
    const start = this.at
    const end = start + text.length
    if (text === '' || end > this.end) this.expected('a value')
    if (/^(-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?)$/.test(text)) {
      if (!Number.isFinite(Number(text)) && this.tooLarge.length < mostRepeated) {
        this.tooLarge.push({
          start,
          end,
          reached: end,
          reason: `${text} is more than a number can be`,
        })
      }
    } else if (text !== 'true' && text !== 'false' && text !== 'null') {
      this.stop(start, end, `${text} is no value of JSON: texts stand in double quotes`)
    }
    this.at = end
  }

  private letter(): string {
    return this.at < this.end ? this.text.charAt(this.at) : ''
  }

  private skipBlanks(): void {
    while (this.at < this.end && ' \t\r\n'.includes(this.text.charAt(this.at))) this.at += 1
  }

  private unclosed(open: number): never {
    return this.stop(open, open + 1, `this "${this.text.charAt(open)}" is not closed`)
  }

  private expected(what: string): never {
    if (this.at >= this.end) return this.stop(this.end, this.end, `the text ends before ${what}`)
    return this.stop(this.at, this.at + 1, `expected ${what}`)
  }

  private stop(start: number, end: number, reason: string): never {
    throw new Stop({ start, end, reached: this.at, reason })
  }
}
