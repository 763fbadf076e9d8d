import type { Diagnostic, Related, Severity } from './diagnostic.ts'
import type { Place } from './source.ts'

/** A kind of fault: what is the same each time it is found. */
export interface Complaint {
  readonly code: string
  readonly severity: Severity
  /** One line for lists of rules: what the rule asks for, or what the fault is. */
  readonly summary: string
}

/** The words for one fault; `message` never holds the remedy, `help` always does. */
export interface Words {
  readonly message: string
  readonly label?: string | undefined
  readonly help?: string | undefined
}

/** One fault in words, waiting for its place. */
export interface Said extends Words {
  readonly at: (place: Place | undefined, ...related: readonly Related[]) => Diagnostic
}

export type Say<A extends readonly unknown[]> = Complaint & ((...facts: A) => Said)

/** Declares a kind of fault together with its words: `report(duplicateKey(key).at(place))`. */
export function complaint<A extends readonly unknown[]>(
  code: string,
  severity: Severity,
  summary: string,
  words: (...facts: A) => Words,
): Say<A> {
  const say = (...facts: A): Said => {
    const { message, label, help } = words(...facts)
    return {
      message,
      label,
      help,
      at: (at, ...related) => ({ code, severity, message, at, label, related, help }),
    }
  }
  return Object.assign(say, { code, severity, summary })
}
