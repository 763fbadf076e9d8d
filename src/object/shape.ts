import { schema } from './schema.ts'

/** What a value must be, and what Go calls it. */
export type Shape =
  | { readonly form: Scalar; readonly goType: string }
  | Struct
  | { readonly form: 'list' | 'map'; readonly goType: string; readonly element: Shape }

export interface Struct {
  readonly form: 'struct'
  readonly goType: string
  /** As errors of Go's JSON decoder have it: without its package. */
  readonly name: string
  readonly fields: ReadonlyMap<string, Shape>
}

/** `IntOrString`, `Quantity` and `Time` decode themselves, each in its own way. */
const scalars = {
  string: 'string',
  bool: 'bool',
  int32: 'int32',
  int64: 'int64',
  any: 'interface {}',
  IntOrString: 'intstr.IntOrString',
  Quantity: 'resource.Quantity',
  Time: 'v1.Time',
} as const
type Scalar = keyof typeof scalars

/** The shape of a kind. It is worked out when it is first asked for. */
export function shapeOf(kind: string): Struct {
  const shape = shapeNamed(kind)
  if (shape.form !== 'struct') throw new Error(`the schema has no kind ${kind}`)
  return shape
}

const shapes = new Map<string, Shape>()
let lines: Map<string, string> | undefined

/** The shape that a type of the schema stands for. */
function shapeNamed(type: string): Shape {
  const known = shapes.get(type)
  if (known !== undefined) return known
  const shape = compile(type)
  shapes.set(type, shape)
  return shape
}

function compile(type: string): Shape {
  if (isScalar(type)) return { form: type, goType: scalars[type] }
  if (type.startsWith('[]')) {
    const element = shapeNamed(type.slice(2))
    return { form: 'list', goType: `[]${element.goType}`, element }
  }
  if (type.startsWith('{')) {
    const end = type.indexOf('}')
    const key = shapeNamed(type.slice(1, end) || 'string')
    const element = shapeNamed(type.slice(end + 1))
    return { form: 'map', goType: `map[${key.goType}]${element.goType}`, element }
  }
  return compileNamed(type)
}

function compileNamed(type: string): Shape {
  lines ??= linesOf(schema)
  const line = lines.get(type)
  if (line === undefined) throw new Error(`the schema has no type ${type}`)
  const name = type.slice(type.indexOf('.') + 1)
  const goType = type === 'UID' ? 'types.UID' : `v1.${name}`
  if (line.startsWith('=')) return { ...shapeNamed(line.slice(2)), goType }
  if (line === 'string') return { form: 'string', goType }
  const fields = line.split(' ').map((field): [string, Shape] => {
    const [key = '', of = 'string'] = field.split(':')
    return [key, shapeNamed(of)]
  })
  return { form: 'struct', goType, name, fields: new Map(fields) }
}

function isScalar(type: string): type is Scalar {
  return Object.hasOwn(scalars, type)
}

/** The definition of each type, by its name. */
function linesOf(text: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const line of text.replaceAll('\n  ', ' ').trimEnd().split('\n')) {
    const space = line.indexOf(' ')
    const [head, rest] = [line.slice(0, space), line.slice(space + 1)]
    if (head === 'strings:') for (const name of rest.split(' ')) found.set(name, 'string')
    else found.set(head.replace(':', ''), rest)
  }
  return found
}
