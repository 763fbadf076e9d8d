import type { Source } from '../diagnostic/source.ts'

/** One document of a source: a stretch of its text. */
export interface Document {
  readonly source: Source
  readonly start: number
  readonly end: number
  readonly language: 'yaml' | 'json'
  /** Several documents can share one stretch where `...` parts them: which of them this is. */
  readonly ordinal: number
}

/** The way from the top of a document to a value in it. */
export type Path = readonly (string | number)[]

/** What a mapping is read into. Keys such as `__proto__` are own properties like any other. */
export type Fields = Readonly<Record<string, unknown>>

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A plain scalar that kubectl (YAML 1.1) and YAML 1.2 read as different values. */
export interface Disputed {
  readonly path: Path
  readonly text: string
  readonly kubectl: unknown
  readonly yaml12: unknown
}

/** What one document says. */
export interface ReadDocument {
  readonly document: Document
  /** Maps, lists, strings, numbers, booleans and null: as kubectl's conversion to JSON has them. */
  readonly value: unknown
  readonly disputed: readonly Disputed[]
}

/** YAML documents end at lines that begin with `---`; JSON documents where their brackets close. */
export function documentsOf(source: Source): Document[] {
  const { text } = source
  const start = text.startsWith('\ufeff') ? 1 : 0
  if (/^\s*[{[]/.test(text.slice(start, start + 1024))) {
    return [{ source, start, end: text.length, language: 'json', ordinal: 0 }]
  }
  const documents: Document[] = []
  let from = start
  const add = (end: number): void => {
    if (end > from) documents.push({ source, start: from, end, language: 'yaml', ordinal: 0 })
    from = end
  }
  for (let at = separator(text, start); at >= 0; at = separator(text, at + 3)) add(at)
  add(text.length)
  return documents
}

/** Where the next line that begins with `---` and a blank or nothing starts. */
function separator(text: string, from: number): number {
  let at = from
  for (;;) {
    at = text.indexOf('---', at)
    if (at < 0) return -1
    const after = text.charCodeAt(at + 3)
    const begins = at === 0 || text[at - 1] === '\n' || text[at - 1] === '\ufeff'
    if (begins && (Number.isNaN(after) || after <= 32)) return at
    at += 3
  }
}

/** Helm writes the template that a document came from into its first comment. */
export function originOf({ source, start, end }: Document): string | undefined {
  const head = source.text.slice(start, Math.min(end, start + 2048))
  for (const line of head.split('\n')) {
    const comment = /^# Source: (.+?)\s*$/.exec(line)
    if (comment !== null) return comment[1]
    if (!/^\s*(#|---|$)/.test(line)) return undefined
  }
  return undefined
}
