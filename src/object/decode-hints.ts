import { suggest } from '../diagnostic/suggest.ts'
import type { Path } from '../manifest/document.ts'
import type { Shape, Struct } from './shape.ts'

/** How far below a struct a misplaced field is looked for: a pod's containers are two levels down. */
const deepest = 3

/**
 * Where an unknown field probably belongs: a field of the same name nearby, else one spelled
 * nearly like it. `path` leads to the field from the top of the object.
 */
export function hintForField(
  key: string,
  value: unknown,
  kind: Struct,
  path: Path,
): string | undefined {
  const above = structsTo(kind, path)
  const here = above.at(-1)
  if (here === undefined) return undefined
  const sibling = suggest(key, here.struct.fields.keys())
  if (sibling !== undefined && isClearly(sibling, key, value, here)) {
    return meant(join(here.path, sibling))
  }
  const elsewhere = below(here, key, value) ?? over(above, key, value)
  if (elsewhere !== undefined) return meant(elsewhere)
  return sibling === undefined ? undefined : meant(join(here.path, sibling))
}

/** The same word in another case, or in the other number with a value that fits. */
function isClearly(sibling: string, key: string, value: unknown, { struct }: Stage): boolean {
  if (sibling.toLowerCase() === key.toLowerCase()) return true
  const isOtherNumber = sibling === `${key}s` || key === `${sibling}s`
  return isOtherNumber && couldHold(struct.fields.get(sibling), value)
}

/** What to do about a value of the wrong type. `text` is what was written, where that is known. */
export function hintForType(
  shape: Shape,
  value: unknown,
  text: string | undefined,
): string | undefined {
  switch (shape.form) {
    case 'string':
      if (typeof value === 'object') return undefined
      return text === undefined ? 'put it into quotes' : `put it into quotes: "${text}"`
    case 'list':
      if (Array.isArray(value)) return undefined
      return 'a list belongs here: put "- " before each of its items'
    case 'struct':
    case 'map':
      return Array.isArray(value) ? 'no list belongs here: remove the "- "' : undefined
    case 'int32':
    case 'int64':
      return typeof value === 'string' && /^-?\d+$/.test(value) ? 'remove the quotes' : undefined
    case 'bool':
      return value === 'true' || value === 'false' ? 'remove the quotes' : undefined
    default:
      return undefined
  }
}

/** A struct on the way to a field, and how people would write that way: `spec.ports[]`. */
interface Stage {
  readonly struct: Struct
  readonly path: string
}

/** The structs that hold a field, the outermost first. */
function structsTo(kind: Struct, path: Path): Stage[] {
  const stages: Stage[] = [{ struct: kind, path: '' }]
  let shape: Shape = kind
  let written = ''
  for (const step of path.slice(0, -1)) {
    if (shape.form === 'struct') {
      const field = shape.fields.get(String(step))
      if (field === undefined) return stages
      written = join(written, String(step))
      shape = field
    } else if (shape.form === 'list' || shape.form === 'map') {
      written += shape.form === 'list' ? '[]' : `.${step}`
      shape = shape.element
    }
    if (shape.form === 'struct') stages.push({ struct: shape, path: written })
  }
  return stages
}

/** The field of that name nearest below a struct. */
function below(from: Stage, key: string, value: unknown): string | undefined {
  let level: Stage[] = [from]
  for (let depth = 0; depth < deepest; depth++) {
    level = level.flatMap(stagesIn)
    const [found] = level
      .filter(({ struct }) => couldHold(struct.fields.get(key), value))
      .map(({ path }) => join(path, key))
      .sort((a, b) => a.length - b.length)
    if (found !== undefined) return found
  }
  return undefined
}

/** The field of that name nearest above a struct. */
function over(stages: readonly Stage[], key: string, value: unknown): string | undefined {
  const holder = stages
    .slice(0, -1)
    .findLast(({ struct }) => couldHold(struct.fields.get(key), value))
  return holder === undefined ? undefined : join(holder.path, key)
}

function stagesIn({ struct, path }: Stage): Stage[] {
  return [...struct.fields].flatMap(([key, field]) => {
    if (field.form === 'struct') return { struct: field, path: join(path, key) }
    if (field.form === 'list' && field.element.form === 'struct') {
      return { struct: field.element, path: `${join(path, key)}[]` }
    }
    return []
  })
}

/** Whether a value has roughly the form that a field wants. */
function couldHold(shape: Shape | undefined, value: unknown): boolean {
  if (shape === undefined) return false
  if (shape.form === 'list') return Array.isArray(value)
  const nested = typeof value === 'object' && value !== null
  return (shape.form === 'struct' || shape.form === 'map') === (nested && !Array.isArray(value))
}

function meant(path: string): string {
  return `did you mean "${path}"?`
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}
