import { withPort } from '../address/ip.ts'
import { type HeldServer, heldIdentity, type Ledger } from '../ledger/ledger.ts'
import type { Change } from './change.ts'
import { hasSettings, isHeldAs, realServerIn } from './held.ts'
import { identityOf } from './virtual-server.ts'

/**
 * Tells the changes that somebody asks for now from those that only put back what the ledger says
 * already: there the kernel was changed behind our back.
 */
export function isDriftFrom(ledger: Ledger): (change: Change) => boolean {
  const held = new Map<string, HeldServer>()
  for (const { servers } of ledger.entries.values()) {
    for (const server of servers) held.set(heldIdentity(server), server)
  }
  return (change) => {
    const known = held.get(identityOf(change.server))
    return known !== undefined && putsBack(change, known)
  }
}

function putsBack(change: Change, held: HeldServer): boolean {
  switch (change.verb) {
    case 'add':
    case 'edit':
      return hasSettings(held, change.server)
    case 'attach':
    case 'adjust': {
      const { realServer } = change
      const known = realServerIn(held, withPort(realServer.address, realServer.port))
      return isHeldAs(realServer, known)
    }
    case 'delete':
    case 'detach':
      return false
  }
}
