import { didYouMean } from '../diagnostic/suggest.ts'
import { quote } from '../object/go-text.ts'
import { type LabelSelector, parseLabelSelector } from '../object/label-selector.ts'
import { badSelector } from '../text/kubectl/get.ts'
import { pluralOf, type ResourceNames } from '../text/kubectl/resource.ts'
import { WorldError } from '../world/world.ts'
import type { ChoiceFlags } from './options.ts'

/** Objects of one type: those that are named, or all. */
export interface Asked {
  readonly resource: ResourceNames
  readonly names: readonly string[] | undefined
}

/**
 * Reads `TYPE[,TYPE] [NAME…]` or `TYPE/NAME…` as kubectl does. Types that follow each other and are
 * the same are asked for at once.
 */
export function readResourceArguments(
  args: readonly string[],
  known: readonly ResourceNames[],
): readonly Asked[] {
  const [types, ...names] = args
  if (types === undefined) {
    throw wrong('Required resource not specified.', `name one of ${typesOf(known)}`)
  }
  const combined = args.filter((arg) => arg.includes('/'))
  if (combined.length === 0) {
    return types.split(',').map((type) => ({
      resource: resourceNamed(type, known),
      names: names.length > 0 ? names : undefined,
    }))
  }
  if (combined.length < args.length) {
    throw wrong(
      'there is no need to specify a resource type as a separate argument when passing arguments in resource/name form',
      `write ${combined[0]} alone, or the type and the names apart`,
    )
  }
  return together(args.map((arg) => readCombined(arg, known)))
}

/** Who is named needs not be looked for. */
export function refuseChoice(
  asked: readonly Asked[],
  { selector, allNamespaces }: ChoiceFlags,
): void {
  if (asked.every(({ names }) => names === undefined)) return
  if (selector !== undefined) throw wrong('name cannot be provided when a selector is specified')
  if (allNamespaces) throw wrong('a resource cannot be retrieved by name across all namespaces')
}

/** A selector, or what kubectl says to one that cannot be read. */
export function readSelector(
  text: string | undefined,
  asked: readonly Asked[],
): LabelSelector | string | undefined {
  if (text === undefined) return undefined
  const selector = parseLabelSelector(text)
  const [first] = asked
  if (typeof selector !== 'string' || first === undefined) return selector
  return badSelector(first.resource, text, selector)
}

interface One {
  readonly resource: ResourceNames
  readonly name: string
}

function readCombined(arg: string, known: readonly ResourceNames[]): One {
  const [type = '', name = '', ...more] = arg.split('/')
  if (more.length > 0) {
    throw wrong('arguments in resource/name form may not have more than one slash')
  }
  if (type === '' || name === '' || type.includes(',')) {
    throw wrong('arguments in resource/name form must have a single resource and name')
  }
  return { resource: resourceNamed(type, known), name }
}

function together(ones: readonly One[]): readonly Asked[] {
  const asked: { resource: ResourceNames; names: string[] }[] = []
  for (const { resource, name } of ones) {
    const last = asked.at(-1)
    if (last?.resource === resource) last.names.push(name)
    else asked.push({ resource, names: [name] })
  }
  return asked
}

/** By any of its names, in capitals or not, with the group behind it or not. */
function resourceNamed(type: string, known: readonly ResourceNames[]): ResourceNames {
  const wanted = type.toLowerCase()
  const found = known.find((resource) => namesOf(resource).includes(wanted))
  if (found !== undefined) return found
  const meant = didYouMean(wanted, known.flatMap(namesOf))
  throw wrong(
    `nodeport knows no resource type ${quote(type)}`,
    meant ?? `there are ${typesOf(known)}`,
  )
}

function namesOf(resource: ResourceNames): readonly string[] {
  const { plural, singular, shortNames, group } = resource
  const qualified = group === '' ? [] : [pluralOf(resource), `${singular}.${group}`]
  return [plural, singular, ...shortNames, ...qualified]
}

function typesOf(known: readonly ResourceNames[]): string {
  return known.map(({ plural }) => plural).join(', ')
}

function wrong(message: string, help?: string): WorldError {
  return new WorldError(message, { kind: 'input', help })
}
