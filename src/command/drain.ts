import { parseIP, withPort } from '../address/ip.ts'
import { entriesAt, lastingDrains } from '../ledger/drains.ts'
import type { Drain, Entry, Ledger } from '../ledger/ledger.ts'
import { serversOf } from '../table/held.ts'
import { wishFor } from '../table/plan.ts'
import { type World, WorldError } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'
import type { LedgerStore } from './ledger.ts'
import { locked } from './locked.ts'
import { type DrainFlags, drainRules, type LedgerFlag, type LockFlags } from './options.ts'
import { type Settled, settle } from './settle.ts'

export interface UndrainFlags extends LedgerFlag, LockFlags, DrainFlags {
  /** `10.244.1.57:80`, an address alone, or the name of a pod or node. */
  readonly endpoint: string | undefined
}

export interface DrainVerbFlags extends UndrainFlags {
  readonly reason: string | undefined
  /** Milliseconds. */
  readonly for: number | undefined
  readonly finish: boolean
}

/** Keeps a real server out: no new connections, whatever is applied, until it is put back. */
export async function drain(flags: DrainVerbFlags, world: World): Promise<ExitCode> {
  const { endpoint, finish } = flags
  if ((endpoint === undefined) !== finish) {
    throw new WorldError('say which real server to drain, or --finish', { kind: 'input' })
  }
  return await locked(flags, world, async (store) => {
    if (endpoint === undefined) return await finishDraining({ flags, store, world })
    const keys = placesNamed(endpoint, store.ledger)
    const entry = drainFrom(flags, world.now())
    const drains = new Map(lastingDrains(store.ledger.drains, world.now()))
    for (const key of keys) drains.set(key, entry)
    return await keepOut(drains, keys, 'drained', { flags, store, world })
  })
}

/** Lets a real server that was kept out take part again. */
export async function undrain(flags: UndrainFlags, world: World): Promise<ExitCode> {
  const { endpoint = '' } = flags
  return await locked(flags, world, async (store) => {
    const drains = new Map(store.ledger.drains)
    const named = drains.has(endpoint) ? [endpoint] : placesNamed(endpoint, store.ledger)
    const keys = named.filter((key) => drains.delete(key))
    if (keys.length > 0) return await keepOut(drains, keys, 'undrained', { flags, store, world })
    world.say(`error: ${endpoint} is not drained\n`)
    return ExitCode.No
  })
}

interface Setting {
  readonly flags: DrainFlags
  readonly store: LedgerStore
  readonly world: World
}

async function keepOut(
  drains: Ledger['drains'],
  keys: readonly string[],
  outcome: string,
  setting: Setting,
): Promise<ExitCode> {
  const { store, world } = setting
  const { code } = await resettle(entriesAt(store.aim, new Set(keys)), drains, setting)
  if (code === ExitCode.Done) for (const key of keys) world.print(`${key} ${outcome}\n`)
  return code
}

/** Takes away those that have no connections left, or whose time is over. */
async function finishDraining(setting: Setting): Promise<ExitCode> {
  const { store, world } = setting
  const waiting = [...store.aim.entries.values()].filter(({ draining }) => draining !== undefined)
  const before = waiting.reduce((sum, { draining = [] }) => sum + draining.length, 0)
  const { code, plan } = await resettle(waiting, undefined, setting)
  const left = plan.draining.length
  if (code === ExitCode.Done) world.print(`${before - left} taken away, ${left} still draining\n`)
  return code
}

/** Nothing is touched but what these entries hold. */
function resettle(
  entries: readonly Entry[],
  drains: Ledger['drains'] | undefined,
  { flags, store, world }: Setting,
): Promise<Settled> {
  const drain = drainRules(flags, world.now())
  const aim = { wishes: entries.map(wishFor), removed: [], drain, drains, adopt: false }
  return settle(aim, store, world)
}

function drainFrom({ reason, for: time }: DrainVerbFlags, now: Date): Drain {
  return {
    since: now.toISOString(),
    ...(reason === undefined ? {} : { reason }),
    ...(time === undefined ? {} : { until: new Date(now.getTime() + time).toISOString() }),
  }
}

/** The real servers of ours that a person means: by `ip:port`, `ip` for all of its ports, or name. */
function placesNamed(endpoint: string, { entries }: Ledger): readonly string[] {
  const ip = parseIP(endpoint.replace(/^\[|\]$/g, ''))
  const found = new Set<string>()
  for (const entry of entries.values()) {
    for (const { realServers } of serversOf(entry)) {
      for (const { address, port, name } of realServers) {
        const place = withPort(address, port)
        if (address === ip) return [address]
        if (place === endpoint || name === endpoint) found.add(place)
      }
    }
  }
  if (found.size > 0) return [...found]
  throw new WorldError(`no real server of ours is "${endpoint}"`, {
    kind: 'input',
    help: '`nodeport list -o wide` names them',
  })
}
