import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE } from 'js-yaml'
import { type Place, type Span, spanIn } from '../diagnostic/source.ts'
import { type Document, originOf, type Path } from './document.ts'
import { eventsOf, extentOf } from './events.ts'
import { kubectlScalar } from './scalar.ts'

/** Which part of a field is meant: its name, or what it is set to. */
export type Part = 'key' | 'value'

/** The place of a value in a document. Nothing is looked for until somebody asks for its span. */
export function placeIn(document: Document, path: Path, part: Part = 'value'): Place {
  return { span: () => spanOf(document, path, part) }
}

let latest: { document: Document; events: readonly Event[] } | undefined

/**
 * Where a value stands, found by reading its document again. Where the path leads to nothing, the
 * place is the nearest thing above that is there.
 */
function spanOf(document: Document, path: Path, part: Part): Span {
  const { source, start, end } = document
  if (latest?.document.source !== source || latest.document.start !== start) {
    latest = { document, events: eventsOf(document, () => {}) ?? [] }
  }
  const text = source.text.slice(start, end)
  const [from, to] = new Finder(text, latest.events).find(document.ordinal, path, part)
  return spanIn(source, start + from, start + to, originOf(document))
}

/** Walks events along a path; everything beside the path is stepped over. */
class Finder {
  private readonly text: string
  private readonly events: readonly Event[]

  constructor(text: string, events: readonly Event[]) {
    this.text = text
    this.events = events
  }

  find(ordinal: number, path: Path, part: Part): [number, number] {
    let node = 1
    for (let i = 0; i < ordinal; i++) node = this.after(node) + 2
    let found: [number, number] | undefined
    for (const [depth, step] of path.entries()) {
      node = this.follow(node)
      const at = typeof step === 'number' ? this.item(node, step) : this.entry(node, step)
      if (at === undefined) return found ?? this.extent(node)
      const last = depth === path.length - 1
      const value = this.extent(at.value)
      const empty = value[0] === value[1]
      if (
        at.key !== undefined &&
        ((last && part === 'key') || empty || !last || this.isBlock(at.value))
      ) {
        found = extentOf(this.events[at.key] as Event)
      } else found = value
      node = at.value
    }
    return found ?? this.extent(node)
  }

  /** Past an alias to what it stands for. */
  private follow(node: number): number {
    const event = this.events[node]
    if (event?.type !== EVENT_ID.ALIAS) return node
    const name = this.text.slice(event.anchorStart, event.anchorEnd)
    for (let at = node - 1; at > 0; at--) {
      const earlier = this.events[at]
      if (earlier === undefined || !('anchorStart' in earlier)) continue
      if (earlier.type === EVENT_ID.ALIAS || earlier.anchorStart < 0) continue
      if (this.text.slice(earlier.anchorStart, earlier.anchorEnd) === name) return at
    }
    return node
  }

  private item(node: number, index: number): { key?: undefined; value: number } | undefined {
    if (this.events[node]?.type !== EVENT_ID.SEQUENCE) return undefined
    let at = node + 1
    for (let i = 0; this.events[at]?.type !== EVENT_ID.POP; i++) {
      if (i === index) return { value: at }
      at = this.after(at)
    }
    return undefined
  }

  private entry(node: number, name: string): { key: number; value: number } | undefined {
    if (this.events[node]?.type !== EVENT_ID.MAPPING) return undefined
    let merged: { key: number; value: number } | undefined
    for (let at = node + 1; this.events[at]?.type !== EVENT_ID.POP; ) {
      const value = this.after(at)
      const key = this.events[at]
      if (key?.type === EVENT_ID.SCALAR) {
        const text = getScalarValue(this.text, key)
        const plain = key.style === SCALAR_STYLE.PLAIN
        if ((plain ? String(kubectlScalar(text)) : text) === name) return { key: at, value }
        if (plain && text === '<<') merged ??= this.merged(value, name)
      }
      at = this.after(value)
    }
    return merged
  }

  private merged(source: number, name: string): { key: number; value: number } | undefined {
    const node = this.follow(source)
    if (this.events[node]?.type !== EVENT_ID.SEQUENCE) return this.entry(node, name)
    for (let at = node + 1; this.events[at]?.type !== EVENT_ID.POP; at = this.after(at)) {
      const found = this.entry(this.follow(at), name)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** The index after a node and everything in it. */
  private after(node: number): number {
    let depth = 0
    for (let at = node; at < this.events.length; at++) {
      const type = this.events[at]?.type
      if (type === EVENT_ID.MAPPING || type === EVENT_ID.SEQUENCE) depth += 1
      else if (type === EVENT_ID.POP) depth -= 1
      if (depth === 0) return at + 1
    }
    return this.events.length
  }

  /** From the first letter of a node to its last. */
  private extent(node: number): [number, number] {
    const event = this.events[node]
    if (event === undefined) return [0, 0]
    const [start, end] = extentOf(event)
    if (event.type !== EVENT_ID.MAPPING && event.type !== EVENT_ID.SEQUENCE) return [start, end]
    let last = end
    for (let at = node + 1; at < this.after(node); at++) {
      last = Math.max(last, extentOf(this.events[at] as Event)[1])
    }
    return [start, last]
  }

  private isBlock(node: number): boolean {
    const event = this.events[node]
    return (
      (event?.type === EVENT_ID.MAPPING || event?.type === EVENT_ID.SEQUENCE) && event.style === 1
    )
  }
}
