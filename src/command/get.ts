import { isSimulated } from '../object/annotation.ts'
import { endpoints } from '../text/kubectl/endpoints.ts'
import { type GetOptions, printGet, type Request, rowsOf } from '../text/kubectl/get.ts'
import { listingOf, resources } from '../text/kubectl/listings.ts'
import { pluralOf } from '../text/kubectl/resource.ts'
import { type World, WorldError } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'
import type { KnownFlags, KnownObjects } from './known.ts'
import { knownObjects } from './known-objects.ts'
import type { ChoiceFlags } from './options.ts'
import {
  type Asked,
  readResourceArguments,
  readSelector,
  refuseChoice,
} from './resource-arguments.ts'
import { saySimulated } from './say-simulated.ts'

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
  refuseChoice(asked, flags)
  const selector = readSelector(flags.selector, asked)
  if (typeof selector === 'string') {
    world.say(selector)
    return ExitCode.No
  }

  const known = await knownObjects(flags, world)
  if (known === undefined) return ExitCode.No

  const requests = asked.map((it) => requestFor(it, known))
  if (asked.some(({ resource }) => resource === endpoints)) world.say(endpointsDeprecated)
  await known.complainLate()
  const { namespace = 'default' } = flags
  const options = { ...flags, namespace, selector, now: world.now().getTime() }
  const { out, err, code } = printGet(requests, options)
  saySimulatedIn(requests, options, world)
  world.print(out)
  world.say(err)
  if (out === '' && code === 0) sayElsewhere(requests, options, world)
  return code === 0 ? ExitCode.Done : ExitCode.No
}

/** What a server of Kubernetes 1.33 and later says to everybody who asks. */
const endpointsDeprecated =
  'Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice\n'

function requestFor({ resource, names }: Asked, known: KnownObjects): Request {
  const listing = listingOf(resource, known)
  if (listing !== undefined) return { listing, names }
  throw new WorldError(`the ledger knows no ${pluralOf(resource)}`, {
    kind: 'input',
    help: 'name the manifests that have them with -f',
  })
}

function saySimulatedIn(requests: readonly Request[], options: GetOptions, world: World): void {
  for (const request of requests) {
    const { length } = rowsOf(request, options).filter(({ object }) => isSimulated(object))
    saySimulated(request.listing.names.plural, length, world)
  }
}

function sayElsewhere(requests: readonly Request[], options: GetOptions, world: World): void {
  if (options.allNamespaces || options.ignoreNotFound) return
  const everywhere = { ...options, allNamespaces: true }
  const count = requests.flatMap((request) => rowsOf(request, everywhere)).length
  if (count > 0) world.say(`help: there are ${count} in other namespaces, which -A shows\n`)
}
