import { spawnSync } from 'node:child_process'
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { release, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { type Change, changesBetween } from '../src/table/change.ts'
import { parseRules } from '../src/text/ipvsadm/parse-rules.ts'
import { ChangeWriter } from '../src/wire/encode-change.ts'
import { MessageWriter } from '../src/wire/message-writer.ts'
import { openIpvsLine } from '../src/world/ipvs-line.ts'
import { openKernel } from '../src/world/kernel.ts'
import { openNetlink } from '../src/world/netlink.ts'

// The part of kernel.mjs that runs in the lab. Each measurement has a network namespace of its own:
// real servers that were deleted stay in the kernel's trash for two minutes, and whatever is added
// meanwhile searches it.

/** What kernel.mjs has laid into a folder. */
interface Files {
  readonly nodeport: string
  readonly floor: string
  /** The same Services, with one address of one, and of each of them, another. */
  readonly manifests: string
  readonly oneMoved: string
  readonly eachMoved: string
}

interface Row {
  readonly id: string
  readonly ours: number
  readonly theirs: number
}

async function main([task = '', file = '', to = '']: readonly string[]): Promise<void> {
  if (task === 'send') return say(await send(file))
  if (task === 'record') return record(file, to)
  const files: Files = JSON.parse(readFileSync(file, 'utf8'))
  process.stdout.write(`${JSON.stringify(measure(files, Number(to)))}\n`)
}

/** Fills the table of this namespace. Answers how long the sending took, without the way to the kernel. */
async function send(rules: string): Promise<number> {
  const changes = changesOf(rules)
  const kernel = await openKernel()
  const start = performance.now()
  const { refusals } = await kernel.perform(changes)
  const took = performance.now() - start
  kernel.close()
  if (refusals.length > 0) throw new Error(`${refusals.length} refusals: ${refusals[0]?.code}`)
  return took / 1000
}

/** Writes the messages that fill a table, for floor.c to send. */
async function record(rules: string, to: string): Promise<void> {
  const transport = openNetlink({ datagram: 8192 })
  const { family } = await openIpvsLine(transport)
  transport.close()
  const out = new MessageWriter(65_536)
  const writer = new ChangeWriter(out, family)
  const file = openSync(to, 'w')
  for (const change of changesOf(rules)) {
    writer.write(change)
    if (out.length > 60_000) flush(file, out, writer)
  }
  flush(file, out, writer)
  closeSync(file)
}

function flush(file: number, out: MessageWriter, writer: ChangeWriter): void {
  out.acknowledgeLast()
  const bytes = out.written()
  writeSync(file, new Uint8Array(new Uint32Array([bytes.length]).buffer))
  writeSync(file, bytes)
  writer.clear()
}

function changesOf(rules: string): Change[] {
  const source = { name: rules, text: readFileSync(rules, 'utf8') }
  const { table } = parseRules(source, ({ message }) => {
    throw new Error(message)
  })
  return changesBetween([], table)
}

/** The rows, and on which kernel they were measured. */
interface Measured {
  readonly kernel: string
  readonly rows: readonly Row[]
}

function measure(laid: Files, rounds: number): Measured {
  const files = { ...laid, nodeport: installed(laid.nodeport) }
  const times = new Map<string, number[]>()
  for (let round = 0; round < rounds; round++) {
    for (const [name, time] of Object.entries(measureOnce(files))) {
      times.set(name, [...(times.get(name) ?? []), time])
    }
  }
  const of = (name: string) => (times.get(name) ?? []).toSorted((a, b) => a - b)[rounds >> 1] ?? 0
  const row = (id: string, ours: string, ...theirs: string[]): Row => ({
    id,
    ours: of(ours),
    theirs: theirs.reduce((sum, name) => sum + of(name), 0),
  })
  const rows = [
    row('load-rules', 'nodeport apply --rules', 'ipvsadm -R'),
    row('load-manifests', 'nodeport apply', 'ipvsadm -R'),
    row('send', 'sending', 'floor'),
    row('list', 'nodeport list', 'ipvsadm -Ln'),
    row('roll', 'nodeport apply --rules, each moved', 'ipvsadm-restore'),
    row('roll-manifests', 'nodeport apply, each moved', 'ipvsadm-restore'),
    row('no-change', 'nodeport apply, again', 'nodeport apply --dry-run', 'nodeport list'),
    row('one-change', 'nodeport apply, one moved', 'nodeport apply, again'),
  ]
  return { kernel: `Linux ${release()}`, rows }
}

/**
 * The program where it can be written beside, after its first runs: what V8 made of it then is kept
 * there. The tree itself cannot be written from here.
 */
function installed(nodeport: string): string {
  const [from, to] = [dirname(dirname(nodeport)), mkdtempSync(join(tmpdir(), 'installed-'))]
  for (const folder of ['bin', 'dist']) mkdirSync(join(to, folder))
  for (const file of ['nodeport.js', 'package.json']) {
    copyFileSync(join(from, 'bin', file), join(to, 'bin', file))
  }
  for (const file of readdirSync(join(from, 'dist'))) {
    if (/^nodeport\..*cjs$/.test(file))
      copyFileSync(join(from, 'dist', file), join(to, 'dist', file))
  }
  symlinkSync(join(from, 'node_modules'), join(to, 'node_modules'))
  const program = join(to, 'bin/nodeport.js')
  const manifest = join(to, 'service.json')
  writeFileSync(manifest, service)
  const apply = ['apply', '--node-ip', '192.0.2.1', '--no-drain', '--rules-only']
  inNamespace(() => {
    const ledger = ['--ledger', join(to, 'ledger.json')]
    run(['node', program, ...apply, '-f', manifest, ...ledger])
    run(['node', program, 'list'])
    return {}
  })
  return program
}

const service = JSON.stringify({
  ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' } },
  spec: { type: 'NodePort', ports: [{ port: 80 }] },
})

/** Once round; how many seconds each command took, from its start to its end. */
function measureOnce(files: Files): Record<string, number> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  const at = (name: string) => join(folder, name)
  const nodeport = (...words: string[]) => ['node', files.nodeport, ...words]
  const apply = (...words: string[]) =>
    nodeport(
      ...[
        'apply',
        '-f',
        at('manifests.json'),
        '--node-ip',
        '192.0.2.1',
        '--no-drain',
        '--rules-only',
      ],
      ...['--ledger', at('ledger.json'), ...words],
    )
  const applied = (manifests: string, ...words: string[]) => {
    copyFileSync(manifests, at('manifests.json'))
    return timed(apply(...words))
  }
  for (const [name, manifests] of [
    ['rolled', files.eachMoved],
    ['rules', files.manifests],
  ] as const) {
    copyFileSync(manifests, at('manifests.json'))
    writeFileSync(at(name), run(apply('--dry-run', '-o', 'rules')))
  }

  const theirs = inNamespace(() => ({
    'ipvsadm -R': timed(['sh', '-c', `ipvsadm -R <${at('rules')}`]),
    'ipvsadm-restore': timed(['sh', '-c', `ipvsadm-restore <${at('rolled')}`]),
  }))
  const applyRules = (rules: string) => {
    const ours = ['--rules-only', '--no-drain', '--ledger', at('rules.json')]
    return timed(nodeport('apply', '--rules', rules, ...ours))
  }
  const fromRules = inNamespace(() => ({
    'nodeport apply --rules': applyRules(at('rules')),
    'ipvsadm -Ln': timed(['sh', '-c', 'ipvsadm -Ln >/dev/null']),
    'nodeport list': timed(['sh', '-c', `node ${files.nodeport} list >/dev/null`]),
    ...expectSame(run(nodeport('list')), run(['ipvsadm', '-Ln'])),
    'nodeport apply --rules, each moved': applyRules(at('rolled')),
    ...expectSame(run(nodeport('list')), run(['ipvsadm', '-Ln'])),
  }))
  const fromManifests = inNamespace(() => ({
    'nodeport apply': applied(files.manifests),
    'nodeport apply --dry-run': applied(files.manifests, '--dry-run', '-o', 'name'),
    'nodeport apply, again': applied(files.manifests),
    'nodeport apply, one moved': applied(files.oneMoved),
    'nodeport apply, each moved': applied(files.eachMoved),
  }))
  const self = ['node', __filename]
  const sending = inNamespace(() => ({ sending: Number(run([...self, 'send', at('rules')])) }))
  const floor = inNamespace(() => {
    run([...self, 'record', at('rules'), at('messages')])
    return { floor: Number(run([files.floor, at('messages')])) }
  })
  return { ...theirs, ...fromRules, ...fromManifests, ...sending, ...floor }
}

