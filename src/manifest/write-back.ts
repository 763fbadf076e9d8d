import { COLLECTION_STYLE, EVENT_ID, type Event, getScalarValue, SCALAR_STYLE } from 'js-yaml'
import type { Source } from '../diagnostic/source.ts'
import type { Document, Path } from './document.ts'
import { type CollectionEvent, eventsOf, type ScalarEvent } from './events.ts'
import { kubectlScalar } from './scalar.ts'

/** A node port that was granted to a port of a Service, which stands at a path in a document. */
export interface NodePortGrant {
  readonly document: Document
  /** The way to the port's mapping: `['spec', 'ports', 0]`. */
  readonly path: Path
  readonly nodePort: number
}

export interface WrittenBack {
  readonly text: string
  /** What could not be written without touching more than it, and why. */
  readonly left: readonly LeftOut[]
}

export interface LeftOut {
  readonly grant: NodePortGrant
  readonly reason: string
}

/**
 * Puts granted node ports into the text that asked for them. Everything else stays as it is:
 * comments, order, spaces, quotes and line ends.
 */
export function writeBack(source: Source, grants: readonly NodePortGrant[]): WrittenBack {
  const edits: Edit[] = []
  const left: LeftOut[] = []
  const editors = new Map<number, Editor>()
  for (const grant of grants) {
    const { document } = grant
    const editor = editors.get(document.start) ?? new Editor(document)
    editors.set(document.start, editor)
    const edit = editor.edit(grant)
    if (typeof edit === 'string') left.push({ grant, reason: edit })
    else edits.push({ ...edit, start: edit.start + document.start, end: edit.end + document.start })
  }
  return { text: applied(source.text, edits), left }
}

/** A stretch of text, and what is to stand there instead. */
interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

function applied(text: string, edits: readonly Edit[]): string {
  const parts: string[] = []
  let from = 0
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    parts.push(text.slice(from, edit.start), edit.text)
    from = edit.end
  }
  return parts.join('') + text.slice(from)
}

/** A field of a mapping: where the events of its key and value are. */
interface Entry {
  readonly key: ScalarEvent
  readonly name: string
  readonly value: number
}

/** One stretch of a source. What it cannot edit it answers with a sentence that says why. */
class Editor {
  private readonly text: string
  private readonly events: readonly Event[]
  /** For each event, the one after it and everything in it. */
  private readonly ends: readonly number[]
  private readonly items = new Map<number, readonly number[]>()

  constructor(document: Document) {
    this.text = document.source.text.slice(document.start, document.end)
    this.events = eventsOf(document, () => {}) ?? []
    this.ends = endsOf(this.events)
  }

  edit({ path, nodePort }: NodePortGrant): Edit | string {
    let node = 1
    for (const step of path) {
      const faulty = this.shared(node)
      if (faulty !== undefined) return faulty
      const next = typeof step === 'number' ? this.item(node, step) : this.field(node, step)
      if (next === undefined) return 'the port is not written where it stands in the Service'
      node = next
    }
    const port = this.events[node]
    const entries = this.entries(node)
    if (port?.type !== EVENT_ID.MAPPING || entries === undefined) {
      return this.shared(node) ?? 'the port is not a plain mapping'
    }
    const known = entries.find(({ name }) => name === 'nodePort')
    return (
      this.shared(node) ??
      (known === undefined
        ? this.insertion(port, entries, nodePort)
        : this.replacement(known, nodePort))
    )
  }

  /** What is shared must not be changed for one Service alone. */
  private shared(node: number): string | undefined {
    const event = this.events[node]
    if (event?.type === EVENT_ID.ALIAS) return 'the port is written elsewhere, behind an alias'
    const anchored = event !== undefined && 'anchorStart' in event && event.anchorStart >= 0
    if (anchored) return 'the port stands below an anchor, which others may share'
    const merges = this.entries(node)?.some(({ name }) => name === '<<')
    return merges === true ? 'the port stands in a mapping that others are merged into' : undefined
  }

  private replacement({ key, value }: Entry, nodePort: number): Edit | string {
    const event = this.events[value]
    if (event?.type !== EVENT_ID.SCALAR || event.anchorStart >= 0 || event.tagStart >= 0) {
      return 'its node port is not a plain number'
    }
    if (event.valueStart < 0) {
      const colon = this.colonAfter(key)
      if (colon === undefined) return 'its node port is not a plain number'
      return { start: colon, end: colon, text: ` ${nodePort}` }
    }
    const { valueStart: start, valueEnd: end } = event
    const given = kubectlScalar(this.text.slice(start, end))
    if (event.style !== SCALAR_STYLE.PLAIN) return 'its node port is not a plain number'
    if (given === nodePort) return { start, end: start, text: '' }
    if (given !== 0 && given !== null) return 'it has another node port'
    return { start, end, text: String(nodePort) }
  }

  /** After the last of its fields that has a simple value. */
  private insertion(
    port: CollectionEvent,
    entries: readonly Entry[],
    nodePort: number,
  ): Edit | string {
    for (const { key, value } of entries.toReversed()) {
      const edit =
        port.style === COLLECTION_STYLE.FLOW
          ? this.insertionInFlow(port, key, value, nodePort)
          : this.insertionInBlock(key, value, nodePort)
      if (edit !== undefined) return edit
    }
    return 'there is no simple field of the port to write it after'
  }

