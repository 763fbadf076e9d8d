import type { Diagnostic } from '../diagnostic/diagnostic.ts'

/** Says of something that it may be as it is meant, where not enough is known for a warning. */
export function asNote(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, severity: 'note' }
}
