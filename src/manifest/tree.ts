import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE } from 'js-yaml'
import { aliasBomb, duplicateKey, yamlSyntax } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import { type Place, spanIn } from '../diagnostic/source.ts'
import { type Disputed, type Document, isFields, originOf, type ReadDocument } from './document.ts'
import {
  type AliasEvent,
  type CollectionEvent,
  eventsOf,
  extentOf,
  type ScalarEvent,
} from './events.ts'
import { kubectlScalar, type Scalar, yaml12Scalar } from './scalar.ts'

// js-yaml finds the structure and the places; what the scalars mean is kubectl's business
// (scalar.ts), and so are merge keys, duplicate keys and the limits.

const mostValues = 1_000_000

/** Reads a document of any shape, slowly. Documents that cannot be read are reported and left out. */
export function readTree(document: Document, report: Report): ReadDocument[] {
  const events = eventsOf(document, report)
  if (events === undefined) return []
  try {
    return new Builder(document, events, report).documents()
  } catch (error) {
    if (error instanceof Unreadable) return []
    throw error
  }
}

/** Thrown where going on would only repeat the report that was just made. */
class Unreadable extends Error {}

interface Anchor {
  readonly value: unknown
  /** How many values it unfolds into. */
  readonly size: number
}

/** Builds values from events, and refuses what kubectl would refuse. */
class Builder {
  private readonly document: Document
  private readonly text: string
  private readonly events: readonly Event[]
  private readonly report: Report
  private next = 0
  private size = 0
  private anchors = new Map<string, Anchor>()
  private disputed: Disputed[] = []
  private readonly path: (string | number)[] = []

  constructor(document: Document, events: readonly Event[], report: Report) {
    this.document = document
    this.text = document.source.text.slice(document.start, document.end)
    this.events = events
    this.report = report
  }

  documents(): ReadDocument[] {
    const documents: ReadDocument[] = []
    while (this.next < this.events.length) {
      this.next += 1 // the document's opening
      this.anchors = new Map()
      this.disputed = []
      this.size = 0
      const value = this.atEnd() ? null : this.node()
      this.next += 1 // its close
      const document = { ...this.document, ordinal: documents.length }
      documents.push({ document, value, disputed: this.disputed })
    }
    return documents
  }

  private node(): unknown {
    const event = this.events[this.next++]
    if (event === undefined) throw new Error('the YAML events end too early')
    this.count(event, 1)
    switch (event.type) {
      case EVENT_ID.SCALAR:
        return this.anchored(event, 0, this.scalar(event))
      case EVENT_ID.ALIAS:
        return this.alias(event)
      case EVENT_ID.SEQUENCE: {
        const before = this.size
        return this.anchored(event, before, this.list())
      }
      case EVENT_ID.MAPPING: {
        const before = this.size
        return this.anchored(event, before, this.map())
      }
      default:
        throw new Error(`unexpected YAML event ${event.type}`)
    }
  }

  private scalar(event: ScalarEvent): Scalar {
    const text = getScalarValue(this.text, event)
    if (event.tagStart >= 0) return this.tagged(event, text)
    if (event.style !== SCALAR_STYLE.PLAIN) return text
    const value = kubectlScalar(text)
    if (value === text) return value
    const yaml12 = yaml12Scalar(text)
    if (yaml12 !== value) {
      this.disputed.push({ path: [...this.path], text, kubectl: value, yaml12 })
    }
    if (typeof value === 'number' && !Number.isFinite(value)) {
      this.refuse(event, `${text} is no number that JSON, and so Kubernetes, can hold`)
    }
    return value
  }

  private tagged(event: ScalarEvent, text: string): Scalar {
    const tag = this.text.slice(event.tagStart, event.tagEnd)
    const value = kubectlScalar(text)
    switch (tag) {
      case '!!int':
        if (Number.isInteger(value)) return value
        return this.refuse(event, `cannot decode ${JSON.stringify(text)} as a !!int`)
      case '!!float':
        if (typeof value === 'number') return value
        return this.refuse(event, `cannot decode ${JSON.stringify(text)} as a !!float`)
      case '!!bool':
        if (typeof value === 'boolean') return value
        return this.refuse(event, `cannot decode ${JSON.stringify(text)} as a !!bool`)
      case '!!null':
        if (value === null) return value
        return this.refuse(event, `cannot decode ${JSON.stringify(text)} as a !!null`)
      case '!!binary':
        try {
          return atob(text.replace(/\s/g, ''))
        } catch {
          return this.refuse(event, '!!binary value contains invalid base64 data')
        }
      default:
        return text
    }
  }

