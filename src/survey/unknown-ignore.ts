import type { Complaint } from '../diagnostic/complaint.ts'
import { unknownIgnore } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import type { Place } from '../diagnostic/source.ts'
import { annotatedIn, annotations } from '../object/annotation.ts'
import { everyComplaint } from '../object/complaints.ts'
import { codesIn } from './ignore.ts'
import { commentsIn } from './ignore-comment.ts'
import { at, type Surveyed } from './surveyed.ts'

/** What is to be ignored is the code of a warning or a note. */
export function ignoresAreKnown({ cluster, sources }: Surveyed, report: Report): void {
  for (const { annotations: written, object, path } of annotatedIn(cluster)) {
    const value = written[annotations.ignore.name]
    if (value === undefined) continue
    const place = at(object, [...path, annotations.ignore.name])
    for (const code of codesIn(value)) check(code, place, report)
  }
  for (const source of sources) {
    for (const [, comments] of commentsIn(source)) {
      for (const { code, at } of comments) check(code, at, report)
    }
  }
}

function check(code: string, place: Place | undefined, report: Report): void {
  const severity = severities.get(code)
  if (severity === 'warning' || severity === 'note') return
  const known = [...severities].filter(([, it]) => it !== 'error').map(([known]) => known)
  report(unknownIgnore(code, severity === 'error', known).at(place))
}

const severities: ReadonlyMap<string, Complaint['severity']> = new Map(
  everyComplaint.map(({ code, severity }) => [code, severity]),
)