function expectSame(ours: string, theirs: string): Record<string, never> {
  if (ours !== theirs) throw new Error('nodeport list and ipvsadm -Ln do not say the same')
  return {}
}

let namespace: string | undefined

/** Virtual servers of other namespaces stand in the way of /proc/net/ip_vs: one after another. */
function inNamespace<T>(measure: () => T): T {
  const name = `bench-${process.pid}-${performance.now() | 0}`
  run(['ip', 'netns', 'add', name])
  run(['ip', '-n', name, 'link', 'set', 'lo', 'up'])
  namespace = name
  try {
    return measure()
  } finally {
    run(['ipvsadm', '-C'])
    namespace = undefined
    run(['ip', 'netns', 'del', name])
    // The kernel clears it away in its own time, which is not to be that of who comes next.
    run(['sleep', '1'])
  }
}

function timed(words: readonly string[]): number {
  const start = performance.now()
  run(words)
  return (performance.now() - start) / 1000
}

function run(words: readonly string[]): string {
  const inside = namespace === undefined ? [] : ['nsenter', `--net=/run/netns/${namespace}`]
  const [program = '', ...rest] = [...inside, ...words]
  const { status, stdout, stderr } = spawnSync(program, rest, {
    encoding: 'utf8',
    maxBuffer: Number.POSITIVE_INFINITY,
  })
  if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`)
  return stdout
}

function say(time: number): void {
  process.stdout.write(`${time}\n`)
}

void main(process.argv.slice(2))
