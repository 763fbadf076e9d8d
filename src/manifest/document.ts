import { lettersOf, type Source, type Span, spanIn } from '../diagnostic/source.ts'
import { isBracket } from './json-words.ts'

/** A part of a source. */
export interface Stretch {
  readonly source: Source
  readonly start: number
  readonly end: number
}

/** One document of a source: the stretch of its text that says it. */
export interface Document extends Stretch {
  /** Which reader can read it, or has: JSON, the plain dialect of YAML (plain.ts), or any YAML. */
  readonly language: 'json' | 'plain' | 'yaml'
  readonly lists?: LongLists
}

/**
 * Long lists of objects that a reader came by, by where they begin: the items of a List of thousands
 * are not to be looked for again.
 */
export type LongLists = ReadonlyMap<number, LongList>

export interface LongList {
  /** Where each item begins, where it ends, and how many keys are in it. */
  readonly items: readonly number[]
  readonly ends: readonly number[]
  readonly keys: readonly number[]
  /** How many lines end before it in its document, and where the line begins that it begins on. */
  readonly lines: readonly number[]
  readonly starts: readonly number[]
  readonly end: number
}

/** The way from the top of a document to a value in it. */
export type Path = readonly (string | number)[]

/** Which part of a field is meant: its name, or what it is set to; `whole` also over many lines. */
export type Part = 'key' | 'value' | 'whole'

/** What a mapping is read into. Keys such as `__proto__` are own properties like any other. */
export type Fields = Readonly<Record<string, unknown>>

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A plain scalar that kubectl (YAML 1.1) and YAML 1.2 read as different values. */
export interface Disputed {
  readonly path: Path
  readonly part: Part
  readonly text: string
  readonly kubectl: unknown
  readonly yaml12: unknown
}

/** What one document says. */
export interface ReadDocument {
  readonly document: Document
  /** Maps, lists, strings, numbers, booleans and null: as kubectl's conversion to JSON has them. */
  readonly value: unknown
  /** Those of a very long List are not in the value: each is read when it is come to. */
  readonly items?: Iterable<unknown> | undefined
  readonly disputed: readonly Disputed[]
}

/** Helm writes the template that a document came from into its first comment. */
export function originOf({ source, start, end }: Stretch): string | undefined {
  const letters = lettersOf(source)
  if (isBracket(letters, start)) return undefined
  const head = letters.slice(start, Math.min(end, start + 2048))
  if (!/^\s*#/.test(head)) return undefined
  for (const line of head.split('\n')) {
    const comment = /^# Source: (.+?)\s*$/.exec(line)
    if (comment !== null) return comment[1]
    if (!/^\s*(#|$)/.test(line)) return undefined
  }
  return undefined
}

/** A place in a stretch, which knows the template that the stretch came from. */
export function spanOf(stretch: Stretch, start: number, end: number): Span {
  return spanIn(stretch.source, start, end, originOf(stretch))
}
