import { COLLECTION_STYLE, EVENT_ID, type Event, getScalarValue, SCALAR_STYLE } from 'js-yaml'
import type { Document } from './document.ts'
import { eventsOf, extentOf, type ScalarEvent } from './events.ts'
import { type Contents, type Entry, type Extent, nothing, type Outline } from './outline.ts'
import { kubectlScalar } from './scalar.ts'

/** What is where in a document of any YAML. A node is the index of the event that begins it. */
export class TreeOutline implements Outline {
  /** The first event is the beginning of the document itself. */
  readonly root = 1
  private readonly start: number
  private readonly text: string
  private readonly events: readonly Event[]
  /** Where every mapping and list ends, and what every alias stands for. */
  private readonly partners: Int32Array
  private readonly known = new Map<number, Contents>()

  constructor(document: Document) {
    const { source, start, end } = document
    this.start = start
    this.text = source.text.slice(start, end)
    this.events = eventsOf(document, () => {}) ?? []
    this.partners = partnersOf(this.events, this.text)
  }

  follow(from: number, step: string | number): Entry | undefined {
    const node = this.meant(from)
    const { keys, items } = this.contents(node)
    if (typeof step === 'number') {
      const item = items[step]
      return item === undefined ? undefined : { key: undefined, node: item }
    }
    const key = keys.get(step)
    return key === undefined ? undefined : { key: this.extent(key), node: this.after(key) }
  }

  extent(node: number): Extent | undefined {
    const own = this.written(node)
    if (own === undefined) return undefined
    const [start, end] = own
    const last = this.isCollection(node) ? this.behindCollection(node, start) : end
    return [this.start + start, this.start + last]
  }

  isBlock(node: number): boolean {
    const event = this.events[node]
    const isCollection = event?.type === EVENT_ID.MAPPING || event?.type === EVENT_ID.SEQUENCE
    return isCollection && event.style === COLLECTION_STYLE.BLOCK
  }

  private contents(node: number): Contents {
    if (!this.isCollection(node)) return nothing
    let contents = this.known.get(node)
    if (contents === undefined) {
      // Remembered before it is complete, lest a mapping that merges itself be looked at for ever.
      const keys = new Map<string, number>()
      const items: number[] = []
      contents = { keys, items }
      this.known.set(node, contents)
      if (this.events[node]?.type === EVENT_ID.MAPPING) this.findKeys(node, keys)
      else this.findItems(node, items)
    }
    return contents
  }

  private findItems(node: number, items: number[]): void {
    for (let at = node + 1; !this.isEnd(at); at = this.after(at)) items.push(at)
  }

  /** As the values were built: a merge overrides what stands before it, not what comes after. */
  private findKeys(node: number, keys: Map<string, number>): void {
    const written = new Set<string>()
    for (let at = node + 1; !this.isEnd(at); at = this.after(this.after(at))) {
      const key = this.events[at]
      if (key?.type !== EVENT_ID.SCALAR) continue
      const name = this.nameOf(key)
      if (name === undefined) this.merge(this.meant(this.after(at)), keys)
      else if (!written.has(name)) {
        written.add(name)
        keys.set(name, at)
      }
    }
  }

  private merge(source: number, keys: Map<string, number>): void {
    const { keys: merged, items } = this.contents(source)
    for (const [name, at] of merged) keys.set(name, at)
    for (const item of items.toReversed()) this.merge(this.meant(item), keys)
  }

  /** Nothing for the key of a merge. */
  private nameOf(key: ScalarEvent): string | undefined {
    const text = getScalarValue(this.text, key)
    if (key.style !== SCALAR_STYLE.PLAIN || key.tagStart >= 0) return text
    return text === '<<' ? undefined : String(kubectlScalar(text))
  }

  /** Past an alias to what it stands for. */
  private meant(node: number): number {
    return this.events[node]?.type === EVENT_ID.ALIAS ? (this.partners[node] ?? node) : node
  }

  /** js-yaml does not say where a bracket closes: it is the next thing after what is within. */
  private behindCollection(node: number, start: number): number {
    let end = start + 1
    for (let at = node + 1; !this.isEnd(at); at = this.after(at)) {
      end = Math.max(end, (this.extent(at)?.[1] ?? 0) - this.start)
    }
    if (!'[{'.includes(this.text.charAt(start))) return end
    const close = /(?:[\s,:?]|#.*[\r\n])*[\]}]/y
    close.lastIndex = end
    return close.test(this.text) ? close.lastIndex : end
  }

  /** What is written of one event: of a block, the lines without what is blank around them. */
  private written(node: number): Extent | undefined {
    const event = this.events[node]
    const extent = event === undefined ? undefined : extentOf(event)
    if (event === undefined || extent === undefined || !isBlockScalar(event)) return extent
    let [start, end] = extent
    while (end > start && this.text.charCodeAt(end - 1) <= 32) end -= 1
    while (start < end && this.text.charCodeAt(start) <= 32) start += 1
    return start < end ? [start, end] : undefined
  }

  private after(node: number): number {
    return this.isCollection(node) ? (this.partners[node] ?? node) + 1 : node + 1
  }

  private isCollection(node: number): boolean {
    const type = this.events[node]?.type
    return type === EVENT_ID.MAPPING || type === EVENT_ID.SEQUENCE
  }

  private isEnd(at: number): boolean {
    return at >= this.events.length || this.events[at]?.type === EVENT_ID.POP
  }
}

function partnersOf(events: readonly Event[], text: string): Int32Array {
  const partners = new Int32Array(events.length)
  const anchors = new Map<string, number>()
  const open: number[] = []
  for (const [index, event] of events.entries()) {
    if (event.type === EVENT_ID.POP) partners[open.pop() ?? 0] = index
    else if (event.type === EVENT_ID.DOCUMENT) open.push(index)
    else {
      const name = text.slice(event.anchorStart, event.anchorEnd)
      if (event.type === EVENT_ID.ALIAS) partners[index] = anchors.get(name) ?? index
      else if (event.anchorStart >= 0) anchors.set(name, index)
      if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) open.push(index)
    }
  }
  return partners
}

function isBlockScalar(event: Event): boolean {
  return (
    event.type === EVENT_ID.SCALAR &&
    (event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK)
  )
}
