import type { Change } from '../table/change.ts'
import { undoOf } from '../table/undo.ts'
import type { Table } from '../table/virtual-server.ts'
import { printChange } from '../text/ipvsadm/change-rules.ts'
import type { Kernel } from '../world/kernel.ts'
import type { Refusal } from '../world/perform.ts'
import { reasonOf } from '../world/refusal.ts'
import type { World } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'

/** Where changes are made: the kernel, and the table that it had before them. */
export interface Site {
  readonly kernel: Kernel
  readonly live: Table
  /** Has somebody asked this program to end? */
  readonly interrupted: () => boolean
}

/**
 * Makes changes in the kernel: all of them or, where it refuses one or somebody interrupts, none.
 * Answers `Done`, `Refused` or `Interrupted` where everything is as it was before, or `Partly` where
 * that could not be had.
 */
export async function carryOut(
  changes: readonly Change[],
  { kernel, live, interrupted }: Site,
  world: World,
): Promise<ExitCode> {
  const { tried, refusals } = await kernel.perform(changes, { stop: interrupted })
  const [refusal] = refusals
  if (refusal === undefined && tried === changes.length) return ExitCode.Done

  if (refusal === undefined) world.say('interrupted\n')
  else sayRefusal(refusal, changes.length, world)
  const refused = new Set(refusals.map(({ index }) => index))
  const made = changes.slice(0, tried).filter((_, index) => !refused.has(index))
  const isUndone = await takeBack(undoOf(made, live), made.length, kernel, world)
  if (!isUndone) return ExitCode.Partly
  return refusal === undefined ? ExitCode.Interrupted : ExitCode.Refused
}

function sayRefusal(refusal: Refusal, of: number, world: World): void {
  const { message, help } = reasonOf(refusal)
  const { cause } = refusal.change.server
  const by = cause === undefined ? '' : `, which ${cause.service} asks for`
  world.say(`error: ${message}\n`)
  world.say(`  the kernel refused change ${refusal.index + 1} of ${of}${by}:\n`)
  world.say(`    ${printChange(refusal.change)}\n`)
  if (help !== undefined) world.say(`help: ${help}\n`)
}

async function takeBack(
  undo: readonly Change[],
  made: number,
  kernel: Kernel,
  world: World,
): Promise<boolean> {
  const { refusals } = await kernel.perform(undo, { keepGoing: true })
  if (refusals.length === 0) {
    world.say(made === 0 ? 'nothing was changed\n' : `${counted(made)} undone: ${asBefore}\n`)
    return true
  }
  world.say(`${counted(refusals.length)} not undone; what is left to do:\n`)
  for (const { change } of refusals) world.say(`    ${printChange(change)}\n`)
  world.say('help: the next nodeport that changes anything takes it back\n')
  return false
}

const asBefore = 'everything is as it was before'

function counted(changes: number): string {
  return changes === 1 ? '1 change was' : `${changes} changes were`
}
