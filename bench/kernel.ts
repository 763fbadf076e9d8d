import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { changesBetween } from '../src/table/change.ts'
import { openKernel } from '../src/world/kernel.ts'
import { largeTable, rulesOf } from '../test/support/large-table.ts'
// @ts-expect-error: it is a program for Node as it stands, without types
import { writeManifests } from './manifests.mjs'

// How fast a table goes into the kernel and out of it, beside ipvsadm: by the program, from its start
// to its end, with ledger and journal; and by its way to the kernel alone. It runs in the lab, since
// it fills tables:
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
  const { jsonList: before } = writeManifests(servers)
  const after = '/tmp/after.json'
  writeFileSync(after, readFileSync(before, 'utf8').replace(/"10\.128\.\d+\.\d+"/, '"10.4.4.4"'))
  const self = [process.execPath, __filename]
  const times: Record<string, number[]> = {}
  for (let round = 0; round < rounds; round++) {
    const note = (name: string, [whole, part]: readonly [number, number]) => {
      const inner = part > 0 ? { [`${name}, without start`]: part } : {}
      for (const [key, time] of Object.entries({ [name]: whole, ...inner })) {
        times[key] = [...(times[key] ?? []), time]
      }
    }
    const apply = (...words: string[]) => {
      return timed(['nodeport', 'apply', ...words, '--ledger', `/tmp/ledger${round}.json`])
    }
    note('an empty script', timed([process.execPath, '-e', '0']))
    inNamespace(`theirs${round}`, () => {
      note('ipvsadm -R', timed(['sh', '-c', `ipvsadm -R <${rules}`]))
    })
    inNamespace(`changes${round}`, () => {
      note('changes alone', timed([...self, 'load']))
      note('ipvsadm -Ln', timed(['sh', '-c', 'ipvsadm -Ln >/dev/null']))
      note('nodeport list', timed(['sh', '-c', 'nodeport list >/dev/null']))
      note('a reading alone', timed([...self, 'list']))
      note('a reading by dumps', timed([...self, 'dump']))
    })
    inNamespace(`rules${round}`, () => {
      note('apply --rules', apply('--rules', rules))
      note('apply --rules, no change', apply('--rules', rules))
    })
    rmSync(`/tmp/ledger${round}.json`)
    inNamespace(`manifests${round}`, () => {
      note('reading and compiling', timed(['sh', '-c', `nodeport list -f ${before} >/dev/null`]))
      note('apply -f', apply('-f', before))
      note('apply -f, one endpoint', apply('-f', after, '--no-drain'))
      note('apply -f, no change', apply('-f', after))
    })
  }
  process.stdout.write(`${servers} x ${realServers}, medians of ${rounds} rounds\n`)
  const time = (name: string): number => median(times[name] ?? [])
  const unchanged = time('apply -f, no change')
  const sum = time('reading and compiling') + time('nodeport list')
  const [once, more] = [unchanged / sum, time('apply -f, one endpoint') / unchanged]
  process.stdout.write(
    `no change: ${once.toFixed(2)} x (reading, compiling and list); one endpoint: ${more.toFixed(2)} x no change\n`,
  )
  for (const [name, all] of Object.entries(times)) {
    const peer = /^(ipvsadm -Ln|nodeport list|a reading)/.test(name) ? 'ipvsadm -Ln' : 'ipvsadm -R'
    const ratio = median(times[peer] ?? []) / median(all)
    const [time, each] = [median(all).toFixed(0), all.map((one) => one.toFixed(0)).join(' ')]
    process.stdout.write(
      `${name.padEnd(34)} ${time.padStart(6)} ms ${ratio.toFixed(1).padStart(6)}x ${peer.padEnd(11)} (${each})\n`,
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
