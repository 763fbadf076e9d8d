import { withPort } from '../address/ip.ts'
import { drainAt } from '../ledger/drains.ts'
import { type HeldServer, heldIdentity, type Ledger } from '../ledger/ledger.ts'
import type { Change, RealServerChange } from './change.ts'
import { hasSettings, isHeldAs, realServersByPlace } from './held.ts'
import { type KnownDraining, knownDraining } from './leaving.ts'
import { identityOf } from './virtual-server.ts'

/**
 * Tells the changes that somebody asks for now from those that only put back what the ledger says
 * already: there the kernel was changed behind our back.
 */
export function isDriftFrom(ledger: Ledger, now: Date): (change: Change) => boolean {
  const known: Known = {
    ...{ now, drains: ledger.drains, draining: knownDraining(ledger.entries.values()) },
    held: new Map(),
  }
  for (const { servers } of ledger.entries.values()) {
    for (const server of servers) known.held.set(heldIdentity(server), { server })
  }
  return (change) => putsBack(change, known)
}

interface Known {
  readonly held: Map<string, Held>
  readonly drains: Ledger['drains']
  readonly draining: KnownDraining
  readonly now: Date
}

interface Held {
  readonly server: HeldServer
  /** Its real servers by their places, once somebody has asked for one. */
  places?: ReturnType<typeof realServersByPlace>
}

function putsBack(change: Change, known: Known): boolean {
  const held = known.held.get(identityOf(change.server))
  switch (change.verb) {
    case 'add':
    case 'edit':
      return held !== undefined && hasSettings(held.server, change.server)
    case 'attach':
    case 'adjust':
      return held !== undefined && putsRealServerBack(change, held, known)
    case 'delete':
    case 'detach':
      return false
  }
}

function putsRealServerBack(
  { server, realServer }: RealServerChange,
  held: Held,
  { drains, draining, now }: Known,
): boolean {
  const place = withPort(realServer.address, realServer.port)
  held.places ??= realServersByPlace(held.server)
  const real = held.places.get(place)
  if (real === undefined) return draining.has(`${identityOf(server)} ${place}`)
  if (isHeldAs(realServer, real)) return true
  // What a person keeps out has weight 0 in the kernel, and in the ledger the one it will have again.
  if (realServer.weight !== 0 || drainAt(drains, place, now) === undefined) return false
  const { weight = 1 } = typeof real === 'string' ? {} : real
  return isHeldAs({ ...realServer, weight }, real)
}
