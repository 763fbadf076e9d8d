import { isSimulated } from '../object/annotation.ts'
import { type LabelSelector, parseLabelSelector } from '../object/label-selector.ts'
import {
  badSelector,
  type GetOptions,
  printGet,
  type Request,
  rowsOf,
} from '../text/kubectl/get.ts'
import { listingOf, resources } from '../text/kubectl/listings.ts'
import { pluralOf } from '../text/kubectl/resource.ts'
import { type World, WorldError } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'
import { type KnownFlags, type KnownObjects, knownObjects } from './known-objects.ts'
import type { ChoiceFlags } from './options.ts'
import { type Asked, readResourceArguments } from './resource-arguments.ts'

export interface GetFlags extends KnownFlags, ChoiceFlags {
  readonly output: GetOptions['output']
  readonly headers: boolean
  readonly showLabels: boolean
  readonly labelColumns: readonly string[]
  readonly sortBy: string | undefined
  readonly ignoreNotFound: boolean
}

/** Shows objects as kubectl does, out of manifests or the ledger. */
export async function get(
  args: readonly string[],
  flags: GetFlags,
  world: World,
): Promise<ExitCode> {
  const asked = readResourceArguments(args, resources)
  if (asked.some(({ names }) => names !== undefined)) refuseBesideNames(flags)
  const selector = readSelector(flags.selector, asked)
  if (typeof selector === 'string') {
    world.say(selector)
    return ExitCode.No
  }

  const known = await knownObjects(flags, world)
  if (known === undefined) return ExitCode.No

  const requests = asked.map((it) => requestFor(it, known))
  await known.complainLate()
  const { namespace = 'default' } = flags
  const options = { ...flags, namespace, selector, now: world.now().getTime() }
  const { out, err, code } = printGet(requests, options)
  saySimulated(requests, options, world)
  world.print(out)
  world.say(err)
  if (out === '' && code === 0) sayElsewhere(requests, options, world)
  return code === 0 ? ExitCode.Done : ExitCode.No
}

function refuseBesideNames({ selector, allNamespaces }: GetFlags): void {
  if (selector !== undefined) {
    throw new WorldError('name cannot be provided when a selector is specified', { kind: 'input' })
  }
  if (allNamespaces) {
    const message = 'a resource cannot be retrieved by name across all namespaces'
    throw new WorldError(message, { kind: 'input' })
  }
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

function requestFor({ resource, names }: Asked, known: KnownObjects): Request {
  const listing = listingOf(resource, known)
  if (listing !== undefined) return { listing, names }
  throw new WorldError(`the ledger knows no ${pluralOf(resource)}`, {
    kind: 'input',
    help: 'name the manifests that have them with -f',
  })
}

/** Tables have a word for it in the column AGE; whatever else is printed has none. */
function saySimulated(requests: readonly Request[], options: GetOptions, world: World): void {
  for (const request of requests) {
    const { length } = rowsOf(request, options).filter(({ object }) => isSimulated(object))
    const { plural } = request.listing.names
    if (length > 0) world.say(simulatedWarning(plural, length))
  }
}

export function simulatedWarning(what: string, count: number): string {
  return `warning: simulated ${what}: ${count}; nobody runs the pods yet\n`
}

function sayElsewhere(requests: readonly Request[], options: GetOptions, world: World): void {
  if (options.allNamespaces || options.ignoreNotFound) return
  const everywhere = { ...options, allNamespaces: true }
  const count = requests.flatMap((request) => rowsOf(request, everywhere)).length
  if (count > 0) world.say(`help: there are ${count} in other namespaces, which -A shows\n`)
}
