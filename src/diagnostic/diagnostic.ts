import type { Place } from './source.ts'

/** `note` informs and never fails a run. */
export const severities = ['error', 'warning', 'note'] as const
export type Severity = (typeof severities)[number]

/** One fault, said once, at the place where it was made. */
export interface Diagnostic {
  /** Kebab-case, stable: what people search for and put into ignore lists. */
  readonly code: string
  readonly severity: Severity
  /** What is wrong, in words that stand alone: no trailing period, no remedy. */
  readonly message: string
  /** The smallest place that shows the fault; absent where the fault is in no text. */
  readonly at?: Place | undefined
  /** Beside the carets: the same fault, shorter, now that the eye is on it. */
  readonly label?: string | undefined
  /** Other places that have a part in it, such as the first of two duplicates. */
  readonly related?: readonly Related[] | undefined
  /** What the user can do about it. */
  readonly help?: string | undefined
}

export interface Related {
  readonly at: Place
  readonly label: string
}

export type Report = (diagnostic: Diagnostic) => void

export function isError({ severity }: Diagnostic): boolean {
  return severity === 'error'
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(isError)
}

/** The order of the input: by source as they were given, then by offset. */
export function inReadingOrder(
  diagnostics: readonly Diagnostic[],
  sources: readonly { readonly name: string }[],
): Diagnostic[] {
  const rank = new Map(sources.map(({ name }, index) => [name, index]))
  return diagnostics
    .map((diagnostic) => {
      const span = diagnostic.at?.span()
      const source = span === undefined ? -1 : (rank.get(span.source.name) ?? sources.length)
      return { diagnostic, source, start: span?.start ?? 0 }
    })
    .sort((a, b) => a.source - b.source || a.start - b.start)
    .map(({ diagnostic }) => diagnostic)
}