  private insertionInBlock(key: ScalarEvent, value: number, nodePort: number): Edit | undefined {
    const end = this.endOf(value) ?? this.endOfNothing(value, key)
    if (end === undefined) return undefined
    const before = this.lineBefore(startOf(key))
    if (!/^[ -]*$/.test(before)) return undefined
    const newLine = this.text.indexOf('\n', end)
    const at = newLine < 0 ? this.text.length : newLine
    const line = this.text.slice(end, at)
    if (!/^\s*(#[^\n]*)?$/.test(line)) return undefined
    const start = line.endsWith('\r') ? at - 1 : at
    const text = `${this.lineEnd()}${' '.repeat(before.length)}nodePort: ${nodePort}`
    return { start, end: start, text }
  }

  private insertionInFlow(
    port: CollectionEvent,
    key: ScalarEvent,
    value: number,
    nodePort: number,
  ): Edit | undefined {
    const end = this.endOf(value)
    const colon = this.colonAfter(key)
    // A pair in a list stands without braces, and has no room for another.
    if (end === undefined || colon === undefined || this.text[port.start] !== '{') return undefined
    const quote = key.style === SCALAR_STYLE.DOUBLE_QUOTED ? '"' : ''
    const space = quote === '' || /\s/.test(this.text[colon] ?? '') ? ' ' : ''
    const before = this.lineBefore(startOf(key))
    const gap = /^\s*$/.test(before) ? this.lineEnd() + before : space
    const text = `,${gap}${quote}nodePort${quote}:${space}${nodePort}`
    return { start: end, end, text }
  }

  /** Where a scalar or an alias ends; nothing where it ends with a block or is not there. */
  private endOf(node: number): number | undefined {
    const event = this.events[node]
    if (event?.type === EVENT_ID.ALIAS) return event.anchorEnd
    if (event?.type !== EVENT_ID.SCALAR || event.valueStart < 0) return undefined
    if (event.style === SCALAR_STYLE.PLAIN) return event.valueEnd
    return isQuoted(event) ? event.valueEnd + 1 : undefined
  }

  /** Where a field that has no value ends: with its colon. */
  private endOfNothing(node: number, key: ScalarEvent): number | undefined {
    const event = this.events[node]
    const nothing =
      event?.type === EVENT_ID.SCALAR &&
      event.valueStart < 0 &&
      event.anchorStart < 0 &&
      event.tagStart < 0
    return nothing ? this.colonAfter(key) : undefined
  }

  private colonAfter(key: ScalarEvent): number | undefined {
    const colon = /\s*:/y
    colon.lastIndex = key.valueEnd + (isQuoted(key) ? 1 : 0)
    return colon.test(this.text) ? colon.lastIndex : undefined
  }

  private lineBefore(at: number): string {
    return this.text.slice(this.text.lastIndexOf('\n', at - 1) + 1, at).replace('\ufeff', '')
  }

  private lineEnd(): string {
    return /\r?\n/.exec(this.text)?.[0] ?? '\n'
  }

  private item(node: number, index: number): number | undefined {
    if (this.events[node]?.type !== EVENT_ID.SEQUENCE) return undefined
    const known = this.items.get(node)
    if (known !== undefined) return known[index]
    const items: number[] = []
    for (let at = node + 1; this.events[at]?.type !== EVENT_ID.POP; at = this.after(at)) {
      items.push(at)
    }
    this.items.set(node, items)
    return items[index]
  }

  private field(node: number, wanted: string): number | undefined {
    return this.entries(node)?.find(({ name }) => name === wanted)?.value
  }

  /** The fields of a mapping, if all its keys are scalars. */
  private entries(node: number): Entry[] | undefined {
    if (this.events[node]?.type !== EVENT_ID.MAPPING) return undefined
    const entries: Entry[] = []
    for (let at = node + 1; this.events[at]?.type !== EVENT_ID.POP; ) {
      const key = this.events[at]
      if (key?.type !== EVENT_ID.SCALAR) return undefined
      const value = at + 1
      entries.push({ key, name: getScalarValue(this.text, key), value })
      at = this.after(value)
    }
    return entries
  }

  private after(node: number): number {
    return this.ends[node] ?? this.events.length
  }
}

function endsOf(events: readonly Event[]): number[] {
  const ends = events.map((_, index) => index + 1)
  const open: number[] = []
  for (const [index, { type }] of events.entries()) {
    if (type === EVENT_ID.POP) {
      const opening = open.pop()
      if (opening !== undefined) ends[opening] = index + 1
    } else if (type !== EVENT_ID.SCALAR && type !== EVENT_ID.ALIAS) open.push(index)
  }
  return ends
}

function isQuoted({ style }: ScalarEvent): boolean {
  return style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED
}

/** Where a key begins, with its quotes. */
function startOf(key: ScalarEvent): number {
  return key.valueStart - (isQuoted(key) ? 1 : 0)
}
