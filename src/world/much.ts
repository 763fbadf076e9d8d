import { setFlagsFromString } from 'node:v8'

/** What the V8 of Node 20 is told where there is much to be done, and what it goes by as a rule. */
const settings = [
  { flag: '--interrupt-budget', much: 400_000, usual: 67_584 },
  { flag: '--max-inlined-bytecode-size-cumulative', much: 250, usual: 920 },
  { flag: '--heap-growing-percent', much: 900, usual: 0 },
] as const

let isExpected = false
let isStaying = false

/**
 * Tells V8 that there is much to be done, more than a megabyte of manifests or a hundred virtual
 * servers. The one of Node 20 optimises early and inlines a lot, and by the time that it is ready most
 * of our work is over: waiting longer and inlining less takes an eighth of the time off a check of
 * 20,000 objects, and a fifth where there is one processor alone. Later ones have a compiler in between.
 * It also looks for garbage among what was kept whenever that is four times as much as before, and
 * finds next to nothing: ten times is soon enough, and takes another twelfth off.
 */
export function expectMuch(): void {
  if (isExpected || isStaying || !process.versions.node.startsWith('20.')) return
  isExpected = true
  for (const { flag, much } of settings) setFlagsFromString(`${flag}=${much}`)
}

/** Takes it back: what V8 makes of the program to be kept it takes again under the same settings alone. */
export function expectTheUsual(): void {
  if (!isExpected) return
  isExpected = false
  for (const { flag, usual } of settings) setFlagsFromString(`${flag}=${usual}`)
}

/** Whoever stays has the time to be optimised, and must not keep garbage for as long as it lives. */
export function expectToStay(): void {
  expectTheUsual()
  isStaying = true
}
