import { type FleetState, keyFor, ledgerOfFleet } from '../ledger/fleet.ts'
import { type World, WorldError } from '../world/world.ts'
import { type DeleteFlags, entriesAsked, sayDeleted } from './delete.ts'
import { ExitCode } from './exit-code.ts'
import { commitToFleet, keysAround } from './fleet-change.ts'
import { withFleet } from './fleet-store.ts'
import { namedBy } from './wishes.ts'

/** Takes Services, their numbers and who answers for them out of a fleet's store. */
export async function deleteFromFleet(
  address: string,
  flags: DeleteFlags,
  world: World,
): Promise<ExitCode> {
  const asked = await entriesAsked(flags, world)
  if (asked === undefined) return ExitCode.No
  if (asked.some((name) => namedBy(name).kind === 'rules')) {
    throw new WorldError('a fleet has Services and no rules', { kind: 'input' })
  }
  return await withFleet(address, flags, world, async (store) => {
    if (flags.dryRun !== 'none') {
      return sayDeleted(asked, ledgerOfFleet(await store.read()), flags, world)
    }
    const came = await commitToFleet(store, world, async (state) => {
      return { put: new Map(), removed: keysOf(asked, state) }
    })
    if (came === undefined) return ExitCode.No
    return sayDeleted(asked, ledgerOfFleet(came.before), flags, world)
  })
}

function keysOf(asked: readonly string[], state: FleetState): readonly string[] {
  return asked.flatMap((service) => {
    const [namespace = '', name = ''] = service.split('/')
    const key = keyFor('Service', namespace, name)
    return state.records.has(key) ? [key, ...keysAround(state, service)] : []
  })
}
