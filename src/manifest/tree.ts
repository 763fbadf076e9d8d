import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE } from 'js-yaml'
import type { Said } from '../diagnostic/complaint.ts'
import {
  aliasBomb,
  duplicateKey,
  ignoredDocument,
  tooDeep,
  tooLarge,
  tooManyValues,
  yamlSyntax,
} from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import type { Place, Span } from '../diagnostic/source.ts'
import {
  type Disputed,
  type Document,
  isFields,
  type Part,
  type ReadDocument,
  spanOf,
} from './document.ts'
import {
  type AliasEvent,
  type CollectionEvent,
  eventsOf,
  extentOf,
  helpFor,
  type ScalarEvent,
} from './events.ts'
import {
  deepest,
  inMebibytes,
  largestTree,
  mostDisputed,
  mostRepeated,
  mostUnfolded,
  mostValues,
} from './limits.ts'
import type { Extent } from './outline.ts'
import { kubectlScalar, type Scalar, yaml12Scalar } from './scalar.ts'

// js-yaml finds the structure and the places; what the scalars mean is kubectl's business
// (scalar.ts), and so are merge keys, duplicate keys and the limits.

/**
 * Reads a document of any shape, slowly. What cannot be read is reported; what says nothing is no
 * document.
 */
export function readTree(document: Document, report: Report): ReadDocument | undefined {
  const { start } = document
  const tooMuch = excessOf(document)
  if (tooMuch !== undefined) {
    report(tooMuch.at(spanOf(document, start, start + 1)))
    return undefined
  }
  const events = eventsOf(document, report)
  if (events === undefined || events.length === 0) return undefined
  try {
    return new Builder(document, events, report).build()
  } catch (error) {
    if (error instanceof Unreadable) return undefined
    throw error
  }
}

function excessOf({ source, start, end }: Document) {
  if (end - start > largestTree) return tooLarge(inMebibytes(largestTree))
  return valuesAtMost(source.text, start, end) > mostValues ? tooManyValues(mostValues) : undefined
}

/** Every entry but the first has one of these letters before it, and is a key and a value at most. */
function valuesAtMost(text: string, start: number, end: number): number {
  if (end - start < mostValues) return end - start
  let entries = 1
  for (let at = start; at < end; at++) {
    switch (text.charCodeAt(at)) {
      case 10: // a line's end
      case 13:
      case 44: // ,
      case 91: // [
      case 123: // {
        entries += 1
        break
      case 45: // -
      case 63: // ?
        if (text.charCodeAt(at + 1) <= 32) entries += 1
    }
  }
  return entries * 2
}

/** Thrown where going on would only repeat the report that was just made. */
class Unreadable extends Error {}

interface Anchor {
  readonly value: unknown
  /** How many values it unfolds into, and how many levels of them. */
  readonly size: number
  readonly height: number
}

/** Builds values from events, and refuses what kubectl would refuse. */
class Builder {
  private readonly document: Document
  private readonly text: string
  private readonly events: readonly Event[]
  private readonly report: Report
  private next = 0
  /** How many values were built, those counted again that aliases stand for. */
  private size = 0
  private unfolded = 0
  /** Levels in the value that was built last: none in a scalar. */
  private height = 0
  private readonly anchors = new Map<string, Anchor>()
  private readonly disputed: Disputed[] = []
  private repeated = 0
  private readonly path: (string | number)[] = []

  constructor(document: Document, events: readonly Event[], report: Report) {
    this.document = document
    this.text = document.source.text.slice(document.start, document.end)
    this.events = events
    this.report = report
  }

  build(): ReadDocument {
    this.next += 1 // the document's opening
    const value = this.atEnd() ? null : this.node()
    this.next += 1 // its close
    this.tellOfMore()
    return { document: this.document, value, disputed: this.disputed }
  }

  /** A line `...` ends a document, too, and kubectl has no eye for what comes after it. */
  private tellOfMore(): void {
    const event = this.events[this.next + 1]
    const extent = event === undefined ? undefined : extentOf(event)
    if (extent !== undefined) this.report(ignoredDocument().at(this.span(...extent)))
  }

  private node(): unknown {
    const event = this.events[this.next++]
    if (event === undefined) throw new Error('the YAML events end too early')
    this.size += 1
    switch (event.type) {
      case EVENT_ID.SCALAR:
        return this.value(event)
      case EVENT_ID.ALIAS:
        return this.alias(event)
      case EVENT_ID.SEQUENCE:
        return this.anchored(event, this.size, this.list())
      case EVENT_ID.MAPPING:
        return this.anchored(event, this.size, this.map())
      default:
        throw new Error(`unexpected YAML event ${event.type}`)
    }
  }

  private value(event: ScalarEvent): Scalar {
    const value = this.scalar(event)
    this.dispute(event, 'value', value)
    return value
  }

  private scalar(event: ScalarEvent): Scalar {
    const value = this.meaning(event)
    if (typeof value === 'number' && !Number.isFinite(value)) {
      const text = getScalarValue(this.text, event)
      this.refuse(event, `${text} is no number that JSON, and so Kubernetes, can hold`)
    }
    this.height = 0
    return this.anchored(event, this.size, value)
  }

  private meaning(event: ScalarEvent): Scalar {
    const text = getScalarValue(this.text, event)
    if (event.style === SCALAR_STYLE.DOUBLE_QUOTED && !event.fast) this.checkEscapes(event)
    if (event.tagStart >= 0) return this.tagged(event, text)
    return event.style === SCALAR_STYLE.PLAIN ? kubectlScalar(text) : text
  }

