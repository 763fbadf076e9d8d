// What is done to the kernel and to the ledger is not to be left half done. So while it is done, a
// signal that asks the program to end is only noted, and so is a reader of our output who went away.

import { codeOf, reasonOf } from './files.ts'
import { WorldError } from './world.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** As a shell says it. */
const exitAfterInterruption = 130
const exitAfterClosedPipe = 141

let isBusy = false
let isPipeClosed = false

/** Runs something to its end, and lets it ask whether it had better come to one. */
export async function unbroken<T>(run: (interrupted: () => boolean) => Promise<T>): Promise<T> {
  let count = 0
  const note = () => {
    count += 1
    // Who insists gets his will: there is a journal to go on from.
    if (count > 1) process.exit(exitAfterInterruption)
  }
  for (const signal of signals) process.on(signal, note)
  isBusy = true
  try {
    return await run(() => count > 0)
  } finally {
    isBusy = false
    for (const signal of signals) process.off(signal, note)
    if (isPipeClosed) process.exit(exitAfterClosedPipe)
  }
}

/** Ends the program, without a word, when nobody reads its output any more. */
export function endAtClosedPipe(error: unknown): void {
  if (codeOf(error) !== 'EPIPE') {
    throw new WorldError(`what is printed cannot be written: ${reasonOf(error)}`)
  }
  isPipeClosed = true
  if (!isBusy) process.exit(exitAfterClosedPipe)
}
