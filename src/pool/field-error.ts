import {
  forbidden as forbiddenField,
  invalid as invalidField,
  textOf,
} from '../object/api-error.ts'
import { json } from '../object/go-text.ts'

// The sentences of the API server about the fields of which it speaks before it validates a Service.

/** How it says that a value will not do. Whatever the value is, it is printed as JSON. */
export function invalid(name: string, value: unknown, detail: string): string {
  return textOf(invalidField({ name, path: [] }, json(value ?? null), detail))
}

export function forbidden(name: string, detail: string): string {
  return textOf(forbiddenField({ name, path: [] }, detail))
}

/** What it says when the fault is in no field. */
export function internal(detail: string): string {
  return `Internal error occurred: ${detail}`
}
