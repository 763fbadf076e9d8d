import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, test } from '@jest/globals'

/** In CI nothing is left out: what is missing there is a fault. */
function isCI(): boolean {
  const { CI = 'false' } = process.env
  return CI !== 'false' && CI !== ''
}

/**
 * A `test` for what takes a program that not every machine has. Where it is missing the test is
 * skipped, and its title says how to get it; in CI it fails.
 */
export function testWith(program: string, remedy: string) {
  return (title: string, body: () => void | Promise<void>, milliseconds?: number): void => {
    if (isInstalled(program)) test(title, body, milliseconds)
    else if (isCI()) test(title, () => Promise.reject(new Error(`no ${program}: ${remedy}`)))
    else test.skip(`${title} (no ${program}: ${remedy})`, body)
  }
}

/**
 * In place of a `describe` whose tests lack something: they are skipped, which is said, and in CI the
 * lack is a failure.
 */
export function describeWithout(title: string, lack: string, body: () => void): void {
  if (isCI()) {
    test(`${title}: all that it takes is there`, () => {
      throw new Error(lack)
    })
    return
  }
  process.stderr.write(`skipped, ${lack}\n`)
  describe.skip(`${title} (${lack})`, body)
}

export function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