  /** Go's YAML takes no halves of letters, not even two that belong together. */
  private checkEscapes(event: ScalarEvent): void {
    const text = this.text.slice(event.valueStart, event.valueEnd)
    for (const [letters] of text.matchAll(/\\(?:u.{4}|U.{8}|.)/gs)) {
      const code = Number.parseInt(letters.slice(2), 16)
      if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
        this.refuse(event, `${letters} stands for no letter`)
      }
    }
  }

  private dispute(event: ScalarEvent, part: Part, value: Scalar): void {
    if (event.tagStart >= 0 || event.style !== SCALAR_STYLE.PLAIN) return
    if (this.disputed.length >= mostDisputed) return
    const text = getScalarValue(this.text, event)
    if (text === value) return
    const yaml12 = yaml12Scalar(text)
    if (yaml12 !== value) {
      this.disputed.push({ path: [...this.path], part, text, kubectl: value, yaml12 })
    }
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
        return (
          decodeBase64(text) ?? this.refuse(event, '!!binary value contains invalid base64 data')
        )
      default:
        return text
    }
  }

  private list(): unknown[] {
    const items: unknown[] = []
    let height = 0
    while (!this.atEnd()) {
      this.path.push(items.length)
      items.push(this.node())
      this.path.pop()
      height = Math.max(height, this.height)
    }
    this.next += 1
    this.height = height + 1
    return items
  }

  private map(): Record<string, unknown> {
    const fields: Record<string, unknown> = {}
    const written = new Map<string, Event>()
    let height = 0
    while (!this.atEnd()) {
      const event = this.events[this.next]
      if (event === undefined) break
      if (this.isMergeKey(event)) {
        this.next += 1
        this.merge(fields, written, event)
      } else this.entry(fields, written, event)
      height = Math.max(height, this.height)
    }
    this.next += 1
    this.height = height + 1
    return fields
  }

  private entry(fields: Record<string, unknown>, written: Map<string, Event>, event: Event): void {
    const key = this.key()
    this.path.push(key)
    const value = this.node()
    this.path.pop()
    const first = written.get(key)
    if (first === undefined) {
      written.set(key, event)
      define(fields, key, value)
    } else if (this.repeated < mostRepeated) {
      this.repeated += 1
      const there = { at: this.placeOf(first), label: 'first given here' }
      this.report(duplicateKey(key).at(this.placeOf(event), there))
    }
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
        if (written.has(key) && fields[key] !== value && this.disputed.length < mostDisputed) {
          const path = [...this.path, key]
          this.disputed.push({
            path,
            part: 'value',
            text: '<<',
            kubectl: value,
            yaml12: fields[key],
          })
        }
        define(fields, key, value)
      }
    }
  }

  /** A key as it stands in the JSON that kubectl makes: `8` for `010`, `true` for `yes`. */
  private key(): string {
    const event = this.events[this.next]
    if (event?.type !== EVENT_ID.SCALAR) {
      const value = this.node()
      if (isWord(value)) return String(value)
      return this.refuse(event, 'the keys of a mapping must be strings, numbers or booleans')
    }
    this.next += 1
    this.size += 1
    const value = this.scalar(event)
    if (value === null) this.refuse(event, 'null cannot be the key of a mapping')
    const key = String(value)
    this.path.push(key)
    this.dispute(event, 'key', value)
    this.path.pop()
    return key
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
    if (anchor.size > 1) this.unfolded += anchor.size
    if (this.unfolded > mostUnfolded) this.stop(event, aliasBomb(mostUnfolded))
    if (this.path.length + anchor.height > deepest) this.stop(event, tooDeep(deepest))
    this.size += anchor.size - 1
    this.height = anchor.height
    return anchor.value
  }

  /** Notes a value under the name of its anchor; `before` is the size when it was begun. */
  private anchored<T>(event: CollectionEvent | ScalarEvent, before: number, value: T): T {
    if (event.anchorStart >= 0) {
      const name = this.text.slice(event.anchorStart, event.anchorEnd)
      this.anchors.set(name, { value, size: this.size - before + 1, height: this.height })
    }
    return value
  }

  private refuse(event: Event | undefined, reason: string): never {
    return this.stop(event, yamlSyntax(reason, helpFor(this.text, this.extentOf(event)[0])))
  }

  private stop(event: Event | undefined, said: Said): never {
    this.report(said.at(this.placeOf(event)))
    throw new Unreadable()
  }

  private placeOf(event: Event | undefined): Place {
    return this.span(...this.extentOf(event))
  }

  /** What is not written has no place; what stands before it has. */
  private extentOf(event: Event | undefined): Extent {
    let extent = event === undefined ? undefined : extentOf(event)
    let at = event === undefined ? 0 : this.events.indexOf(event)
    while (extent === undefined && at > 0) {
      at -= 1
      const earlier = this.events[at]
      extent = earlier === undefined ? undefined : extentOf(earlier)
    }
    return extent ?? [0, 1]
  }

  private span(start: number, end: number): Span {
    const { start: base } = this.document
    return spanOf(this.document, base + start, base + end)
  }

  private atEnd(): boolean {
    return this.events[this.next]?.type === EVENT_ID.POP
  }
}

function isWord(value: unknown): value is string | number | boolean {
  return value !== null && typeof value !== 'object'
}

/** Base64 as Go takes it, which is strict, and the UTF-8 text in it. */
function decodeBase64(text: string): string | undefined {
  const letters = text.replace(/[\r\n]/g, '')
  if (letters.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(letters)) return undefined
  const bytes = Uint8Array.from(atob(letters), (letter) => letter.charCodeAt(0))
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
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
