import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { boot, clean, lastWords, quoted, until } from './boot.ts'
import type { Tools } from './tools.ts'

// All test files of one run of jest share one lab, though they run in several processes. Whoever
// makes a folder named after the run boots it, the others wait. It ends when jest does.

const secondsToBoot = 20

/** Jest's own process. It runs few test files itself, and many in children. */
const isChild = process.argv[1]?.includes('jest-worker') === true
const owner = isChild ? process.ppid : process.pid
const folder = join(realpathSync(tmpdir()), `nodeport-lab-of-${owner}`)
const address = join(folder, 'room')
const failure = join(folder, 'failure')

/** The room of a lab that is up and waits for letters. `build` makes the agent that reads them. */
export async function sharedRoom(tools: Tools, tree: string, build: () => string): Promise<string> {
  if (isFirst()) await bootForAll(tools, tree, build())
  else await until(() => existsSync(address) || existsSync(failure), 3000 * secondsToBoot)
  if (existsSync(address)) return readFileSync(address, 'utf8')
  throw new Error(`the lab does not boot\n${existsSync(failure) ? readFileSync(failure) : ''}`)
}

/** A lab that does not answer is left alone, and the next who asks boots another. */
export function giveUp(): void {
  rmSync(folder, { recursive: true, force: true })
}

function isFirst(): boolean {
  try {
    mkdirSync(folder)
    return true
  } catch {
    return false
  }
}

/** User-Mode Linux now and then loses a wake-up and hangs: then a second boot does it. */
async function bootForAll(tools: Tools, tree: string, agent: string): Promise<void> {
  for (let attempt = 1; attempt <= 2; attempt++) {
    const machine = boot(tools, { tree, command: `exec "$NODE" ${quoted(agent)}` })
    const ready = join(machine.room, 'ready')
    if (await until(() => existsSync(ready), 1000 * secondsToBoot)) {
      endWithOwner(machine.pid, machine.room)
      writeFileSync(address, machine.room)
      return
    }
    machine.stop()
    if (attempt === 2) writeFileSync(failure, lastWords(machine))
    clean(machine)
  }
}

/** The process that booted it may end long before the others have done with it. */
function endWithOwner(machine: number, room: string): void {
  const script = `
    while [ -d /proc/${owner} ] && [ -d /proc/${machine} ]; do sleep 1; done
    kill -KILL -- -${machine} 2>/dev/null
    rm -rf ${quoted(room)} ${quoted(folder)}`
  spawn('sh', ['-c', script], { stdio: 'ignore', detached: true }).unref()
}