  private list(): unknown[] {
    const items: unknown[] = []
    while (!this.atEnd()) {
      this.path.push(items.length)
      items.push(this.node())
      this.path.pop()
    }
    this.next += 1
    return items
  }

  private map(): Record<string, unknown> {
    const fields: Record<string, unknown> = {}
    const written = new Map<string, Event>()
    while (!this.atEnd()) {
      const event = this.events[this.next]
      if (event === undefined) break
      if (this.isMergeKey(event)) {
        this.next += 1
        this.merge(fields, written, event)
        continue
      }
      const key = this.key()
      this.path.push(key)
      const value = this.node()
      this.path.pop()
      const first = written.get(key)
      if (first === undefined) {
        written.set(key, event)
        define(fields, key, value)
      } else {
        const there = { at: this.placeOf(first), label: 'first given here' }
        this.report(duplicateKey(key).at(this.placeOf(event), there))
      }
    }
    this.next += 1
    return fields
  }

  /**
   * kubectl merges where the key stands: what was written before it is overridden, what is written
   * after it overrides. YAML says that what is written always wins; the difference is disputed.
   */
  private merge(
    fields: Record<string, unknown>,
    written: ReadonlyMap<string, Event>,
    event: Event,
  ): void {
    const source = this.node()
    const parts = (Array.isArray(source) ? source : [source]).toReversed()
    for (const part of parts) {
      if (!isFields(part)) {
        this.refuse(event, 'map merge requires map or sequence of maps as the value')
      }
      for (const [key, value] of Object.entries(part)) {
        if (written.has(key) && fields[key] !== value) {
          const path = [...this.path, key]
          this.disputed.push({ path, text: '<<', kubectl: value, yaml12: fields[key] })
        }
        define(fields, key, value)
      }
    }
  }

  /** A key as it stands in the JSON that kubectl makes: `8` for `010`, `true` for `yes`. */
  private key(): string {
    const event = this.events[this.next]
    const value = this.node()
    if (value === null || typeof value === 'object') {
      return this.refuse(event, 'the keys of a mapping must be strings, numbers or booleans')
    }
    return String(value)
  }

  private isMergeKey(event: Event): boolean {
    return (
      event.type === EVENT_ID.SCALAR &&
      event.style === SCALAR_STYLE.PLAIN &&
      event.tagStart < 0 &&
      getScalarValue(this.text, event) === '<<'
    )
  }

  private alias(event: AliasEvent): unknown {
    const name = this.text.slice(event.anchorStart, event.anchorEnd)
    const anchor = this.anchors.get(name)
    if (anchor === undefined) return this.refuse(event, `unknown anchor '${name}' referenced`)
    this.count(event, anchor.size)
    return anchor.value
  }

  private anchored<T>(event: CollectionEvent | ScalarEvent, before: number, value: T): T {
    if (event.anchorStart >= 0) {
      const name = this.text.slice(event.anchorStart, event.anchorEnd)
      this.anchors.set(name, { value, size: before === 0 ? 1 : this.size - before + 1 })
    }
    return value
  }

  private count(event: Event, values: number): void {
    this.size += values
    if (this.size <= mostValues || values <= 1) return
    this.report(aliasBomb(mostValues).at(this.placeOf(event)))
    throw new Unreadable()
  }

  private refuse(event: Event | undefined, reason: string): never {
    this.report(yamlSyntax(reason).at(event === undefined ? undefined : this.placeOf(event)))
    throw new Unreadable()
  }

  private placeOf(event: Event): Place {
    const [start, end] = extentOf(event)
    const { source, start: base } = this.document
    return spanIn(source, base + start, base + end, originOf(this.document))
  }

  private atEnd(): boolean {
    return this.events[this.next]?.type === EVENT_ID.POP
  }
}

/** Plain assignment would call the setter of `__proto__`. */
function define(fields: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') fields[key] = value
  else {
    Object.defineProperty(fields, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    })
  }
}
