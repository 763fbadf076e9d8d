import { spawn } from 'node:child_process'
import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type ApiWatchOptions, watchApi } from './api-watch.ts'
import { ask, type Question } from './ask.ts'
import { type FileWatch, type FileWatchOptions, watchFiles } from './file-watch.ts'
import { reasonOf, temporaryOf } from './files.ts'
import { type FleetWatch, type FleetWatchOptions, watchFleet } from './fleet-watch.ts'
import { type Parts, wholeOf } from './pieces.ts'
import { type Answerer, type Listener, listen, type Place } from './sockets.ts'
import { WorldError } from './world.ts'

/** What somebody needs besides who stays and watches: ears, patience, and a clock that never jumps. */
export interface Watchpost {
  /** Milliseconds since some moment. */
  readonly elapsed: () => number
  readonly watchFiles: (options: Omit<FileWatchOptions, 'cwd'>) => FileWatch
  readonly watchApi: (options: ApiWatchOptions) => FileWatch
  readonly watchFleet: (options: FleetWatchOptions) => FleetWatch
  /** Waits until something stirs, at most so long. */
  readonly wait: (milliseconds: number) => Promise<void>
  /** Lets whoever waits go on. */
  readonly stir: () => void
  /** Signals that came since it was last asked. */
  readonly signals: () => readonly WatchSignal[]
  /** Writes a file whole, though not for good: it is lost where the machine itself fails now. */
  readonly jot: (path: string, text: Parts) => void
  /** What tells a file from any other that had its name; nothing where there is none. */
  readonly stampOf: (path: string) => string
  readonly listen: (place: Place, answer: Answerer) => Promise<Listener>
  readonly ask: (question: Question) => Promise<boolean>
  /** Tells the service manager, if there is one who wants to know. */
  readonly notify: (states: readonly string[]) => void
  /** How often the service manager wants to hear that all is well, in milliseconds. */
  readonly watchdog: number | undefined
  /** How much memory the program takes, and how much processor time it took, in bytes and seconds. */
  readonly usage: () => { readonly memory: number; readonly processor: number }
  readonly close: () => void
}

export type WatchSignal = (typeof signals)[number]
const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

export interface WatchpostOptions {
  readonly cwd: string
  readonly pid: number
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Takes up the watch: from now on signals are noted and end nothing. */
export function takeUpWatch({ cwd, pid, env }: WatchpostOptions): Watchpost {
  let wake = () => {}
  let hasStirred = false
  const stir = () => {
    hasStirred = true
    wake()
  }
  const noted: WatchSignal[] = []
  const listeners = signals.map((signal) => {
    const note = () => {
      noted.push(signal)
      stir()
    }
    process.on(signal, note)
    return () => process.off(signal, note)
  })
  return {
    elapsed: () => performance.now(),
    watchFiles: (options) => watchFiles({ ...options, cwd }),
    watchApi,
    watchFleet,
    wait: async (milliseconds) => {
      if (!hasStirred) {
        await new Promise<void>((resolve) => {
          // A timer takes no longer than this.
          const timer = setTimeout(resolve, Math.min(milliseconds, 2 ** 31 - 1))
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      wake = () => {}
      hasStirred = false
    },
    stir,
    signals: () => noted.splice(0),
    jot: (path, text) => jot(path, text, pid),
    stampOf,
    ask,
    listen,
    notify: (states) => notify(states, env),
    watchdog: watchdogOf(env, pid),
    usage: () => {
      const { user, system } = process.cpuUsage()
      return { memory: process.memoryUsage.rss(), processor: (user + system) / 1e6 }
    },
    close: () => {
      for (const leave of listeners) leave()
    },
  }
}

function jot(path: string, text: Parts, pid: number): void {
  const temporary = temporaryOf(path, pid)
  try {
    mkdirSync(dirname(path), { recursive: true })
    try {
      writeFileSync(temporary, wholeOf(text))
      renameSync(temporary, path)
    } catch (cause) {
      rmSync(temporary, { force: true })
      throw cause
    }
  } catch (cause) {
    throw new WorldError(`"${path}" cannot be written: ${reasonOf(cause)}`, {
      help: 'make room or give permission',
      cause,
    })
  }
}

function stampOf(path: string): string {
  try {
    const { ino, size, mtimeNs } = statSync(path, { bigint: true })
    return `${ino} ${size} ${mtimeNs}`
  } catch {
    return ''
  }
}

/**
 * systemd listens on a socket of a kind that Node cannot open. Its own program can, and it is there
 * where systemd is; it is told what to say as words, and no shell sees them.
 */
function notify(states: readonly string[], env: WatchpostOptions['env']): void {
  if (env.NOTIFY_SOCKET === undefined) return
  const child = spawn('systemd-notify', [...states], { stdio: 'ignore', env: { ...env } })
  child.on('error', () => {})
  child.unref()
}

function watchdogOf({ WATCHDOG_USEC, WATCHDOG_PID }: WatchpostOptions['env'], pid: number) {
  if (WATCHDOG_USEC === undefined) return undefined
  if (WATCHDOG_PID !== undefined && WATCHDOG_PID !== String(pid)) return undefined
  const milliseconds = Number(WATCHDOG_USEC) / 1000
  return milliseconds > 0 ? milliseconds : undefined
}
