import { EVENT_ID, type Event, parseEvents, YAMLException } from 'js-yaml'
import { tooDeep, yamlSyntax } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import { spanIn } from '../diagnostic/source.ts'
import { type Document, originOf } from './document.ts'

export type ScalarEvent = Extract<Event, { type: typeof EVENT_ID.SCALAR }>
export type AliasEvent = Extract<Event, { type: typeof EVENT_ID.ALIAS }>
export type CollectionEvent = Extract<
  Event,
  { type: typeof EVENT_ID.MAPPING | typeof EVENT_ID.SEQUENCE }
>

/** More levels than any object of Kubernetes has; custom resource definitions come near 60. */
const deepest = 200

/** js-yaml's events of a document, its offsets counted from the start of the document. */
export function eventsOf(document: Document, report: Report): readonly Event[] | undefined {
  const { source, start, end } = document
  try {
    return parseEvents(source.text.slice(start, end), { maxDepth: deepest })
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    const at = start + (error.mark?.position ?? 0)
    const place = spanIn(source, at, Math.min(at + 1, source.text.length), originOf(document))
    const deep = error.reason.startsWith('nesting exceeded maxDepth')
    report((deep ? tooDeep(deepest) : yamlSyntax(error.reason)).at(place))
    return undefined
  }
}

/** From the first letter that belongs to an event alone to its last. */
export function extentOf(event: Event): [start: number, end: number] {
  switch (event.type) {
    case EVENT_ID.SCALAR:
      if (event.valueStart >= 0) return [event.valueStart, event.valueEnd]
      return [
        Math.max(0, event.anchorStart, event.tagStart),
        Math.max(0, event.anchorEnd, event.tagEnd),
      ]
    case EVENT_ID.ALIAS:
      return [event.anchorStart - 1, event.anchorEnd]
    case EVENT_ID.MAPPING:
    case EVENT_ID.SEQUENCE:
      return [event.start, event.start + 1]
    default:
      return [0, 0]
  }
}
