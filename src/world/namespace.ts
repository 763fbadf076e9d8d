import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { WorldError } from './world.ts'

// Node cannot enter a network namespace, so the program begins again in it. nsenter, which is a part
// of util-linux, does that for names, paths and processes; ip knows names alone.

/**
 * Runs this program in a network namespace, with other words, and answers its exit code. A
 * namespace goes by its name, the path of its file, or the number of a process in it.
 */
export async function runInNamespace(
  wish: string,
  words: readonly string[],
  process: NodeJS.Process,
): Promise<number> {
  const [program, ...before] = wayInto(wish)
  const self = [process.execPath, ...process.execArgv, process.argv[1] ?? '']
  const child = spawn(program, [...before, ...self, ...words], { stdio: 'inherit' })
  // The terminal tells both of Ctrl-C; what others send to this process alone is passed on.
  const wait = () => {}
  const passOn = (signal: NodeJS.Signals) => void child.kill(signal)
  process.on('SIGINT', wait).on('SIGTERM', passOn).on('SIGHUP', passOn)
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (exitCode, signal) => {
      resolve(exitCode ?? 128 + constants.signals[signal ?? 'SIGKILL'])
    })
  })
  process.off('SIGINT', wait).off('SIGTERM', passOn).off('SIGHUP', passOn)
  return code
}

/** The words before a command that let it run there; they are tried out first. */
function wayInto(wish: string): readonly [string, ...string[]] {
  const path = pathOf(wish)
  const ways = [['nsenter', `--net=${path}`, '--'] as const]
  const all = path.endsWith(`/netns/${wish}`)
    ? [...ways, ['ip', 'netns', 'exec', wish] as const]
    : ways
  let trouble = ''
  for (const way of all) {
    const [program, ...words] = way
    const { status, error, stderr } = spawnSync(program, [...words, 'true'], { encoding: 'utf8' })
    if (status === 0) return way
    // A program that is missing says less than one that was refused.
    if (error === undefined) trouble ||= stderr.trim()
  }
  throw trouble === ''
    ? new WorldError(`there is no program to enter the network namespace "${wish}" with`, {
        help: 'install util-linux, which has nsenter',
      })
    : new WorldError(`the network namespace "${wish}" cannot be entered: ${trouble}`, {
        help: 'run it as root',
      })
}

/** Names come first: one may look like the number of a process. */
function pathOf(wish: string): string {
  if (wish.includes('/') && existsSync(wish)) return wish
  const named = ['/run/netns', '/var/run/netns'].map((folder) => `${folder}/${wish}`)
  const path = wish.includes('/') ? undefined : named.find((candidate) => existsSync(candidate))
  if (path !== undefined) return path
  if (/^[0-9]+$/.test(wish) && existsSync(`/proc/${wish}`)) return `/proc/${wish}/ns/net`
  throw new WorldError(`there is no network namespace "${wish}"`, {
    help: 'give its name as in `ip netns list`, the path of its file, or the number of a process in it',
  })
}
