import { resolve } from 'node:path'
import type { FileWatch, FileWatchOptions } from '../../src/world/file-watch.ts'
import { wholeOf } from '../../src/world/pieces.ts'
import type { Watchpost } from '../../src/world/watchpost.ts'
import type { Machine } from './model-world.ts'

const mostWaits = 10_000
const waitsEach = 20

/** Shorter waits pass; in a longer one the next thing happens. */
const longWait = 1500

/**
 * A post on a machine in memory. Whenever nothing is due, the next part of the story happens; when
 * there is none left, the agent is told to end.
 */
export function modelPost(
  machine: Machine,
  story: readonly ((machine: Machine) => void)[],
  act: () => void,
): Watchpost {
  const coming = [...story]
  const watches: Omit<FileWatchOptions, 'cwd'>[] = []
  const begun = machine.now.getTime()
  let jumped = 0
  let hasStirred = false
  let isOver = false
  let waits = 0
  const pass = (milliseconds: number) => {
    machine.now = new Date(machine.now.getTime() + milliseconds)
  }
  return {
    elapsed: () => machine.now.getTime() - begun - jumped,
    watchFiles: (options) => {
      watches.push(options)
      return modelFiles(machine, options)
    },
    watchApi: () => {
      throw new Error('there is no API server in the model')
    },
    watchFleet: () => {
      throw new Error('there is no fleet in the model')
    },
    wait: async (milliseconds) => {
      waits += 1
      if (waits > mostWaits + waitsEach * story.length)
        throw new Error('the agent never comes to rest')
      if (!hasStirred && milliseconds <= longWait) pass(milliseconds)
      else if (!hasStirred) {
        const next = coming.shift()
        if (next === undefined) isOver = true
        else {
          const before = machine.now.getTime()
          next(machine)
          // A story that sets the clock does so by more than any time that passes in it.
          const moved = machine.now.getTime() - before
          if (Math.abs(moved) > 86_400_000) jumped += moved
          for (const { stirred } of watches) stirred()
        }
      }
      hasStirred = false
    },
    stir: () => {
      hasStirred = true
    },
    signals: () => (isOver ? ['SIGTERM'] : []),
    jot: (path, text) => {
      act()
      machine.files.set(resolve('/', path), wholeOf(text))
    },
    stampOf: (path) => machine.files.get(resolve('/', path)) ?? '',
    ask: async ({ address }) => !machine.deaf.has(address),
    listen: async () => ({ close: () => {} }),
    notify: () => {},
    watchdog: undefined,
    usage: () => ({ memory: 0, processor: 0 }),
    close: () => {},
  }
}

/** All files of a folder, and of those below it. */
function modelFiles(machine: Machine, { paths }: Pick<FileWatchOptions, 'paths'>): FileWatch {
  const told = new Map<string, string>()
  return {
    look: () => {
      const there = [...machine.files].filter(([name]) =>
        paths.some((path) => name.startsWith(`${resolve('/', path)}/`)),
      )
      const isAway = there.length === 0
      const changed = there
        .filter(([name, text]) => told.get(name) !== text)
        .map(([name, text]) => ({ name, text }))
      const names = new Set(there.map(([name]) => name))
      const gone = isAway ? [] : [...told.keys()].filter((name) => !names.has(name))
      for (const { name, text } of changed) told.set(name, text)
      for (const name of gone) told.delete(name)
      const away = isAway ? paths.map((path) => ({ path, reason: 'it does not exist' })) : []
      return { changed, gone, away, again: undefined, isWhole: true }
    },
    forget: () => told.clear(),
    close: () => {},
  }
}
