import type { Place } from '../diagnostic/source.ts'
import type { Disputed, Document, Fields, Path } from '../manifest/document.ts'
import { type Part, placeIn } from '../manifest/place.ts'

/** One object as somebody wrote it, and the way back to its text. */
export interface Written {
  readonly document: Document
  /** Where the object stands in its document: at the top, or an item of a List. */
  readonly path: Path
  readonly fields: Fields
  readonly disputed: readonly Disputed[]
}

/** What an object keeps of the text it was read from: enough to point into it. */
export type Origin = Pick<Written, 'document' | 'path'>

/** The place of a field of an object, or of the nearest thing above it that is there. */
export function placeOf(origin: Origin, path: Path, part: Part = 'value'): Place {
  return placeIn(origin.document, origin.path.concat(path), part)
}
