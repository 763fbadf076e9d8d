import { type ChildProcess, spawn } from 'node:child_process'
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { find, type Tools } from './tools.ts'

/** A kernel of its own, running one command over this machine's files. */
export interface Machine {
  /** The folder in which host and lab leave letters for each other: /run/room in the lab. */
  readonly room: string
  /** The number of its process, and of the group of all its processes. */
  readonly pid: number
  /** The exit code of the command, once it has ended; nothing if the kernel ended without it. */
  readonly ended: Promise<number | undefined>
  readonly stop: () => void
}

export interface BootOptions {
  readonly tree: string
  /** What the lab runs, in the words of sh. */
  readonly command: string
  /** Which of this machine's processors it has: two labs at once have two. */
  readonly processor?: 'first' | 'last'
  /** Is a person at the terminal? Else nothing is heard from the kernel's console. */
  readonly interactive?: boolean
}

const megabytes = 1024

/** Boots the lab. What it needs of this machine is seen in it under the same path. */
export function boot(tools: Tools, options: BootOptions): Machine {
  const { tree, command, interactive = false, processor = 'last' } = options
  const room = mkdtempSync(join(realpathSync(tmpdir()), 'nodeport-lab-'))
  for (const folder of ['requests', 'answers']) mkdirSync(join(room, folder))
  writeFileSync(join(room, 'settings'), settings(tools, tree, command))
  copyFileSync(join(tree, 'test/lab/init'), join(room, 'init'))
  const console = interactive ? ['con0=fd:0,fd:1', 'con=null'] : ['con=null']
  const words = [
    tools.kernel,
    ...[`mem=${megabytes}M`, 'rootfstype=hostfs', 'rootflags=/', 'ro', 'quiet', ...console],
    // New kernels know a faster way to run programs; to others the word means nothing.
    'seccomp=auto',
    ...[`init=${join(room, 'init')}`, `room=${room}`, ...terminalSettings(interactive)],
  ]
  const machine = start([...pinned(processor), ...words], room, interactive)
  return {
    room,
    pid: machine.pid ?? 0,
    ended: new Promise((resolve) => {
      machine.once('exit', () => {
        resolve(codeIn(room))
      })
    }),
    stop: () => stop(machine),
  }
}

/** Letters must not outlive the lab. */
export function clean({ room }: Machine): void {
  rmSync(room, { recursive: true, force: true })
}

/** The kernel's last words, for when something went wrong. */
export function lastWords({ room }: Machine): string {
  const path = join(room, 'console')
  return existsSync(path) ? readFileSync(path, 'utf8').slice(-2000) : ''
}

export async function until(condition: () => boolean, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds
  while (!condition()) {
    if (Date.now() > deadline) return false
    await sleep(5)
  }
  return true
}

function start(words: readonly string[], room: string, interactive: boolean): ChildProcess {
  const [program = '', ...rest] = words
  // Without a HOME, where it notes that it runs, the kernel panics.
  const env = { ...process.env, TMPDIR: placeForMemory(), HOME: room }
  if (interactive) return spawn(program, rest, { stdio: 'inherit', env })
  const log = openSync(join(room, 'console'), 'w')
  // A group of its own, so that all of the kernel's processes can be ended by its number.
  const machine = spawn(program, rest, { stdio: ['ignore', log, log], env, detached: true })
  closeSync(log)
  machine.unref()
  return machine
}

/** The kernel keeps its memory in a file, from which it must be able to run: not so in every container. */
function placeForMemory(): string {
  return fits('/dev/shm') ? '/dev/shm' : realpathSync(tmpdir())
}

function fits(folder: string): boolean {
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n')
  const [, , , options = ''] =
    mounts.find((line) => line.split(' ')[1] === folder)?.split(' ') ?? []
  if (options === '' || options.split(',').includes('noexec')) return false
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize > 1.1 * megabytes * 2 ** 20
}

function stop(machine: ChildProcess): void {
  if (machine.pid === undefined || machine.exitCode !== null || machine.signalCode !== null) return
  try {
    process.kill(-machine.pid, 'SIGKILL')
  } catch {
    machine.kill('SIGKILL')
  }
}

/**
 * On one processor it is three to nine times faster: its processes are traced by one that need not
 * be woken up elsewhere. Labs of several runs had better not all take the same.
 */
function pinned(processor: 'first' | 'last'): readonly string[] {
  const status = readFileSync('/proc/self/status', 'utf8')
  const [, first, last = first] = /^Cpus_allowed_list:\s*(\d+)(?:.*?(\d+))?$/m.exec(status) ?? []
  const number = processor === 'first' ? first : last
  const taskset = find('taskset')
  return taskset === undefined || number === undefined ? [] : [taskset, '-c', number]
}

function terminalSettings(interactive: boolean): readonly string[] {
  if (!interactive) return []
  const { rows = 24, columns = 80 } = process.stdout
  return [`rows=${rows}`, `columns=${columns}`, `TERM=${process.env.TERM ?? 'linux'}`]
}

function settings(tools: Tools, tree: string, command: string): string {
  const { kernelModules } = tools
  const folders = [join(tree, 'node_modules'), kernelModules].map((path) => realpathSync(path))
  const visible = [tree, ...folders, dirname(process.execPath)]
  const variables = {
    KERNEL_MODULES: tools.kernelModules,
    KMOD: tools.kmod,
    NODE: process.execPath,
    TREE: tree,
    VISIBLE: visible.join('\n'),
    COMMAND: command,
  }
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${quoted(value)}\n`)
    .join('')
}

/** A word of sh that means itself. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

function codeIn(room: string): number | undefined {
  const path = join(room, 'code')
  return existsSync(path) ? Number(readFileSync(path, 'utf8')) : undefined
}
