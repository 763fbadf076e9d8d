import { type Complaint, complaint, type Say } from '../diagnostic/complaint.ts'
import type { Diagnostic } from '../diagnostic/diagnostic.ts'
import { didYouMean } from '../diagnostic/suggest.ts'
import type { Path } from '../manifest/document.ts'
import type { Part } from '../manifest/place.ts'
import { json, quote } from './go-text.ts'
import { type Origin, placeOf } from './written.ts'

/** One rule of the API server that an object breaks, in the server's words. */
export interface ApiError {
  readonly type: ApiErrorType
  /** The field as the server names it: `spec.ports[0].port`. */
  readonly field: string
  /** The value as the server prints it; absent where it prints none. */
  readonly value: string | undefined
  readonly detail: string
  /** The way to the fault in the object, which can be nearer than the field. */
  readonly path: Path
  readonly part: Part
  /** Where the value that is given again was given first. */
  readonly first: Path | undefined
  readonly help: string | undefined
}

/** What nearly every rule has to say of nearly every object. */
export const noErrors: readonly ApiError[] = []

export type ApiErrorType = keyof typeof kinds

const kinds = {
  'Required value': kind('required-value', 'a field that Kubernetes needs must be there'),
  'Invalid value': kind('invalid-value', 'a value must be one that its field can have'),
  'Duplicate value': kind('duplicate-value', 'what must be unique stands once'),
  'Unsupported value': kind('unsupported-value', 'a value must be one of those its field knows'),
  Forbidden: kind('forbidden-value', 'a field must fit the rest of its object'),
  'Too long': kind('too-long', 'a value must not be longer than its limit'),
  'Too many': kind('too-many', 'a list must not be longer than its limit'),
}

export const apiErrorKinds: readonly Complaint[] = Object.values(kinds)

function kind(code: string, summary: string): Say<[ApiError]> {
  return complaint(code, 'error', summary, (error: ApiError) => ({
    message: textOf(error),
    label: error.first === undefined ? undefined : 'given again here',
    help: error.help,
  }))
}

/** A field, and what the server calls it where that is not its path. */
export interface Field {
  readonly path: Path
  readonly name?: string
  readonly part?: Part
}

/** The field at a path, which is also its name: `spec.ports[0]`. */
export function field(...path: Path): Field {
  return { path }
}

/** An entry of a map, whose key the server puts into brackets. */
export function entry(map: Field, key: string): Field {
  return { name: `${printField(map)}[${key}]`, path: [...map.path, key] }
}

/** What the server calls a field: `spec.ports[0].port`. */
export function printField({ name, path }: Field): string {
  if (name !== undefined) return name
  let printed = ''
  for (const step of path) {
    if (typeof step === 'number') printed += `[${step}]`
    else printed += printed === '' ? step : `.${step}`
  }
  return printed
}

export function required(at: Field, detail = '', help?: string): ApiError {
  return error('Required value', at, undefined, detail, help)
}

/** `value` is as the server prints it: `quote(text)`, `json(value)`, or a number. */
export function invalid(at: Field, value: string, detail: string, help?: string): ApiError {
  return error('Invalid value', at, value, detail, help)
}

export function duplicate(at: Field, value: string, first: Path, help?: string): ApiError {
  return { ...error('Duplicate value', at, value, '', help), first }
}

export function unsupported(at: Field, value: string, supported: readonly string[]): ApiError {
  const detail = `supported values: ${supported.map(quote).join(', ')}`
  return error('Unsupported value', at, json(value), detail, didYouMean(value, supported))
}

export function forbidden(at: Field, detail: string, help?: string): ApiError {
  return error('Forbidden', at, undefined, detail, help)
}

export function tooLong(at: Field, most: number): ApiError {
  return error('Too long', at, undefined, `may not be more than ${most} bytes`)
}

export function tooMany(at: Field, actual: number, most: number): ApiError {
  return error('Too many', at, String(actual), `must have at most ${most} items`)
}

function error(
  type: ApiErrorType,
  at: Field,
  value: string | undefined,
  detail: string,
  help?: string,
): ApiError {
  const { path, part = 'value' } = at
  return { type, field: printField(at), value, detail, path, part, first: undefined, help }
}

/** The server's text for one error: `spec.ports[0].port: Invalid value: 0: must be between …`. */
export function textOf({ field, type, value, detail }: ApiError): string {
  return [field, type, value, detail].filter((part) => part !== undefined && part !== '').join(': ')
}

/** The server never says one text twice. */
export function distinct(errors: readonly ApiError[]): readonly ApiError[] {
  if (errors.length < 2) return errors
  const said = new Map<string, ApiError>()
  for (const error of errors) {
    const text = textOf(error)
    if (!said.has(text)) said.set(text, error)
  }
  return [...said.values()]
}

/** An error with its places: where it is, and where its twin is. */
export function diagnosticOf(error: ApiError, origin: Origin): Diagnostic {
  const said = kinds[error.type](error)
  const at = placeOf(origin, error.path, error.part)
  if (error.first === undefined) return said.at(at)
  return said.at(at, { at: placeOf(origin, error.first), label: 'first given here' })
}

/** What the server answers where an object breaks rules: `Service "x" is invalid: [..., ...]`. */
export function sentenceOf(kind: string, name: string, errors: readonly ApiError[]): string {
  const texts = distinct(errors).map(textOf)
  const all = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`
  return `${kind} ${quote(name)} is invalid: ${all}`
}

/** How kubectl shows that answer where no other object of the run was refused. */
export function kubectlAlone(kind: string, name: string, errors: readonly ApiError[]): string {
  const head = `The ${kind.replace(/\..*/, '')} ${quote(name)} is invalid: `
  const texts = distinct(errors).map(textOf)
  if (texts.length === 1) return `${head}${texts[0]}`
  return [head, ...texts.map((text) => `* ${text}`)].join('\n')
}

/** How kubectl shows that answer where several objects of the run were refused. */
export function kubectlAmongOthers(
  file: string,
  kind: string,
  name: string,
  errors: readonly ApiError[],
): string {
  const sentence = sentenceOf(kind, name, errors)
  return `Error from server (Invalid): error when creating ${quote(file)}: ${sentence}`
}
