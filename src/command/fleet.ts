import { changedKey, type Gate, gateKey, printGate } from '../ledger/fleet.ts'
import {
  type FleetStanding,
  type NodeStanding,
  standingKeys,
  standingOf,
} from '../ledger/fleet-standing.ts'
import type { Condition } from '../ledger/transaction.ts'
import { alignColumns, tableStyle } from '../text/kubectl/columns.ts'
import { printJSON } from '../text/kubectl/json.ts'
import { type World, WorldError } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'
import { type FleetStore, withFleet } from './fleet-store.ts'
import type { EtcdFlags } from './options.ts'

export interface FleetFlags extends EtcdFlags {
  readonly ledger: string
  readonly output: 'table' | 'json'
}

/** Shows each node of a fleet: converged, or who lags and why. */
export async function fleetStatus(flags: FleetFlags, world: World): Promise<ExitCode> {
  const standing = await withFleet(flags.ledger, flags, world, standingIn)
  const { nodes, changed } = standing
  const isConverged = nodes.every(({ state }) => state === 'converged')
  if (flags.output === 'json') world.print(printJSON({ ...standing, isConverged }))
  else {
    const behind = nodes.filter(({ state }) => state !== 'converged').length
    const sum =
      behind === 0
        ? `converged: all of ${nodes.length} at revision ${changed}\n`
        : `not converged: ${behind} of ${nodes.length} are not at revision ${changed}, or not well\n`
    world.print((nodes.length === 0 ? '' : tableOf(nodes)) + sum)
  }
  return isConverged ? ExitCode.Done : ExitCode.No
}

function tableOf(nodes: readonly NodeStanding[]): string {
  const rows = nodes.map(({ node, revision, hash, state, reason = '' }) => {
    return [node, String(revision ?? '<none>'), hash || '<none>', state, reason]
  })
  const titles = ['NODE', 'REVISION', 'TABLE', 'STATE', 'REASON']
  return alignColumns([titles, ...rows], tableStyle).replaceAll(/ +$/gm, '')
}

/**
 * Holds every node at what is stored now, whatever is applied from now on. Where nodes were let pass
 * already, they go back.
 */
export async function fleetHold(flags: FleetFlags, world: World): Promise<ExitCode> {
  return await withFleet(flags.ledger, flags, world, async (store) => {
    const { base } = await hold(store, await standingIn(store))
    world.print(`held: every node stays at revision ${base}, or goes back to it\n`)
    return ExitCode.Done
  })
}

/** Lets every node see what is stored now, at once. */
export async function fleetRelease(flags: FleetFlags, world: World): Promise<ExitCode> {
  return await withFleet(flags.ledger, flags, world, async (store) => {
    const standing = await standingIn(store)
    if (standing.gate !== undefined) await setGate(store, standing.gateModified, undefined)
    world.print(standing.gate === undefined ? 'nothing was held\n' : 'released: nothing is held\n')
    return ExitCode.Done
  })
}

/** Takes a node off the list of those that are waited for. */
export async function fleetForget(
  node: string | undefined,
  flags: FleetFlags,
  world: World,
): Promise<ExitCode> {
  if (node === undefined)
    throw new WorldError('say which node is to be forgotten', { kind: 'input' })
  return await withFleet(flags.ledger, flags, world, async (store) => {
    const { nodes } = await standingIn(store)
    const known = nodes.find((one) => one.node === node)
    if (known === undefined) throw new WorldError(`there is no node "${node}"`, { kind: 'input' })
    if (known.state !== 'away') throw new WorldError(`the agent of "${node}" is there`)
    const operations = [{ remove: `${store.prefix}members/${node}` }]
    await store.etcd.commit({ conditions: [], operations })
    world.print(`forgotten: ${node}\n`)
    return ExitCode.Done
  })
}

export async function standingIn({ keysIn }: FleetStore): Promise<FleetStanding> {
  const { keys, revision } = await keysIn(standingKeys)
  return standingOf(keys, revision)
}

/** Nobody may change anything between the look and the hold. */
export async function hold(store: FleetStore, standing: FleetStanding): Promise<Gate> {
  const { gate, gateModified, changed, revision } = standing
  const base = gate?.base ?? (changed === 0 ? revision : changed)
  const next: Gate = { base, target: undefined, passed: [] }
  await setGate(store, gateModified, next, gate === undefined ? changed : undefined)
  return next
}

/** Writes the gate, or takes it away, unless somebody else has meanwhile; answers its revision. */
export async function setGate(
  { etcd, prefix }: FleetStore,
  modified: number,
  gate: Gate | undefined,
  changed?: number,
): Promise<number> {
  const key = prefix + gateKey
  const { done, revision } = await etcd.commit({
    conditions: [
      unmodified(key, modified),
      ...(changed === undefined ? [] : [unmodified(prefix + changedKey, changed)]),
    ],
    operations: [gate === undefined ? { remove: key } : { put: key, value: printGate(gate) }],
  })
  if (done) return revision
  throw new WorldError('somebody else has just changed what is held or stored', {
    help: 'look at `nodeport fleet status`, and try again',
  })
}

function unmodified(key: string, at: number): Condition {
  return at === 0 ? { key, is: 'absent' } : { key, is: 'modified', at }
}
