import type { FleetState } from '../ledger/fleet.ts'
import { type Outcome, printOutcome } from '../text/kubectl/apply.ts'
import { type World, WorldError } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'
import {
  commitToFleet,
  type FleetWish,
  type FleetWishFlags,
  fleetWish,
  namedByKey,
} from './fleet-change.ts'
import { type FleetStore, withFleet } from './fleet-store.ts'
import { type ApplyFlags, writeNumbers } from './prepared.ts'

/** Makes a fleet's store say what the manifests say; kernels are the agents' to keep. */
export async function applyToFleet(
  address: string,
  flags: ApplyFlags,
  world: World,
): Promise<ExitCode> {
  refuseKernel(flags)
  return await withFleet(address, flags, world, (store) => writeWishes(store, flags, world))
}

export type FleetApplyFlags = FleetWishFlags &
  Pick<ApplyFlags, 'allowEmpty' | 'dryRun' | 'output' | 'write'>

/** The same, for whoever has the store at hand. */
export async function writeWishes(
  store: FleetStore,
  flags: FleetApplyFlags,
  world: World,
): Promise<ExitCode> {
  const make = async (state: FleetState, isAgain: boolean) => {
    const wish = await fleetWish(flags, state, world, { isAgain })
    if (wish !== undefined) refuseEmpty(wish, flags)
    return wish
  }
  const isDry = flags.dryRun !== 'none'
  const state = isDry ? await store.read() : undefined
  const came =
    state === undefined
      ? await commitToFleet(store, world, make)
      : wrapped(state, await make(state, false))
  if (came === undefined) return ExitCode.No
  await say(came.before, came.change, flags, world)
  if (flags.write && !isDry) await writeNumbers(came.change, world)
  return ExitCode.Done
}

function wrapped(before: FleetState, change: FleetWish | undefined) {
  return change && { before, change }
}

/** What asks about one kernel has no answer here. */
function refuseKernel(flags: ApplyFlags): void {
  const { rules, confirmWithin, printHostSetup, printBackendSetup, adopt, output } = flags
  const asked = {
    '--rules': rules !== undefined,
    '--confirm-within': confirmWithin !== undefined,
    '--print-host-setup': printHostSetup === true,
    '--print-backend-setup': printBackendSetup === true,
    '--adopt': adopt,
    [`-o ${output}`]: ['ipvsadm', 'wide', 'rules'].includes(output),
  }
  for (const [name, isAsked] of Object.entries(asked)) {
    if (!isAsked) continue
    throw new WorldError(`${name} is about one kernel, and a fleet has many`, {
      kind: 'input',
      help: 'say it without etcd://, or to the agents',
    })
  }
}

function refuseEmpty({ cluster }: FleetWish, { allowEmpty }: FleetApplyFlags): void {
  if (allowEmpty || cluster.objects > 0) return
  throw new WorldError('no objects passed to apply', {
    kind: 'input',
    help: 'give a manifest with an object in it, or say --allow-empty',
  })
}

/** What became of each object, or what `-o` asks for instead. */
async function say(
  before: FleetState,
  { wanted, granteds, removed, put }: FleetWish,
  { output, dryRun }: FleetApplyFlags,
  world: World,
): Promise<void> {
  if (output === 'json' || output === 'yaml') {
    const { printServices } = await import('../text/kubectl/print-services.ts')
    world.print(printServices(granteds, output))
    return
  }
  const outcomes = [
    ...[...wanted.keys()].map((key): [string, Outcome] => [key, outcomeOf(key, before, put)]),
    ...removed.map((key): [string, Outcome] => [key, 'pruned']),
  ]
  const lines = outcomes.map(([key, outcome]) => {
    const { full, name } = namedByKey(key)
    if (output === 'name') return `${full}/${name}\n`
    return printOutcome({ kind: full, name }, outcome, dryRun)
  })
  world.print(lines.join(''))
}

function outcomeOf(
  key: string,
  { records }: FleetState,
  put: FleetWish['put'],
): Exclude<Outcome, 'pruned'> {
  if (!records.has(key)) return 'created'
  return put.has(key) ? 'configured' : 'unchanged'
}
