import { quote } from '../../object/go-text.ts'
import { parseQuantity } from '../../object/quantity.ts'

/**
 * Puts objects into the order of a field, as `--sort-by` does: objects without the field come
 * first, the last of them in front, which is how kubectl's own comparison has it. Answers kubectl's
 * sentence where it cannot be done.
 */
export function sortByField<T>(
  objects: readonly T[],
  expression: string,
  fieldsOf: (object: T) => unknown,
): T[] | string {
  const path = parsePath(expression)
  if (typeof path === 'string') return path
  const missing: T[] = []
  const present: { object: T; value: Sortable }[] = []
  for (const object of objects) {
    const found = valueAt(fieldsOf(object), path)
    if (typeof found === 'string') return found
    if (found === undefined) missing.push(object)
    else if (!isSortable(found.value)) return `unsortable type: ${typeOf(found.value)}`
    else present.push({ object, value: found.value })
  }
  if (present.length === 0 && objects.length > 0) {
    const field = quote(`{.${bare(expression)}}`)
    return `couldn't find any field with path ${field} in the list of objects`
  }
  present.sort((a, b) => (isLess(a.value, b.value) ? -1 : isLess(b.value, a.value) ? 1 : 0))
  return [...missing.reverse(), ...present.map(({ object }) => object)]
}

type Sortable = string | number | null

/** A field's name, an index, counted from the end where it is negative, or every one of a list. */
type Step = string | number | typeof every
const every = Symbol('*')

/** `.a.b`, `a.b`, `{.a.b}` and `{a.b}` all mean the same: this answers `a.b`. */
function bare(expression: string): string | undefined {
  const match = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/.exec(expression)
  return match?.[1] ?? match?.[2]
}

/** As much of JSONPath as tables are sorted by: names, `['quoted names']`, `[0]`, `[-1]`, `[*]`. */
function parsePath(expression: string): Step[] | string {
  const steps: Step[] = []
  const rest = bare(expression)
  if (rest === undefined) {
    return "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'"
  }
  const step = /\.((?:[^\\.,[\]$@\s]|\\.)+)|\[(-?\d+)\]|\[(\*)\]|\['([^']*)'\]|\[([^\]]*)\]|(.)/gs
  for (const match of `.${rest}`.matchAll(step)) {
    const [, name, index, star, quoted, unknown, other] = match
    if (name !== undefined) steps.push(name.replace(/\\(.)/g, '$1'))
    else if (index !== undefined) steps.push(Number(index))
    else if (star !== undefined) steps.push(every)
    else if (quoted !== undefined) steps.push(...namesIn(quoted))
    else if (unknown !== undefined) return `invalid array index ${unknown}`
    else return `unexpected ${quote(other ?? '')} in path ${quote(expression)}`
  }
  return steps
}

/** In quotes, too, a dot parts two names unless a backslash stands before it. */
function namesIn(text: string): string[] {
  return [...text.matchAll(/(?:[^\\.]|\\.)+/g)].map(([name]) => name.replace(/\\(.)/g, '$1'))
}

/** The first value that a path leads to; a sentence where it leads past the end of a list. */
function valueAt(top: unknown, path: readonly Step[]): { value: unknown } | string | undefined {
  let values = [top]
  for (const step of path) {
    const next: unknown[] = []
    for (const value of values) {
      if (typeof value !== 'object' || value === null) continue
      if (typeof step === 'string') {
        if (!Array.isArray(value) && Object.hasOwn(value, step)) {
          next.push((value as Record<string, unknown>)[step])
        }
      } else if (!Array.isArray(value)) {
        return `${typeOf(value)} is not array or slice`
      } else if (step === every) next.push(...value)
      else {
        const index = step < 0 ? step + value.length : step
        if (index < 0 || index >= value.length) {
          return `array index out of bounds: index ${index}, length ${value.length}`
        }
        next.push(value[index])
      }
    }
    values = next.filter((value) => value !== undefined)
  }
  return values.length === 0 ? undefined : { value: values[0] }
}

function isSortable(value: unknown): value is Sortable {
  return value === null || typeof value === 'string' || typeof value === 'number'
}

function isLess(a: Sortable, b: Sortable): boolean {
  if (a === null || b === null) return a === null && b !== null
  if (typeof a === 'number' && typeof b === 'number') return a < b
  const left = parseQuantity(String(a))
  const right = parseQuantity(String(b))
  return left !== undefined && right !== undefined ? left < right : String(a) < String(b)
}

/** What Go calls the type that it has no order for. */
function typeOf(value: unknown): string {
  if (typeof value === 'boolean') return 'bool'
  return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}'
}
