import {
  changedKey,
  type FleetKey,
  type Gate,
  gateKey,
  type NodeStatus,
  parseGate,
  parseStatus,
  revisionFor,
} from './fleet.ts'

/** How one node stands to what it is to have. */
export interface NodeStanding {
  readonly node: string
  readonly revision: number | undefined
  readonly wanted: number
  readonly hash: string
  readonly state: 'converged' | 'held' | 'lags' | 'ill' | 'away'
  /** How many of its back ends do not answer. */
  readonly silent: number
  /** Why it is not as it should be, or what else there is to know of it. */
  readonly reason: string | undefined
}

export interface FleetStanding {
  /** Of the store, when it was asked. */
  readonly revision: number
  /** The revision of the last change; 0 where there was none. */
  readonly changed: number
  readonly gate: Gate | undefined
  /** When the gate was last written; 0 where there is none. */
  readonly gateModified: number
  /** By name. */
  readonly nodes: readonly NodeStanding[]
}

/** What tells how a fleet stands, and nothing of what it wishes for. */
export const standingKeys = [
  { from: 'members/', to: 'nodes0' },
  { from: changedKey },
  { from: gateKey },
] as const

/** How a fleet stands, by the keys that tell it. */
export function standingOf(keys: readonly FleetKey[], revision: number): FleetStanding {
  const found = new Map(keys.map((one) => [one.key, one]))
  const held = found.get(gateKey)
  const gate = held && parseGate(held.value)
  const changed = found.get(changedKey)?.modified ?? 0
  const names = (part: string) =>
    keys.flatMap(({ key }) => (key.startsWith(part) ? [key.slice(part.length)] : []))
  const nodes = [...new Set([...names('members/'), ...names('nodes/')])].sort().map((node) => {
    const said = found.get(`nodes/${node}`)
    const status = said && parseStatus(said.value)
    return nodeStanding(node, status, revisionFor(gate, node) ?? changed, changed)
  })
  return { revision, changed, gate, gateModified: held?.modified ?? 0, nodes }
}

function nodeStanding(
  node: string,
  status: NodeStatus | undefined,
  wanted: number,
  changed: number,
): NodeStanding {
  if (status === undefined) {
    const reason = 'its agent says nothing'
    return { node, revision: undefined, wanted, hash: '', state: 'away', silent: 0, reason }
  }
  const { revision, hash, trouble, silent, since } = status
  const stands = { node, revision, wanted, hash, silent }
  if (trouble !== undefined) {
    return { ...stands, state: 'ill', reason: `${trouble}, since ${since.slice(0, 19)}Z` }
  }
  if (revision === undefined || revision < wanted) {
    const reason = `it is to be at ${wanted}, and has not applied it yet`
    return { ...stands, state: 'lags', reason }
  }
  if (wanted < changed) return { ...stands, state: 'held', reason: `held back from ${changed}` }
  return { ...stands, state: 'converged', reason: silent > 0 ? silentReason(silent) : undefined }
}

function silentReason(silent: number): string {
  return silent === 1 ? '1 back end does not answer' : `${silent} back ends do not answer`
}

/** Nothing where as many back ends of a node answer as before; why not otherwise. */
export function quieterReason({ silent }: NodeStanding, before: number): string | undefined {
  if (silent <= before) return undefined
  const was = before === 0 ? 'all of them did' : `of ${before} that was known`
  return `${silentReason(silent)}, and ${was} before it`
}

/** How many nodes go on in each step: first so many, then twice as many each time. */
export function stepsOf(nodes: readonly string[], canary: number): readonly (readonly string[])[] {
  const steps: (readonly string[])[] = []
  for (let from = 0, size = Math.max(1, canary); from < nodes.length; from += size / 2) {
    steps.push(nodes.slice(from, from + size))
    size *= 2
  }
  return steps
}
