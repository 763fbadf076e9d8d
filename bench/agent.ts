import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseIP } from '../src/address/ip.ts'
import type { VirtualServer } from '../src/table/virtual-server.ts'
import { type Kernel, openKernel } from '../src/world/kernel.ts'
import { manifestText, serviceText, sliceText } from '../test/support/watched.ts'

// How long a change of one endpoint takes from the file to the kernel, and what it costs, beside an
// apply of everything. It runs in the lab:
//
//     npm run bench:agent -- CHANGES
//
// In the first round every Service has a file of its own, in the second all of them share one.

const services = 2000
const each = 10
const folder = '/run/bench'

async function main([count = '200', kind]: readonly string[]): Promise<void> {
  const changes = Number(count)
  if (kind === 'many') await round('a file for each Service', changes, (index) => `s${index}`)
  else if (kind === 'one') await round('one file for all', changes, () => 'all')
  else {
    // Each round has a network namespace of its own: what others deleted would slow it down.
    for (const own of ['many', 'one']) {
      const self = `ip link set lo up; exec ${process.execPath} ${__filename} ${count} ${own}`
      spawnSync('unshare', ['-n', 'sh', '-c', self], { stdio: 'inherit' })
    }
  }
}

async function round(
  title: string,
  count: number,
  nameOf: (index: number) => string,
): Promise<void> {
  const fileOf = (index: number) => `${folder}/m/${nameOf(index)}.yaml`
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(`${folder}/m`, { recursive: true })
  const texts = Array.from({ length: services }, (_, index) => textOf(index, 0))
  const files = new Map<string, number[]>()
  for (let index = 0; index < services; index++) {
    const file = fileOf(index)
    files.set(file, [...(files.get(file) ?? []), index])
  }
  const write = (file: string) => {
    const text = manifestText(...(files.get(file) ?? []).map((index) => texts[index] ?? ''))
    writeFileSync(`${file}.new`, text)
    return () => renameSync(`${file}.new`, file)
  }
  for (const file of files.keys()) write(file)()

  const agent = startAgent()
  await agent.ready
  const kernel = await openKernel()
  const before = processorTime(agent.child)
  const times: number[] = []
  const begun = performance.now()
  for (let change = 1; change <= count; change++) {
    const index = (change * 7919) % services
    texts[index] = textOf(index, change)
    const put = write(fileOf(index))
    await sleep(110)
    const start = performance.now()
    put()
    await seen(kernel, index, change)
    times.push(performance.now() - start)
  }
  const lasted = performance.now() - begun
  const spent = processorTime(agent.child) - before
  kernel.close()
  agent.child.kill('SIGTERM')
  await new Promise((done) => agent.child.once('exit', done))
  const apply = timeOfApply()
  times.sort((a, b) => a - b)
  const at = (part: number) => (times[Math.floor(part * (times.length - 1))] ?? 0).toFixed(1)
  process.stdout.write(
    [
      `${title}: ${services} Services x ${each} endpoints, ${count} changes`,
      `  from the file to the kernel: median ${at(0.5)} ms, 99th percentile ${at(0.99)} ms, worst ${at(1)} ms`,
      `  processor time of the agent: ${((1000 * spent) / count).toFixed(1)} ms a change, ${((100_000 * spent) / lasted).toFixed(1)} % meanwhile`,
      `  ready after ${agent.readyAfter().toFixed(0)} ms; memory ${memoryOf} MB`,
      `  an apply of everything, nothing to change: ${apply.toFixed(0)} ms`,
      '',
    ].join('\n'),
  )
}

let memoryOf = ''

function startAgent() {
  const words = [
    'bin/nodeport.js',
    'agent',
    '-f',
    `${folder}/m`,
    '--ledger',
    `${folder}/ledger.json`,
    '--rules-only',
  ]
  const start = performance.now()
  const child = spawn(process.execPath, [...words, '--node-ip', '192.168.10.10'], {
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  let readyAt = 0
  const ready = new Promise<void>((resolve, reject) => {
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said += text
      if (said.includes('ready:') && readyAt === 0) {
        readyAt = performance.now()
        resolve()
      } else if (readyAt > 0) process.stderr.write(text)
    })
    child.once('exit', () => reject(new Error(said)))
  })
  return { child, ready, readyAfter: () => readyAt - start }
}

function timeOfApply(): number {
  const words = ['bin/nodeport.js', 'apply', '-f', `${folder}/m`, '--set', 'agent', '--rules-only']
  const start = performance.now()
  const more = ['--ledger', `${folder}/ledger.json`, '--node-ip', '192.168.10.10']
  const { status, stderr } = spawnSync(process.execPath, [...words, ...more], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return performance.now() - start
}

/** One endpoint of a Service differs from one generation to the next. */
function textOf(index: number, generation: number): string {
  const addresses = Array.from({ length: each - 1 }, (_, i) => addressAt(index * each + i))
  const last = `10.${128 + (generation % 100)}.${index >> 8}.${index & 255}`
  return manifestText(
    serviceText(`s${index}`, { clusterIP: clusterIPOf(index) }),
    sliceText(`s${index}`, [...addresses, last]),
  )
}

function clusterIPOf(index: number): string {
  return `10.97.${index >> 8}.${index & 255}`
}

function addressAt(index: number): string {
  return `10.${64 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`
}

/** Waits until the kernel has the real server of a generation. */
async function seen(kernel: Kernel, index: number, generation: number): Promise<void> {
  const address = parseIP(clusterIPOf(index))
  const last = `10.${128 + (generation % 100)}.${index >> 8}.${index & 255}`
  if (address === undefined) throw new Error('no address')
  const asked: VirtualServer = {
    ...{ family: 'IPv4', protocol: 6, address, port: 80, fwmark: 0, scheduler: 'rr', flags: 0 },
    ...{ timeout: 0, netmask: 0xffffffff, engine: undefined, realServers: [] },
  }
  for (let waited = 0; waited < 10_000; waited++) {
    const found = await kernel.readServer(asked, 'whole')
    if (found?.realServers.some((real) => real.address === last) === true) return
    await sleep(0.2)
  }
  throw new Error(`the kernel never had ${last}`)
}

function processorTime({ pid }: ChildProcess): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const [user = 0, system = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number)
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  memoryOf = String(Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024))
  return (user + system) / 100
}

void main(process.argv.slice(2))
