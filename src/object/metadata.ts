import type { Fields } from '../manifest/document.ts'
import type { Origin } from './written.ts'

export type Strings = Readonly<Record<string, string>>

/** What every object has: a name, and a place where it was written unless it came from elsewhere. */
export interface KubernetesObject {
  readonly namespace: string
  readonly name: string
  readonly labels: Strings
  readonly annotations: Strings
  /** Absent for objects that were not written in a manifest. */
  readonly origin: Origin | undefined
}

const none: Strings = Object.freeze({})

export function readMetadata(
  fields: Fields,
  namespace: string,
  origin: Origin | undefined,
): KubernetesObject {
  const metadata = (fields.metadata ?? none) as Fields
  return {
    namespace: text(metadata.namespace) ?? namespace,
    name: text(metadata.name) ?? '',
    labels: strings(metadata.labels),
    annotations: strings(metadata.annotations),
    origin,
  }
}

/** `default/web`: how an object is named wherever its namespace matters. */
export function nameOf({ namespace, name }: { namespace: string; name: string }): string {
  return `${namespace}/${name}`
}

/** Whether labels contain every pair of a selector. */
export function selects(selector: Strings, labels: Strings): boolean {
  for (const key in selector) {
    if (!Object.hasOwn(labels, key) || labels[key] !== selector[key]) return false
  }
  return true
}

// Decoding has checked the types by the time these are called; an empty text counts as absent.

export function text(value: unknown): string | undefined {
  return value === null || value === undefined || value === '' ? undefined : (value as string)
}

/** A value where the empty text is one, and not the same as none. */
export function optional<T>(value: unknown): T | undefined {
  return (value ?? undefined) as T | undefined
}

/** A list of texts. null in it is the empty text, as in Go. */
export function texts(value: unknown): readonly string[] {
  const found = list<string | null>(value)
  return found.includes(null) ? found.map((item) => item ?? '') : (found as readonly string[])
}

/** A map of texts. null in it is the empty text, as in Go. */
export function strings(value: unknown): Strings {
  const found = map(value) as Strings
  for (const key in found) {
    if (found[key] === null) {
      return Object.fromEntries(Object.entries(found).map(([name, given]) => [name, given ?? '']))
    }
  }
  return found
}

export function list<T = Fields>(value: unknown): readonly T[] {
  return (value ?? []) as readonly T[]
}

export function map(value: unknown): Fields {
  return (value ?? none) as Fields
}
