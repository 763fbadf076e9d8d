import type { IP } from '../address/ip.ts'
import type { HeldTerrain, Ledger } from '../ledger/ledger.ts'
import { sameValue } from '../ledger/same-value.ts'
import { printCommands } from '../terrain/commands.ts'
import {
  addressesToTake,
  heldAfter,
  type LeftInterface,
  type LiveTerrain,
  type Step,
  type Steps,
  stepsFor,
} from '../terrain/steps.ts'
import {
  realServersIn,
  type Surroundings,
  serviceAddressesIn,
  sysctlsFor,
  type Terrain,
  terrainFor,
  withFound,
} from '../terrain/terrain.ts'
import type { Ground } from '../world/ground.ts'
import { type World, WorldError } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'

/**
 * What is to become of the host's part: it follows the ledger, is left as it is, or goes; or we are
 * told something new of the host.
 */
export type HostWish = 'follow' | 'leave' | 'remove' | Omit<HeldTerrain, 'sysctls'>

/** The host's part, ready to be brought about around the changes of a table. */
export interface HostPart {
  readonly steps: Steps
  /** What the ledger holds of it meanwhile, and when all is done; nothing where it is not ours. */
  readonly during: HeldTerrain | undefined
  readonly after: HeldTerrain | undefined
  /** There is nothing to do, and nothing to write down. */
  readonly isSettled: boolean
  /**
   * Makes room for changes, has them made, and clears away what nobody needs any more; or takes all
   * of that back where they were not made.
   */
  readonly around: (makeChanges: () => Promise<ExitCode>) => Promise<ExitCode>
  /** The same for whom the table goes first: what the host refuses stops nothing, and is answered. */
  readonly beside: (makeChanges: () => Promise<ExitCode>) => Promise<Beside>
  readonly close: () => void
}

export interface Beside {
  readonly code: ExitCode
  readonly refusals: readonly WorldError[]
  /** What the ledger holds of the host's part then. */
  readonly held: HeldTerrain | undefined
}

/** The host's part left as it is. */
export function untouchedHost(held: HeldTerrain | undefined): HostPart {
  return {
    steps: { first: [], last: [] },
    during: held,
    after: held,
    isSettled: true,
    around: (makeChanges) => makeChanges(),
    beside: async (makeChanges) => ({ code: await makeChanges(), refusals: [], held }),
    close: () => {},
  }
}

/** Finds out what is to be done for the ledger as it is to be. */
export async function hostPartFor(
  wish: HostWish,
  before: Ledger,
  next: Ledger,
  world: Pick<World, 'openGround' | 'say'>,
): Promise<HostPart> {
  const old = before.terrain
  const told = heldFor(wish, old)
  if (told === undefined || wish === 'leave') return untouchedHost(old)
  const ground = await world.openGround()
  try {
    const ours = new Set([...serviceAddressesIn(before), ...serviceAddressesIn(next)])
    const held = { ...told, ...(await foundOn(told, old, next, ground)) }
    const site: Site = { ground, held: [held, ...(old === undefined ? [] : [old])], ours }
    const steps = await stepsTo(wish === 'remove' ? undefined : next, held, site)
    const after = wish === 'remove' ? undefined : heldAfter(held, steps)
    const isIdle = steps.first.length + steps.last.length === 0
    const takeBack = async () => {
      const { first, last } = await stepsTo(
        old === undefined ? undefined : before,
        heldAfter(held, steps),
        site,
      )
      await ground.perform([...first, ...last])
    }
    return {
      steps,
      during: heldAfter(held, { ...steps, last: [] }),
      after,
      isSettled: isIdle && sameValue(after, old),
      around: async (makeChanges) => {
        if (isOldFashioned(steps)) {
          world.say('note: this kernel has no nftables for us: the rules are made with iptables\n')
        }
        const prepared = await tried(() => ground.perform(steps.first), world)
        const code = prepared ? await makeChanges() : ExitCode.Refused
        if (code === ExitCode.Done) return await clearAway(steps, ground, world)
        await tried(takeBack, world)
        return code
      },
      beside: async (makeChanges) => {
        const first = await performEach(steps.first, ground)
        const code = await makeChanges()
        if (code !== ExitCode.Done) {
          const refusal = await refusalOf(takeBack)
          return { code, refusals: refusal === undefined ? [] : [refusal], held: old }
        }
        const last = await performEach(steps.last, ground)
        return {
          code,
          refusals: [...first.refusals, ...last.refusals],
          held: after && heldAfter(held, { first: first.done, last: last.done }),
        }
      },
      close: ground.close,
    }
  } catch (error) {
    ground.close()
    throw error
  }
}

