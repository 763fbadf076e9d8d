import type { Complaint } from '../../diagnostic/complaint.ts'
import type { Diagnostic, Severity } from '../../diagnostic/diagnostic.ts'
import { lineOf, type Place, positionOf } from '../../diagnostic/source.ts'

/** A diagnostic as data for machines: every place is worked out. Stable: people write scripts on it. */
export interface Finding {
  readonly code: string
  readonly severity: Severity
  readonly message: string
  readonly label?: string | undefined
  readonly help?: string | undefined
  readonly place?: FindingPlace | undefined
  readonly related?: readonly { readonly label: string; readonly place: FindingPlace }[] | undefined
}

/** Lines and columns count from 1, columns in UTF-16 units; the end is the first column after it. */
export interface FindingPlace {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
  /** The text of the first line. */
  readonly text: string
  /** The template that the text came from, where it says so. */
  readonly origin?: string | undefined
}

/** What a whole check says, for every format alike. */
export interface Findings {
  readonly findings: readonly Finding[]
  readonly files: readonly string[]
  readonly objects: number
  /** How many findings the manifests or flags asked to leave out. */
  readonly ignored: number
  /** How many are below the level that is shown. */
  readonly hidden: Readonly<Record<Severity, number>>
  /** Every kind of fault that could have been found. */
  readonly rules: readonly Complaint[]
  readonly version: string
}

export function findingOf({
  code,
  severity,
  message,
  label,
  help,
  at,
  related,
}: Diagnostic): Finding {
  const others = related?.map((other) => ({ label: other.label, place: findingPlace(other.at) }))
  return {
    code,
    severity,
    message,
    ...(label === undefined ? {} : { label }),
    ...(help === undefined ? {} : { help }),
    ...(at === undefined ? {} : { place: findingPlace(at) }),
    ...(others === undefined || others.length === 0 ? {} : { related: others }),
  }
}

function findingPlace(place: Place): FindingPlace {
  const { source, start, end, origin } = place.span()
  const first = positionOf(source, start)
  const last = positionOf(source, Math.max(start, end))
  return {
    file: source.name,
    line: first.line,
    column: first.column,
    endLine: last.line,
    endColumn: last.column,
    text: lineOf(source, first.line, 1000).trim().slice(0, 400),
    ...(origin === undefined ? {} : { origin }),
  }
}

export function countOf(
  findings: readonly Pick<Finding, 'severity'>[],
  severity: Severity,
): number {
  return findings.filter((finding) => finding.severity === severity).length
}

/** A path as code hosts know it: `./web.yaml` is `web.yaml` to them. */
export function relative(file: string): string {
  return file.replace(/^(?:\.\/+)+/, '')
}

/** JSON that may also be looked at in a terminal: of what JSON leaves as it is, controls are escaped. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(/[\u007f-\u009f]|\p{Cf}/gu, (letters) =>
    [...Array(letters.length).keys()]
      .map((at) => `\\u${letters.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}
