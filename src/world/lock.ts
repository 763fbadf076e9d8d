import { createHash } from 'node:crypto'
import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { createServer, type Server } from 'node:net'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { bootId } from './boot-id.ts'
import { codeOf, isTemporary, reasonOf } from './files.ts'
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
  const patience: Patience = { deadline: Date.now() + timeoutMs, waiting, hasWaited: false }
  const table = await patiently(lockTable, patience, "the kernel's table")
  try {
    const file = await patiently(async () => lockFile(ledger), patience, `"${ledger}"`)
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

interface Patience {
  readonly deadline: number
  readonly waiting: () => void
  hasWaited: boolean
}

async function patiently(
  attempt: () => Promise<Lock | undefined>,
  patience: Patience,
  what: string,
): Promise<Lock> {
  for (let pause = 5; ; pause = Math.min(200, pause * 2)) {
    const taken = await attempt()
    if (taken !== undefined) return taken
    if (Date.now() >= patience.deadline) {
      throw new WorldError(`another nodeport is at work on ${what}`, {
        help: 'try again, or wait longer with --lock-timeout',
      })
    }
    if (!patience.hasWaited) patience.waiting()
    patience.hasWaited = true
    await new Promise((resolve) => setTimeout(resolve, pause + Math.random() * pause))
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
  try {
    mkdirSync(dirname(path), { recursive: true })
    if (create(path)) {
      sweepLeftovers(ledger)
      return { release: () => rmSync(path, { force: true }) }
    }
    const theirs = readIfThere(path)
    if (theirs !== undefined && isGone(theirs)) sweep(path, theirs)
    return undefined
  } catch (cause) {
    throw new WorldError(`"${ledger}" cannot be locked: ${reasonOf(cause)}`, {
      help: 'give permission to its folder, or name another with --ledger',
      cause,
    })
  }
}

/** Made under another name first, so that nobody ever reads half of it. */
function create(path: string): boolean {
  // Cryptography would take longer to load than all the rest of a lock.
  const temporary = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`
  const file = openSync(temporary, 'wx')
  writeSync(file, JSON.stringify(self()))
  closeSync(file)
  try {
    linkSync(temporary, path)
    return true
  } catch (error) {
    // Somebody was first, or has swept away what was taken for a leftover: then try again.
    if (codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOENT') return false
    throw error
  } finally {
    rmSync(temporary, { force: true })
  }
}

/**
 * Takes away a lock whose process is gone. Only one may do so: by the time that a second one gets to
 * it, a third may have made a lock of his own there. So the right to it is a lock in turn, named
 * after what is to be taken away.
 */
function sweep(path: string, dead: string): void {
  const right = `${path}.${createHash('sha1').update(dead).digest('hex').slice(0, 8)}`
  if (!create(right)) {
    const theirs = readIfThere(right)
    if (theirs !== undefined && isGone(theirs)) sweep(right, theirs)
    return
  }
  try {
    if (readIfThere(path) === dead) rmSync(path, { force: true })
  } finally {
    rmSync(right, { force: true })
  }
}

/**
 * Takes away what others had begun to write when they were killed. Nobody but who has the lock
 * writes the ledger, so that whatever is half written there is a leftover.
 */
function sweepLeftovers(ledger: string): void {
  const [folder, name] = [dirname(ledger), basename(ledger)]
  for (const entry of readdirSync(folder)) {
    if (!entry.startsWith(`${name}.`)) continue
    const path = join(folder, entry)
    const isHalfWritten = isTemporary(entry)
    const isLock = entry.startsWith(`${name}.lock.`) && isGone(readIfThere(path) ?? '')
    if (isHalfWritten || isLock) rmSync(path, { force: true })
  }
}

/** A process, told apart from all that had or will have its number. */
interface Owner {
  readonly host: string
  readonly boot: string
  readonly pid: number
  /** When it started, in ticks since the boot. */
  readonly started: string
  /** Its namespaces: of process numbers, which mean something in one only, and of the network. */
  readonly processes: string
  readonly network: string
}

function self(): Owner {
  const { pid } = process
  return {
    host: hostname(),
    boot: bootId(),
    pid,
    started: startOf(pid),
    processes: namespaceOf('pid'),
    network: namespaceOf('net'),
  }
}

/** In doubt it is there still: a lock too many can be taken away by hand. */
function isGone(text: string): boolean {
  const { host, boot, pid, started, processes, network } = ownerIn(text)
  if (pid === undefined) return true
  if (host !== hostname()) return false
  if (boot !== bootId()) return true
  // Whoever has a ledger's lock has its table's too, and that one is ours now.
  if (network !== '' && network === namespaceOf('net')) return true
  if (processes !== namespaceOf('pid')) return false
  return started === '' ? !isRunning(pid) : startOf(pid) !== started
}

function ownerIn(text: string): Partial<Owner> {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

/** The 22nd field of /proc/PID/stat; the second may contain blanks and brackets. */
function startOf(pid: number): string {
  const stat = readIfThere(`/proc/${pid}/stat`)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

function namespaceOf(kind: 'pid' | 'net'): string {
  try {
    return readlinkSync(`/proc/self/ns/${kind}`)
  } catch {
    return ''
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
