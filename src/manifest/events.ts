import { EVENT_ID, type Event, parseEvents, SCALAR_STYLE, YAMLException } from 'js-yaml'
import { tooDeep, yamlSyntax } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import { type Document, spanOf } from './document.ts'
import { deepest } from './limits.ts'
import type { Extent } from './outline.ts'

export type ScalarEvent = Extract<Event, { type: typeof EVENT_ID.SCALAR }>
export type AliasEvent = Extract<Event, { type: typeof EVENT_ID.ALIAS }>
export type CollectionEvent = Extract<
  Event,
  { type: typeof EVENT_ID.MAPPING | typeof EVENT_ID.SEQUENCE }
>

/** js-yaml's events of a document, its offsets counted from the start of the document. */
export function eventsOf(document: Document, report: Report): readonly Event[] | undefined {
  const { source, start, end } = document
  const text = source.text.slice(start, end)
  try {
    // A scalar counts as a level.
    return parseEvents(text, { maxDepth: deepest + 1 })
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    const at = Math.min(error.mark?.position ?? 0, text.length)
    const place = spanOf(document, start + at, Math.min(start + at + 1, end))
    const deep = error.reason.startsWith('nesting exceeded maxDepth')
    report((deep ? tooDeep(deepest) : yamlSyntax(error.reason, helpFor(text, at))).at(place))
    return undefined
  }
}

/** What to do about the mistakes that everybody makes. */
export function helpFor(text: string, at: number): string | undefined {
  const begin = text.lastIndexOf('\n', at - 1) + 1
  const end = text.indexOf('\n', at)
  const line = text.slice(begin, Math.min(end < 0 ? text.length : end, begin + 1024))
  if (/\{\{.*\}\}/.test(line)) {
    return 'this is a template: render it first, for example with `helm template`'
  }
  if (/^ *\t/.test(line)) return 'indent with spaces, which is all that YAML takes'
  if (line.startsWith('%')) return 'leave the line out: kubectl takes no directives'
  return undefined
}

/**
 * From the first letter that belongs to an event alone to its last; nothing for a scalar of which
 * nothing is written. Quotes belong to a scalar, the line breaks around a block do not.
 */
export function extentOf(event: Event): Extent | undefined {
  switch (event.type) {
    case EVENT_ID.SCALAR: {
      if (event.valueStart >= 0) return extentOfScalar(event)
      const start = Math.max(event.anchorStart, event.tagStart)
      return start < 0 ? undefined : [start, Math.max(event.anchorEnd, event.tagEnd)]
    }
    case EVENT_ID.ALIAS:
      return [event.anchorStart - 1, event.anchorEnd]
    case EVENT_ID.MAPPING:
    case EVENT_ID.SEQUENCE:
      return [event.start, event.start + 1]
    default:
      return undefined
  }
}

function extentOfScalar({ style, valueStart, valueEnd }: ScalarEvent): Extent {
  const quoted = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED
  return quoted ? [valueStart - 1, valueEnd + 1] : [valueStart, valueEnd]
}
