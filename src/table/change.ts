import { withPort } from '../address/ip.ts'
import {
  Flag,
  identityOf,
  type RealServer,
  type Table,
  type Tunnel,
  type VirtualServer,
} from './virtual-server.ts'

/** One step from the table that is to the table that should be: the six verbs of IPVS. */
export type Change = ServerChange | RealServerChange

/** An `add` brings no real servers along, a `delete` takes all of them away. */
export interface ServerChange {
  readonly verb: 'add' | 'edit' | 'delete'
  readonly server: VirtualServer
}

export interface RealServerChange {
  readonly verb: 'attach' | 'adjust' | 'detach'
  readonly server: VirtualServer
  readonly realServer: RealServer
}

export type Verb = Change['verb']

/**
 * The steps that turn one table into another, each virtual server standing once in either. Made
 * before broken: what is new comes first and what is gone goes last, so that no virtual server is
 * without real servers in between. It also keeps the kernel's trash empty while real servers are
 * added, which would be searched for each of them.
 */
export function changesBetween(before: Table, after: Table): Change[] {
  const steps: Steps = { add: [], edit: [], attach: [], adjust: [], detach: [], delete: [] }
  const left = new Map(before.map((server) => [identityOf(server), server]))
  for (const server of after) {
    const identity = left.size === 0 ? '' : identityOf(server)
    const old = left.get(identity)
    if (old === undefined) {
      steps.add.push({ verb: 'add', server })
      const { realServers } = server
      for (let i = 0; i < realServers.length; i++) {
        steps.attach.push({ verb: 'attach', server, realServer: realServers[i] as RealServer })
      }
    } else {
      left.delete(identity)
      if (!sameServer(old, server)) steps.edit.push({ verb: 'edit', server })
      realServerSteps(old.realServers, server, steps)
    }
  }
  for (const server of left.values()) steps.delete.push({ verb: 'delete', server })
  return steps.add.concat(steps.edit, steps.attach, steps.adjust, steps.detach, steps.delete)
}

/** Do two virtual servers of one identity agree in all that the kernel can edit? */
export function sameServer(a: VirtualServer, b: VirtualServer): boolean {
  return (
    a.scheduler === b.scheduler &&
    // The kernel sets `hashed` on every virtual server that it holds.
    (a.flags | Flag.hashed) === (b.flags | Flag.hashed) &&
    a.timeout === b.timeout &&
    a.netmask === b.netmask &&
    (a.engine ?? '') === (b.engine ?? '')
  )
}

/** Do two real servers of one identity agree in all that the kernel can edit? */
export function sameRealServer(a: RealServer, b: RealServer): boolean {
  return (
    a.weight === b.weight &&
    a.forwarding === b.forwarding &&
    a.upperThreshold === b.upperThreshold &&
    a.lowerThreshold === b.lowerThreshold &&
    sameTunnel(a.tunnel, b.tunnel)
  )
}

type Steps = Record<Verb, Change[]>

const plain: Tunnel = { type: 0, port: 0, flags: 0 }

function sameTunnel(a: Tunnel = plain, b: Tunnel = plain): boolean {
  return a === b || (a.type === b.type && a.port === b.port && a.flags === b.flags)
}

/**
 * Most real servers stay, and stay in order, so both lists are walked from both ends while they
 * name the same; only what is left in the middle is sorted and merged. The kernel lists the newest
 * first: then the walk goes through the list of before backwards.
 */
function realServerSteps(before: readonly RealServer[], server: VirtualServer, steps: Steps): void {
  const after = server.realServers
  const was = runsBackwards(before, after) ? before.toReversed() : before
  let start = 0
  let wasEnd = was.length
  let end = after.length
  for (; start < wasEnd && start < end; start++) {
    if (!compared(was[start], after[start], server, steps)) break
  }
  for (; start < wasEnd && start < end; wasEnd--, end--) {
    if (!compared(was[wasEnd - 1], after[end - 1], server, steps)) break
  }
  if (start < wasEnd || start < end) {
    mergeSteps(was.slice(start, wasEnd), after.slice(start, end), server, steps)
  }
}

