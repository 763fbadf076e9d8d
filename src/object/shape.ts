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
let strings: ReadonlySet<string> | undefined

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
  const name = type.slice(type.indexOf('.') + 1)
  const goType = type === 'UID' ? 'types.UID' : `v1.${name}`
  strings ??= new Set(definitionBehind('strings:')?.split(' '))
  if (strings.has(type)) return { form: 'string', goType }
  const other = definitionBehind(`\n${type} = `)
  if (other !== undefined) return { ...shapeNamed(other), goType }
  const definition = definitionBehind(`\n${type}:`)
  if (definition === undefined) throw new Error(`the schema has no type ${type}`)
  const fields = definition.split(' ').map((field): [string, Shape] => {
    const [key = '', of = 'string'] = field.split(':')
    return [key, shapeNamed(of)]
  })
  return { form: 'struct', goType, name, fields: new Map(fields) }
}

function isScalar(type: string): type is Scalar {
  return Object.hasOwn(scalars, type)
}

/** Looked for when it is needed, since most runs need few of them. */
function definitionBehind(head: string): string | undefined {
  const at = schema.indexOf(head)
  if (at < 0) return undefined
  const start = at + head.length
  let end = schema.indexOf('\n', start)
  while (schema.startsWith('\n  ', end)) end = schema.indexOf('\n', end + 1)
  return schema.slice(start, end).replaceAll('\n  ', ' ').trimStart()
}
