import type { Change } from '../table/change.ts'
import { undoOf } from '../table/undo.ts'
import type { Table } from '../table/virtual-server.ts'
import { printChange } from '../text/ipvsadm/change-rules.ts'
import type { Kernel } from '../world/kernel.ts'
import type { Refusal } from '../world/perform.ts'
import { reasonOf } from '../world/refusal.ts'
import type { World } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'

/**
 * Makes changes in the kernel: all of them or, where it refuses one, none. Answers `Done`, `Refused`
 * where everything is as it was before, or `Partly` where that could not be had.
 */
export async function carryOut(
  changes: readonly Change[],
  live: Table,
  kernel: Kernel,
  world: World,
): Promise<ExitCode> {
  const { tried, refusals } = await kernel.perform(changes)
  const [refusal] = refusals
  if (refusal === undefined) return ExitCode.Done

  sayRefusal(refusal, changes.length, world)
  const refused = new Set(refusals.map(({ index }) => index))
  const made = changes.slice(0, tried).filter((_, index) => !refused.has(index))
  return takeBack(made, live, kernel, world)
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
  made: readonly Change[],
  live: Table,
  kernel: Kernel,
  world: World,
): Promise<ExitCode> {
  const undo = undoOf(made, live)
  const { refusals } = await kernel.perform(undo, { keepGoing: true })
  if (refusals.length === 0) {
    world.say(`${counted(made.length)} undone: everything is as it was before\n`)
    return ExitCode.Refused
  }
  world.say(`${counted(refusals.length)} could not be undone; what is left to do:\n`)
  for (const { change } of refusals) world.say(`    ${printChange(change)}\n`)
  return ExitCode.Partly
}

function counted(changes: number): string {
  return changes === 1 ? '1 change was' : `${changes} changes were`
}
