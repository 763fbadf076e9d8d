import { parseIP, withPort } from '../address/ip.ts'
import type { Drain, Ledger } from '../ledger/ledger.ts'
import { serversOf } from '../table/held.ts'
import { type World, WorldError } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'
import type { LedgerStore } from './ledger.ts'
import { type DrainFlags, drainRules, type LedgerFlag, type LockFlags } from './options.ts'
import { locked, settle } from './settle.ts'
import { wishesFromLedger } from './wishes.ts'

export interface DrainVerbFlags extends LedgerFlag, LockFlags, DrainFlags {
  /** `10.244.1.57:80`, an address alone, or the name of a pod or node. */
  readonly endpoint: string | undefined
  readonly reason: string | undefined
  /** Milliseconds. */
  readonly for: number | undefined
  readonly finish: boolean
}

/** Keeps a real server out: no new connections, whatever is applied, until it is put back. */
export async function drain(flags: DrainVerbFlags, world: World): Promise<ExitCode> {
  const { endpoint } = flags
  if (endpoint === undefined && !flags.finish) {
    throw new WorldError('say which real server to drain, or --finish', { kind: 'input' })
  }
  return await locked(flags, world, async (store) => {
    const now = world.now()
    const until = flags.for === undefined ? undefined : new Date(now.getTime() + flags.for)
    const entry: Drain = {
      since: now.toISOString(),
      ...(flags.reason === undefined ? {} : { reason: flags.reason }),
      ...(until === undefined ? {} : { until: until.toISOString() }),
    }
    const keys = endpoint === undefined ? [] : endpointsNamed(endpoint, store.ledger)
    const drains = new Map(lasting(store.ledger, now))
    for (const key of keys) drains.set(key, entry)
    return await withDrains(flags, drains, { store, world }, () => {
      for (const key of keys) world.print(`${key} drained\n`)
    })
  })
}

/** Lets a real server that was kept out take part again. */
export async function undrain(flags: DrainVerbFlags, world: World): Promise<ExitCode> {
  const { endpoint = '' } = flags
  return await locked(flags, world, async (store) => {
    const named = endpointsNamed(endpoint, store.ledger)
    const drains = new Map(store.ledger.drains)
    const known = [endpoint, ...named].filter((key) => drains.delete(key))
    if (known.length === 0) {
      world.say(`error: ${endpoint} is not drained\n`)
      return ExitCode.No
    }
    return await withDrains(flags, drains, { store, world }, () => {
      for (const key of known) world.print(`${key} undrained\n`)
    })
  })
}

interface Setting {
  readonly store: LedgerStore
  readonly world: World
}

async function withDrains(
  flags: DrainFlags,
  drains: ReadonlyMap<string, Drain>,
  { store, world }: Setting,
  say: () => void,
): Promise<ExitCode> {
  const wishes = wishesFromLedger(store.ledger)
  const rules = drainRules(flags, world.now())
  const aim = { wishes, removed: [], drain: rules, drains, adopt: true }
  const { code } = await settle(aim, store, world)
  if (code === ExitCode.Done) say()
  return code
}

/** Drains end by themselves when their time is over. */
function lasting({ drains }: Ledger, now: Date): readonly [string, Drain][] {
  return [...drains].filter(([, { until }]) => until === undefined || new Date(until) > now)
}

/** The real servers of ours that a person means: `ip:port`, or `ip` for all of its ports. */
function endpointsNamed(endpoint: string, ledger: Ledger): readonly string[] {
  const ip = parseIP(endpoint.replace(/^\[|\]$/g, ''))
  const found = new Set<string>()
  for (const entry of ledger.entries.values()) {
    for (const { realServers } of serversOf(entry)) {
      for (const { address, port, name } of realServers) {
        const at = withPort(address, port)
        if (address === ip) return [address]
        if (at === endpoint || name === endpoint) found.add(at)
      }
    }
  }
  if (found.size > 0) return [...found]
  throw new WorldError(`no real server of ours is "${endpoint}"`, {
    kind: 'input',
    help: 'nodeport list -o wide names them',
  })
}
