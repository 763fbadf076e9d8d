import {
  type FleetStanding,
  type NodeStanding,
  quieterReason,
  stepsOf,
} from '../ledger/fleet-standing.ts'
import { type World, WorldError } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'
import { type FleetFlags, hold, setGate, standingIn } from './fleet.ts'
import { type FleetApplyFlags, writeWishes } from './fleet-apply.ts'
import { type FleetStore, withFleet } from './fleet-store.ts'

export interface RolloutFlags extends Omit<FleetFlags, 'output'>, FleetApplyFlags {
  /** How many nodes go first. */
  readonly canary: number
  /** How long nodes must be well before others follow, and how long they may take: milliseconds. */
  readonly soak: number
  readonly stepTimeout: number
}

/**
 * Lets nodes see what was changed since they are held, some at first and then more, and stops where
 * one of them is not well. With manifests, it holds all nodes and applies these first.
 */
export async function fleetRollout(flags: RolloutFlags, world: World): Promise<ExitCode> {
  return await withFleet(flags.ledger, flags, world, async (store) => {
    const before = await standingIn(store)
    refuseIll(before)
    if (flags.filename.length > 0) {
      if (before.gate === undefined) await hold(store, before)
      const code = await writeWishes(store, flags, world)
      if (code !== ExitCode.Done) return code
    } else if (before.gate === undefined) {
      throw new WorldError('nothing is held, so that every node has it already', {
        kind: 'input',
        help: 'name manifests with -f, or say `nodeport fleet hold` before they are applied',
      })
    }
    const silent = new Map(before.nodes.map((node) => [node.node, node.silent]))
    return await rollOut({ ...flags, silent }, store, world)
  })
}

/** Who begins with the ill cannot tell what made them so. */
function refuseIll({ nodes }: FleetStanding): void {
  const ill = nodes.find(({ state }) => state === 'ill')
  if (ill === undefined) return
  throw new WorldError(`${ill.node} is not well: ${ill.reason}`, {
    help: 'nothing was changed; see to it first',
  })
}

interface Rollout extends RolloutFlags {
  /** How many back ends of each node did not answer before it began. */
  readonly silent: ReadonlyMap<string, number>
}

async function rollOut(flags: Rollout, store: FleetStore, world: World): Promise<ExitCode> {
  let { gate, gateModified, changed, nodes } = await standingIn(store)
  const here = nodes.filter(({ state }) => state !== 'away').map(({ node }) => node)
  for (const { node, state } of nodes) {
    if (state === 'away') world.say(`warning: ${node} is away, and is not waited for\n`)
  }
  if (gate !== undefined) {
    const passed = gate.passed.filter((node) => here.includes(node))
    const others = here.filter((node) => !passed.includes(node))
    // What nodes passed with before may be another change than this one.
    const first = gate.target === changed ? passed : []
    const steps = stepsOf(first.length === 0 ? here : others, flags.canary)
    let through = [...first]
    for (const [index, step] of steps.entries()) {
      through = [...through, ...step]
      world.print(`step ${index + 1} of ${steps.length}: ${step.join(', ')}\n`)
      gate = { ...gate, target: changed, passed: through }
      const unless = index === 0 ? changed : undefined
      gateModified = await setGate(store, gateModified, gate, unless)
      const stopped = await settled(through, flags, store, world)
      if (stopped !== undefined) return sayStopped(stopped, through, here, world)
    }
    const { changed: newest } = await standingIn(store)
    if (newest === changed) await setGate(store, gateModified, undefined, changed)
    else {
      await setGate(store, gateModified, { base: changed, target: undefined, passed: [] })
      world.say('warning: more was applied meanwhile: it is held, and waits for its own rollout\n')
    }
  }
  world.print(`rolled out: revision ${changed} on ${here.length} nodes\n`)
  return ExitCode.Done
}

/** How often nodes are looked at, in milliseconds. */
const every = 200

/**
 * Waits until all nodes have what they may see and were well for a while; answers who is not. Back
 * ends that are new may need a while until they answer: they have as long as the step.
 */
async function settled(
  through: readonly string[],
  { soak, stepTimeout, silent }: Rollout,
  store: FleetStore,
  world: World,
): Promise<NodeStanding | undefined> {
  const begun = world.now().getTime()
  let wellSince: number | undefined
  for (;;) {
    const { nodes } = await standingIn(store)
    const now = world.now().getTime()
    const own = through.map((name) => nodes.find(({ node }) => node === name) ?? lost(name))
    const fallen = own.find(({ state }) => state === 'ill' || state === 'away')
    if (fallen !== undefined) return fallen
    const waiting = own.flatMap((node) => {
      if (node.state === 'lags') return [node]
      const reason = quieterReason(node, silent.get(node.node) ?? 0)
      return reason === undefined ? [] : [{ ...node, reason }]
    })
    if (waiting[0] !== undefined && now - begun > stepTimeout) return waiting[0]
    wellSince = waiting.length === 0 ? (wellSince ?? now) : undefined
    if (wellSince !== undefined && now - wellSince >= soak) return undefined
    await world.sleep(every)
  }
}

function lost(node: string): NodeStanding {
  const none = { revision: undefined, wanted: 0, hash: '', silent: 0 }
  return { node, ...none, state: 'away', reason: 'nobody knows of it any more' }
}

function sayStopped(
  { node, reason }: NodeStanding,
  through: readonly string[],
  here: readonly string[],
  world: World,
): ExitCode {
  world.say(`error: stopped at ${node}: ${reason}\n`)
  world.say(
    `help: ${through.length} of ${here.length} nodes have it, and the others stay as they are; \`nodeport fleet hold\` takes these back, and \`nodeport fleet rollout\` goes on with what is applied by then\n`,
  )
  return ExitCode.Refused
}
