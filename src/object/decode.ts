import { complaint } from '../diagnostic/complaint.ts'
import { yaml11Value } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import { type Disputed, isFields, type Path } from '../manifest/document.ts'
import { hintForField, hintForType } from './decode-hints.ts'
import { quote } from './go-text.ts'
import { faultOfQuantity, faultOfTime } from './scalar-text.ts'
import type { Shape, Struct } from './shape.ts'
import { placeOf, type Written } from './written.ts'

// The API server decodes JSON into Go structs, strictly: names are compared letter by letter, null
// counts as absent, and the first wrong type ends it. Here all mistakes are found, in its words.

export const wrongType = complaint(
  'wrong-type',
  'error',
  'a value must have the type that Kubernetes expects',
  (message: string, help: string | undefined) => ({ message, help }),
)

export const unknownField = complaint(
  'unknown-field',
  'error',
  'a field must be one that Kubernetes knows',
  (path: string, help: string | undefined) => ({ message: `unknown field ${quote(path)}`, help }),
)

/**
 * Whether an object can be decoded into its kind. Unknown fields do not stop that, they are only
 * reported; so are values that YAML 1.1 and 1.2 read differently.
 */
export function decode(written: Written, kind: Struct, report: Report): boolean {
  if (written.disputed.length === 0 && fits(kind, written.fields)) return true
  return new Inspection(written, kind, report).decodes()
}

/** Whether there is nothing to say about a value. */
function fits(shape: Shape, value: unknown): boolean {
  if (value === null || value === undefined) return true
  switch (shape.form) {
    case 'string':
      return typeof value === 'string'
    case 'struct':
      if (!isFields(value)) return false
      for (const key in value) {
        const field = shape.fields.get(key)
        if (field === undefined || !fits(field, value[key])) return false
      }
      return true
    case 'list':
      if (!Array.isArray(value)) return false
      for (const item of value) if (!fits(shape.element, item)) return false
      return true
    case 'map':
      if (!isFields(value)) return false
      for (const key in value) if (!fits(shape.element, value[key])) return false
      return true
    default:
      return faultOf(shape.form, value) === undefined
  }
}

/** What went wrong with a scalar: a type that does not fit, or a sentence of its own. */
type Fault = { readonly found: string; readonly goType: string } | { readonly message: string }

function faultOf(form: string, value: unknown): Fault | undefined {
  switch (form) {
    case 'any':
      return undefined
    case 'bool':
      return typeof value === 'boolean' ? undefined : { found: goNameOf(value), goType: 'bool' }
    case 'int32':
      return faultOfInteger(value, 'int32', 2 ** 31)
    case 'int64':
      return faultOfInteger(value, 'int64', 2 ** 63)
    case 'IntOrString':
      return typeof value === 'string' ? undefined : faultOfInteger(value, 'int32', 2 ** 31)
    case 'Quantity': {
      const message = faultOfQuantity(value)
      return message === undefined ? undefined : { message }
    }
    case 'Time': {
      if (typeof value !== 'string') return { found: goNameOf(value), goType: 'string' }
      const message = faultOfTime(value)
      return message === undefined ? undefined : { message }
    }
    default:
      return { found: goNameOf(value), goType: 'string' }
  }
}

function faultOfInteger(value: unknown, goType: string, limit: number): Fault | undefined {
  if (typeof value !== 'number') return { found: goNameOf(value), goType }
  // The largest int64 has no double of its own; the one beside it stands for it.
  const below = limit === 2 ** 63 ? value <= limit : value < limit
  if (Number.isInteger(value) && value >= -limit && below) return undefined
  return { found: `number ${value}`, goType }
}

/** What Go's decoder calls a value. */
export function goNameOf(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'boolean') return 'bool'
  return typeof value
}

/** The slow way through an object that has something wrong with it. */
class Inspection {
  private readonly written: Written
  private readonly kind: Struct
  private readonly report: Report
  private readonly path: (string | number)[] = []
  /** The structs on the way, and the names of their fields: list indices and map keys are left out. */
  private readonly structs: Struct[] = []
  private readonly names: string[] = []
  private readonly disputed: ReadonlyMap<string, Disputed>
  private readonly refused = new Set<string>()

