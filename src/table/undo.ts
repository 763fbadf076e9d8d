import { withPort } from '../address/ip.ts'
import type { Change } from './change.ts'
import { identityOf, type RealServer, type Table, type VirtualServer } from './virtual-server.ts'

/** The steps that take back steps already made, last one first, given the table from before them. */
export function undoOf(made: readonly Change[], before: Table): Change[] {
  const old = new Map(before.map((server) => [identityOf(server), server]))
  return made.toReversed().flatMap((change) => inverse(change, old.get(identityOf(change.server))))
}

function inverse(change: Change, old: VirtualServer | undefined): readonly Change[] {
  switch (change.verb) {
    case 'add':
      return [{ verb: 'delete', server: change.server }]
    case 'edit':
      return old === undefined ? [] : [{ verb: 'edit', server: old }]
    case 'delete':
      return old === undefined ? [] : restored(old)
    case 'attach':
      return [{ ...change, verb: 'detach' }]
    case 'adjust':
    case 'detach': {
      const realServer = old?.realServers.find((it) => isSame(it, change.realServer))
      if (old === undefined || realServer === undefined) return []
      const verb = change.verb === 'adjust' ? 'adjust' : 'attach'
      return [{ verb, server: old, realServer }]
    }
  }
}

/** The kernel lists the newest first: put back oldest first, the order is as it was. */
function restored(server: VirtualServer): readonly Change[] {
  const attaches = server.realServers
    .toReversed()
    .map((realServer): Change => ({ verb: 'attach', server, realServer }))
  return [{ verb: 'add', server }, ...attaches]
}

function isSame(a: RealServer, b: RealServer): boolean {
  return withPort(a.address, a.port) === withPort(b.address, b.port)
}