function runsBackwards(before: readonly RealServer[], after: readonly RealServer[]): boolean {
  const first = after[0]
  const last = after[after.length - 1]
  if (first === undefined || last === undefined) return false
  if (isSame(before[0], first) || isSame(before[before.length - 1], last)) return false
  return isSame(before[before.length - 1], first) || isSame(before[0], last)
}

/** Notes what changed between two entries if they are the same real server; answers if they are. */
function compared(
  old: RealServer | undefined,
  realServer: RealServer | undefined,
  server: VirtualServer,
  steps: Steps,
): boolean {
  if (realServer === undefined || !isSame(old, realServer)) return false
  if (!sameRealServer(old, realServer)) steps.adjust.push({ verb: 'adjust', server, realServer })
  return true
}

function isSame(a: RealServer | undefined, b: RealServer): a is RealServer {
  return a !== undefined && a.port === b.port && a.address === b.address
}

/** What is new keeps the order in which it is wished for. */
function mergeSteps(
  before: readonly RealServer[],
  after: readonly RealServer[],
  server: VirtualServer,
  steps: Steps,
): void {
  const known = before.toSorted(compareIdentities)
  const wished = after.toSorted(compareIdentities)
  const isNew = new Set<RealServer>()
  let i = 0
  for (const realServer of wished) {
    let order = -1
    for (; i < known.length; i++) {
      const old = known[i]
      order = old === undefined ? 1 : compareIdentities(old, realServer)
      if (old === undefined || order >= 0) break
      steps.detach.push({ verb: 'detach', server, realServer: old })
    }
    if (order === 0) compared(known[i++], realServer, server, steps)
    else isNew.add(realServer)
  }
  for (const old of known.slice(i)) steps.detach.push({ verb: 'detach', server, realServer: old })
  for (const realServer of after) {
    if (isNew.has(realServer)) steps.attach.push({ verb: 'attach', server, realServer })
  }
}

/** Any order will do, as long as both lists are in it. */
function compareIdentities(a: RealServer, b: RealServer): number {
  if (a.address !== b.address) return a.address < b.address ? -1 : 1
  return a.port - b.port
}

/** The virtual servers that changes concern, as they are after them; nothing for those that are gone. */
export function afterChanges(
  before: (identity: string) => VirtualServer | undefined,
  changes: readonly Change[],
): ReadonlyMap<string, VirtualServer | undefined> {
  const after = new Map<string, Reached>()
  for (const change of changes) {
    const identity = identityOf(change.server)
    const reached = after.get(identity) ?? reachedFrom(before(identity))
    after.set(identity, reached)
    reach(reached, change)
  }
  return new Map([...after].map(([identity, reached]) => [identity, serverAt(reached)]))
}

/** A virtual server on its way. */
interface Reached {
  server: VirtualServer | undefined
  readonly realServers: Map<string, RealServer>
}

function reachedFrom(server: VirtualServer | undefined): Reached {
  const realServers = (server?.realServers ?? []).map((real): [string, RealServer] => [
    placeOf(real),
    real,
  ])
  return { server, realServers: new Map(realServers) }
}

function reach(reached: Reached, change: Change): void {
  switch (change.verb) {
    case 'add':
    case 'edit':
      reached.server = change.server
      break
    case 'delete':
      reached.server = undefined
      reached.realServers.clear()
      break
    case 'attach':
    case 'adjust':
      reached.realServers.set(placeOf(change.realServer), change.realServer)
      break
    case 'detach':
      reached.realServers.delete(placeOf(change.realServer))
  }
}

function serverAt({ server, realServers }: Reached): VirtualServer | undefined {
  return server && { ...server, realServers: [...realServers.values()] }
}

function placeOf({ address, port }: RealServer): string {
  return withPort(address, port)
}
