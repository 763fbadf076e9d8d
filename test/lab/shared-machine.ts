import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BootOptions, boot, clean, lastWords, quoted, until } from './boot.ts'
import type { Kind, Tools } from './tools.ts'

// All test files of one run of jest share one lab, though they run in several processes. Whoever
// makes a folder named after the run boots it, the others wait. It ends when jest does.

const secondsToBoot = 20

/** Jest's own process. It runs few test files itself, and many in children. */
const isChild = process.argv[1]?.includes('jest-worker') === true
const owner = isChild ? process.ppid : process.pid

interface Signs {
  readonly folder: string
  /** Says in which room its letters are left. */
  readonly address: string
  readonly failure: string
}

function signsOf(kind: Kind): Signs {
  const folder = join(realpathSync(tmpdir()), `nodeport-lab-${kind}-of-${owner}`)
  return { folder, address: join(folder, 'room'), failure: join(folder, 'failure') }
}

/** The room of a lab that is up and waits for letters. `build` makes the agent that reads them. */
export async function sharedRoom(
  kind: Kind,
  tools: Tools,
  tree: string,
  build: () => string,
): Promise<string> {
  const signs = signsOf(kind)
  const { address, failure } = signs
  const processor = kind === 'usual' ? 'last' : 'first'
  if (isFirst(signs)) await bootForAll(tools, { tree, processor, agent: build() }, signs)
  else await until(() => existsSync(address) || existsSync(failure), 3000 * secondsToBoot)
  if (existsSync(address)) return readFileSync(address, 'utf8')
  throw new Error(`the lab does not boot\n${existsSync(failure) ? readFileSync(failure) : ''}`)
}

/** A lab that does not answer is left alone, and the next who asks boots another. */
export function giveUp(kind: Kind): void {
  rmSync(signsOf(kind).folder, { recursive: true, force: true })
}

function isFirst({ folder }: Signs): boolean {
  try {
    mkdirSync(folder)
    return true
  } catch {
    return false
  }
}

/** User-Mode Linux now and then loses a wake-up and hangs: then a second boot does it. */
async function bootForAll(
  tools: Tools,
  { agent, ...where }: Pick<BootOptions, 'tree' | 'processor'> & { readonly agent: string },
  { folder, address, failure }: Signs,
): Promise<void> {
  for (let attempt = 1; attempt <= 2; attempt++) {
    const machine = boot(tools, { ...where, command: `exec "$NODE" ${quoted(agent)}` })
    const ready = join(machine.room, 'ready')
    if (await until(() => existsSync(ready), 1000 * secondsToBoot)) {
      endWithOwner(machine.pid, [machine.room, folder])
      writeFileSync(address, machine.room)
      return
    }
    machine.stop()
    if (attempt === 2) writeFileSync(failure, lastWords(machine))
    clean(machine)
  }
}

/** The process that booted it may end long before the others have done with it. */
function endWithOwner(machine: number, folders: readonly string[]): void {
  const script = `
    while [ -d /proc/${owner} ] && [ -d /proc/${machine} ]; do sleep 1; done
    kill -KILL -- -${machine} 2>/dev/null
    rm -rf ${folders.map(quoted).join(' ')}`
  spawn('sh', ['-c', script], { stdio: 'ignore', detached: true }).unref()
}
