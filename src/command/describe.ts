import { isSimulated } from '../object/annotation.ts'
import { type LabelSelector, matchesLabels } from '../object/label-selector.ts'
import { nameOf } from '../object/metadata.ts'
import type { Service } from '../object/service.ts'
import { answerOf } from '../roster/roster.ts'
import {
  type DescribedService,
  describeMatchingServices,
  describeServices,
} from '../text/kubectl/describe.ts'
import { notFound } from '../text/kubectl/get.ts'
import { services } from '../text/kubectl/services.ts'
import type { World } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'
import type { KnownFlags, KnownObjects } from './known.ts'
import { knownObjects } from './known-objects.ts'
import type { ChoiceFlags } from './options.ts'
import { readResourceArguments, readSelector, refuseChoice } from './resource-arguments.ts'
import { saySimulated } from './say-simulated.ts'

export interface DescribeFlags extends KnownFlags, ChoiceFlags {
  /** Absent where nobody said it. */
  readonly showEvents: boolean | undefined
}

/** Shows Services as `kubectl describe` does, out of manifests or the ledger. */
export async function describe(
  args: readonly string[],
  flags: DescribeFlags,
  world: World,
): Promise<ExitCode> {
  const asked = readResourceArguments(args, [services])
  refuseChoice(asked, flags)
  const names = asked.every((it) => it.names === undefined)
    ? undefined
    : asked.flatMap((it) => it.names ?? [])
  const selector = readSelector(flags.selector, asked)
  if (typeof selector === 'string') {
    world.say(selector)
    return ExitCode.No
  }

  const known = await knownObjects(flags, world)
  if (known === undefined) return ExitCode.No

  const here = servicesHere(known, flags, selector)
  if (names === undefined) return describeAll(here, known, flags, world)
  const found = names.flatMap((name) => here.find((service) => service.name === name) ?? [])
  if (found.length === 0 && args.length === 2)
    return describePrefix(names, here, known, flags, world)
  const described = await describedAs(found, known, world)
  world.print(describeServices(described, flags.showEvents))
  const missing = names.filter((name) => !found.some((service) => service.name === name))
  for (const name of missing) world.say(`${notFound(services, name)}\n`)
  return missing.length === 0 ? ExitCode.Done : ExitCode.No
}

function servicesHere(
  { services }: KnownObjects,
  { namespace = 'default', allNamespaces }: DescribeFlags,
  selector: LabelSelector | undefined,
): readonly Service[] {
  return services
    .filter((service) => allNamespaces || service.namespace === namespace)
    .filter(({ labels }) => selector === undefined || matchesLabels(selector, labels))
    .map((service) => ({ service, key: nameOf(service) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ service }) => service)
}

async function describeAll(
  here: readonly Service[],
  known: KnownObjects,
  { allNamespaces, namespace = 'default', showEvents }: DescribeFlags,
  world: World,
): Promise<ExitCode> {
  const described = await describedAs(here, known, world)
  world.print(describeServices(described, showEvents))
  if (here.length === 0) {
    const where = allNamespaces ? '' : ` in ${namespace} namespace.`
    world.say(`No resources found${where}\n`)
  }
  return ExitCode.Done
}

/** Where there is no Service of a name, all are meant whose names begin with it. */
async function describePrefix(
  [prefix = '']: readonly string[],
  here: readonly Service[],
  known: KnownObjects,
  { showEvents }: DescribeFlags,
  world: World,
): Promise<ExitCode> {
  const found = here.filter(({ name }) => name.startsWith(prefix))
  const described = await describedAs(found, known, world)
  world.print(describeMatchingServices(described, showEvents))
  if (found.length > 0) return ExitCode.Done
  world.say(`${notFound(services, prefix)}\n`)
  return ExitCode.No
}

/** With who answers for them, as far as anybody knows. */
async function describedAs(
  found: readonly Service[],
  { roster, complainLate }: KnownObjects,
  world: World,
): Promise<readonly DescribedService[]> {
  const described = found.map((service) => ({ service, slices: answerOf(roster, service).slices }))
  await complainLate()
  const slices = described.flatMap((it) => it.slices).filter(isSimulated)
  const count = slices.reduce((sum, { endpoints }) => sum + endpoints.length, 0)
  saySimulated('endpoints', count, world)
  return described
}