/** The host's part from nothing but its interfaces, as commands that a person could type. */
export async function printHostSetup(
  wish: Omit<HeldTerrain, 'sysctls'>,
  next: Ledger,
  world: World,
): Promise<string> {
  const held: HeldTerrain = { ...wish, sysctls: {} }
  const ground = await world.openGround()
  try {
    const around = await ground.around([held.interface], realServersIn(next))
    const wanted = terrainFor(next, held, around)
    const live = { ...nothingYet(wanted), hasInterface: await ground.hasInterface(held.interface) }
    const { first } = stepsFor({
      ...{ wanted, live, held, segments: around.segments },
      ...{ ours: new Set(), left: undefined },
    })
    return printCommands(first)
  } finally {
    ground.close()
  }
}

function nothingYet(wanted: Terrain | undefined): LiveTerrain {
  return {
    hasInterface: false,
    leadsNowhere: false,
    addresses: new Set(),
    sysctls: new Map([...(wanted?.sysctls.keys() ?? [])].map((name) => [name, ''])),
    rules: { by: 'nftables', sets: undefined, isIntact: false },
  }
}

interface Site {
  readonly ground: Ground
  /** What is held of our interface: of two, where it is to have another name. */
  readonly held: readonly HeldTerrain[]
  /** Addresses that we may have put there. */
  readonly ours: ReadonlySet<IP>
}

/** What is on an interface that becomes ours now, and was there before us. */
async function foundOn(
  told: HeldTerrain,
  old: HeldTerrain | undefined,
  next: Ledger,
  ground: Ground,
): Promise<Pick<HeldTerrain, 'found'>> {
  if (old?.interface === told.interface) return old.found === undefined ? {} : { found: old.found }
  const { hasInterface, leadsNowhere, addresses } = await ground.look(told.interface, [])
  if (!hasInterface) return {}
  // On a dummy the addresses of Services were put for us, by hand or by us when we had another ledger.
  const wanted = leadsNowhere ? serviceAddressesIn(next) : new Set<IP>()
  return { found: [...addresses].filter((ip) => !wanted.has(ip)).sort() }
}

function heldFor(wish: HostWish, old: HeldTerrain | undefined): HeldTerrain | undefined {
  if (typeof wish === 'string') return old
  return { ...wish, sysctls: old?.sysctls ?? {} }
}

async function stepsTo(
  next: Ledger | undefined,
  held: HeldTerrain,
  { ground, held: all, ours }: Site,
): Promise<Steps> {
  const names = [...new Set(all.map((one) => one.interface))]
  const realServers = next === undefined ? [] : realServersIn(next)
  const around: Surroundings = withFound(await ground.around(names, realServers), held)
  const wanted = next && terrainFor(next, held, around)
  const sysctls = [...sysctlsFor(new Set(['IPv4', 'IPv6']), around).keys()]
  const live = await ground.look(held.interface, [...sysctls, ...Object.keys(held.sysctls)])
  const other = all.find((one) => one.interface !== held.interface)
  const left = other === undefined ? undefined : await leftOn(other, ours, ground)
  return stepsFor({ wanted, live, held, segments: around.segments, ours, left })
}

async function leftOn(
  other: HeldTerrain,
  ours: ReadonlySet<IP>,
  ground: Ground,
): Promise<LeftInterface | undefined> {
  const { hasInterface, addresses } = await ground.look(other.interface, [])
  if (!hasInterface) return undefined
  const isMade = other.found === undefined
  return {
    name: other.interface,
    addresses: isMade ? undefined : addressesToTake(addresses, ours, other),
  }
}

function isOldFashioned({ first }: Steps): boolean {
  return first.some((step) => step.kind === 'rules' && step.by !== 'nftables')
}

/** What is in nobody's way any more goes last; where it does not go, the next run tries again. */
async function clearAway(
  { last }: Steps,
  ground: Ground,
  world: Pick<World, 'say'>,
): Promise<ExitCode> {
  if (await tried(() => ground.perform(last), world)) return ExitCode.Done
  world.say(`what is left to do:\n${printCommands(last)}`)
  return ExitCode.Partly
}

/** A step that is refused is no reason for the others to wait. */
async function performEach(
  steps: readonly Step[],
  ground: Ground,
): Promise<{ readonly done: readonly Step[]; readonly refusals: readonly WorldError[] }> {
  const done: Step[] = []
  const refusals: WorldError[] = []
  for (const step of steps) {
    const refusal = await refusalOf(() => ground.perform([step]))
    if (refusal === undefined) done.push(step)
    else refusals.push(refusal)
  }
  return { done, refusals }
}

async function tried(perform: () => Promise<void>, world: Pick<World, 'say'>): Promise<boolean> {
  const refusal = await refusalOf(perform)
  if (refusal !== undefined) sayRefusal(refusal, world)
  return refusal === undefined
}

async function refusalOf(perform: () => Promise<void>): Promise<WorldError | undefined> {
  try {
    await perform()
    return undefined
  } catch (error) {
    if (error instanceof WorldError) return error
    throw error
  }
}

export function sayRefusal({ message, help }: WorldError, world: Pick<World, 'say'>): void {
  world.say(`error: ${message}\n`)
  if (help !== undefined) world.say(`help: ${help}\n`)
}
