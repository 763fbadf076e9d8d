import { spawn } from 'node:child_process'
import { WorldError } from './world.ts'

/**
 * Starts this program once more, with other words, in a session of its own: it goes on when this one
 * ends, and when the terminal is gone.
 */
export function startAside(words: readonly string[]): void {
  const { execPath, execArgv, argv } = process
  const child = spawn(execPath, [...execArgv, argv[1] ?? '', ...words], {
    detached: true,
    stdio: 'ignore',
  })
  if (child.pid === undefined) {
    child.once('error', () => {})
    throw new WorldError(`"${execPath}" cannot be started once more`)
  }
  child.unref()
}