  constructor(written: Written, kind: Struct, report: Report) {
    this.written = written
    this.kind = kind
    this.report = report
    const depth = written.path.length
    this.disputed = new Map(
      written.disputed.map((entry) => [keyOf(entry.path.slice(depth)), entry]),
    )
  }

  decodes(): boolean {
    this.inspect(this.kind, this.written.fields)
    for (const [key, entry] of this.disputed) if (!this.refused.has(key)) this.dispute(entry)
    return this.refused.size === 0
  }

  private inspect(shape: Shape, value: unknown): void {
    if (value === null || value === undefined) return
    if (shape.form === 'struct' && isFields(value)) this.inspectStruct(shape, value)
    else if (shape.form === 'map' && isFields(value)) {
      for (const key in value) this.step(key, () => this.inspect(shape.element, value[key]))
    } else if (shape.form === 'list' && Array.isArray(value)) {
      for (const [index, item] of value.entries()) {
        this.step(index, () => this.inspect(shape.element, item))
      }
    } else if (shape.form === 'struct' || shape.form === 'map' || shape.form === 'list') {
      this.refuse({ found: goNameOf(value), goType: shape.goType }, shape, value)
    } else if (shape.form !== 'string' || typeof value !== 'string') {
      const fault = faultOf(shape.form, value)
      if (fault !== undefined) this.refuse(fault, shape, value)
    }
  }

  private inspectStruct(struct: Struct, fields: Readonly<Record<string, unknown>>): void {
    this.structs.push(struct)
    for (const key in fields) {
      this.step(key, () => {
        const field = struct.fields.get(key)
        if (field === undefined) this.complain(key, fields[key])
        else {
          this.names.push(key)
          this.inspect(field, fields[key])
          this.names.pop()
        }
      })
    }
    this.structs.pop()
  }

  private step(to: string | number, inside: () => void): void {
    this.path.push(to)
    inside()
    this.path.pop()
  }

  private complain(key: string, value: unknown): void {
    const hint = hintForField(key, value, this.kind, this.path)
    const place = placeOf(this.written, [...this.path], 'key')
    this.report(unknownField(serverPath(this.path), hint).at(place))
  }

  private refuse(fault: Fault, shape: Shape, value: unknown): void {
    const key = keyOf(this.path)
    this.refused.add(key)
    const place = placeOf(this.written, [...this.path])
    const hint = hintForType(shape, value, this.disputed.get(key)?.text)
    this.report(wrongType(this.sentence(fault, shape), hint).at(place))
  }

  private sentence(fault: Fault, shape: Shape): string {
    if ('message' in fault) return fault.message
    const goType = shape.form === 'string' ? shape.goType : fault.goType
    const field = [this.structs.at(-1)?.name, ...this.names].join('.')
    return `json: cannot unmarshal ${fault.found} into Go struct field ${field} of type ${goType}`
  }

  /** A value that readers of YAML disagree about matters where it fills a field. */
  private dispute({ path, text, kubectl, yaml12 }: Disputed): void {
    const inObject = path.slice(this.written.path.length)
    const shape = shapeAt(this.kind, inObject)
    if (shape === undefined || shape.form === 'any') return
    this.report(yaml11Value(text, kubectl, yaml12).at(placeOf(this.written, inObject)))
  }
}

/** What the value at a path has to be; absent where no field leads there. */
function shapeAt(kind: Struct, path: Path): Shape | undefined {
  let shape: Shape | undefined = kind
  for (const step of path) {
    if (shape?.form === 'struct') shape = shape.fields.get(String(step))
    else if (shape?.form === 'list' || shape?.form === 'map') shape = shape.element
    else return undefined
  }
  return shape
}

/** A path as the server's strict decoder writes it: `spec.ports[0].port`. */
function serverPath(path: Path): string {
  return path
    .map((step, index) =>
      typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`,
    )
    .join('')
}

function keyOf(path: Path): string {
  return JSON.stringify(path)
}
