import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { changesBetween } from '../src/table/change.ts'
import { openKernel } from '../src/world/kernel.ts'
import { largeTable, rulesOf } from '../test/support/large-table.ts'

// How fast a table goes into the kernel and out of it, beside ipvsadm. It runs in the lab, since it
// fills tables:
//
//     npm run bench:kernel -- ROUNDS
//
// Each round has a network namespace of its own: real servers that were deleted stay in the kernel's
// trash for two minutes, and whatever is added meanwhile searches it.

const servers = 5000
const realServers = 10

async function main([task]: readonly string[]): Promise<void> {
  if (task === 'load') await load()
  else if (task === 'list') await list('listed')
  else if (task === 'dump') await list('whole')
  else compare(Number(task ?? 3))
}

/** Fills the table of this namespace, and says how long the sending took. */
async function load(): Promise<void> {
  const changes = changesBetween([], largeTable(servers, realServers))
  const start = performance.now()
  const kernel = await openKernel()
  const { refusals } = await kernel.perform(changes)
  say(performance.now() - start)
  if (refusals.length > 0) throw new Error(`${refusals.length} refusals: ${refusals[0]?.code}`)
}

async function list(depth: 'listed' | 'whole'): Promise<void> {
  const start = performance.now()
  const kernel = await openKernel()
  const table = await kernel.readTable(depth)
  say(performance.now() - start)
  const count = table.reduce((sum, server) => sum + server.realServers.length, table.length)
  if (count !== servers * (realServers + 1)) throw new Error(`${count} rules are read`)
}

function say(milliseconds: number): void {
  process.stdout.write(`${milliseconds}\n`)
}

function compare(rounds: number): void {
  const rules = '/tmp/rules'
  writeFileSync(rules, rulesOf(largeTable(servers, realServers)))
  const self = [process.execPath, __filename]
  const times: Record<string, number[]> = {}
  for (let round = 0; round < rounds; round++) {
    const note = (name: string, [whole, part]: readonly [number, number]) => {
      const inner = part > 0 ? { [`${name}, without start`]: part } : {}
      for (const [key, time] of Object.entries({ [name]: whole, ...inner })) {
        times[key] = [...(times[key] ?? []), time]
      }
    }
    note('an empty script', timed([process.execPath, '-e', '0']))
    inNamespace(`theirs${round}`, () => {
      note('ipvsadm -R', timed(['sh', '-c', `ipvsadm -R <${rules}`]))
    })
    inNamespace(`ours${round}`, () => {
      note('nodeport loads', timed([...self, 'load']))
      note('ipvsadm -Ln', timed(['sh', '-c', 'ipvsadm -Ln >/dev/null']))
      note('nodeport lists', timed([...self, 'list']))
      note('nodeport dumps', timed([...self, 'dump']))
    })
  }
  process.stdout.write(`${servers} x ${realServers}, medians of ${rounds} rounds\n`)
  for (const [name, all] of Object.entries(times)) {
    const peer = /load|-R/.test(name) ? 'ipvsadm -R' : 'ipvsadm -Ln'
    const ratio = median(times[peer] ?? []) / median(all)
    const [time, each] = [median(all).toFixed(0), all.map((one) => one.toFixed(0)).join(' ')]
    process.stdout.write(
      `${name.padEnd(31)} ${time.padStart(6)} ms ${ratio.toFixed(1).padStart(6)}x  (${each})\n`,
    )
  }
}

let namespace = ''

/** Virtual servers of other namespaces stand in the way of /proc/net/ip_vs: one after another. */
function inNamespace(name: string, run: () => void): void {
  const ip = (...words: string[]) => spawnSync('ip', words)
  ip('netns', 'add', name)
  ip('-n', name, 'link', 'set', 'lo', 'up')
  namespace = name
  run()
  timed(['ipvsadm', '-C'])
  ip('netns', 'del', name)
  namespace = ''
}

/** How long a command takes, and what it says of it. */
function timed(argv: readonly string[]): [number, number] {
  const words = namespace === '' ? argv : ['nsenter', `--net=/run/netns/${namespace}`, ...argv]
  const [program = '', ...rest] = words
  const start = performance.now()
  const { status, stdout, stderr } = spawnSync(program, rest)
  const whole = performance.now() - start
  if (status !== 0) throw new Error(`${argv.join(' ')}: ${stderr}`)
  return [whole, Number.parseFloat(stdout.toString()) || 0]
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0
}

void main(process.argv.slice(2))
