import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { createServer, type Server } from 'node:net'
import { dirname } from 'node:path'
import { codeOf, reasonOf } from './files.ts'
import { WorldError } from './world.ts'

/** Held until it is let go of, or until the process that holds it ends, however it ends. */
export interface Lock {
  readonly release: () => void
}

export interface LockWish {
  readonly ledger: string
  readonly timeoutMs: number
  /** Called once, if somebody else has the lock. */
  readonly waiting: () => void
}

/**
 * One writer at a time, of a ledger and of the kernel's table. The table's lock is an abstract
 * socket: there is one of the name in a network namespace, and the kernel takes it away with its
 * process. The ledger's is a file beside it, since namespaces may share a ledger.
 */
export async function lock({ ledger, timeoutMs, waiting }: LockWish): Promise<Lock> {
  const deadline = Date.now() + timeoutMs
  const table = await patiently(() => lockTable(), deadline, waiting, "the kernel's table")
  try {
    const file = await patiently(async () => lockFile(ledger), deadline, waiting, `"${ledger}"`)
    return {
      release: () => {
        file.release()
        table.release()
      },
    }
  } catch (error) {
    table.release()
    throw error
  }
}

async function patiently(
  attempt: () => Promise<Lock | undefined>,
  deadline: number,
  waiting: () => void,
  what: string,
): Promise<Lock> {
  let pause = 5
  for (let first = true; ; first = false) {
    const taken = await attempt()
    if (taken !== undefined) return taken
    if (Date.now() >= deadline) {
      throw new WorldError(`another nodeport is at work on ${what}`, {
        help: 'try again, or wait longer with --lock-timeout',
      })
    }
    if (first) waiting()
    await new Promise((resolve) => setTimeout(resolve, pause + Math.random() * pause))
    pause = Math.min(200, pause * 2)
  }
}

/** Padded to the full length, so that every version of Node means the same name. */
const socketName = `\0nodeport-table${'\0'.repeat(93)}`

async function lockTable(): Promise<Lock | undefined> {
  if (process.platform !== 'linux') return { release: () => {} }
  const server = createServer((socket) => socket.destroy())
  const code = await new Promise<string | undefined>((resolve) => {
    server.once('error', (error) => resolve(codeOf(error) ?? 'EIO'))
    server.listen({ path: socketName }, () => resolve(undefined))
  })
  if (code === 'EADDRINUSE') return undefined
  if (code !== undefined) throw new WorldError(`the kernel's table cannot be locked: ${code}`)
  return { release: () => close(server) }
}

function close(server: Server): void {
  server.unref()
  server.close()
}

/** A lock file says which process made it, so that one left behind by a crash is seen through. */
function lockFile(ledger: string): Lock | undefined {
  const path = `${ledger}.lock`
  const mine = JSON.stringify(ownerOf(process.pid))
  try {
    mkdirSync(dirname(path), { recursive: true })
    if (create(path, mine)) return { release: () => rmSync(path, { force: true }) }
  } catch (cause) {
    throw new WorldError(`"${ledger}" cannot be locked: ${reasonOf(cause)}`, {
      help: 'give permission to its folder, or name another with --ledger',
      cause,
    })
  }
  const theirs = readIfThere(path)
  if (theirs !== undefined && !isAlive(theirs)) sweep(path, theirs)
  return undefined
}

function create(path: string, text: string): boolean {
  // Made under another name first, so that nobody ever reads half of it.
  const temporary = `${path}.${process.pid}`
  const file = openSync(temporary, 'w')
  writeSync(file, text)
  closeSync(file)
  try {
    linkSync(temporary, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  } finally {
    rmSync(temporary, { force: true })
  }
}

/**
 * Takes away a lock whose process is gone. Somebody else may have done so in the meantime and hold
 * a lock of his own there, so what is moved away is looked at, and put back if it is alive.
 */
function sweep(path: string, dead: string): void {
  const aside = `${path}.${createHash('sha1').update(dead).digest('hex').slice(0, 8)}.${process.pid}`
  try {
    renameSync(path, aside)
    if (readFileSync(aside, 'utf8') !== dead && !existsSync(path)) linkSync(aside, path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'EEXIST') throw error
  } finally {
    rmSync(aside, { force: true })
  }
}

interface Owner {
  readonly pid: number
  /** When it started, in ticks since the boot: process numbers come around again. */
  readonly started: string
  readonly boot: string
}

function ownerOf(pid: number): Owner {
  return { pid, started: startOf(pid) ?? '', boot: bootId() }
}

function isAlive(text: string): boolean {
  let owner: Partial<Owner>
  try {
    owner = JSON.parse(text)
  } catch {
    return false
  }
  const { pid, started, boot } = owner
  if (pid === undefined || boot !== bootId()) return false
  return startOf(pid) === started
}

/** The 22nd field of /proc/PID/stat; the second may contain blanks and brackets. */
function startOf(pid: number): string | undefined {
  const stat = readIfThere(`/proc/${pid}/stat`)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
}

function bootId(): string {
  return readIfThere('/proc/sys/kernel/random/boot_id')?.trim() ?? ''
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
