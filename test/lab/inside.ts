import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import fs, {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer } from 'node:net'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { main as runProgram } from '../../src/command/main.ts'
import { changesBetween } from '../../src/table/change.ts'
import { printChange } from '../../src/text/ipvsadm/change-rules.ts'
import { type Kernel, openKernel } from '../../src/world/kernel.ts'
import { runInNamespace } from '../../src/world/namespace.ts'
import { openNetlink } from '../../src/world/netlink.ts'
import { type Parts, wholeOf } from '../../src/world/pieces.ts'
import { realWorld } from '../../src/world/real-world.ts'
import { reasonOf } from '../../src/world/refusal.ts'
import { LostAnswers } from '../../src/world/transport.ts'
import type { Transports } from '../../src/world/transports.ts'
import { type World, WorldError } from '../../src/world/world.ts'
import { ModelApiServer } from '../support/api-server.ts'
import { largeTable } from '../support/large-table.ts'
import { manifestText, serviceText, sliceText } from '../support/watched.ts'
import { quoted } from './boot.ts'
import type { Errand, ErrandDone } from './letters.ts'

/** What a function has at hand that runs in the lab: it sees nothing of the file it is written in. */
export const inside = {
  openKernel,
  openNetlink,
  LostAnswers,
  changesBetween,
  reasonOf,
  largeTable,
  ipvsadm,
  countedTransports,
  troubleOf,
  startAgent,
  put,
  remove: (path: string) => rmSync(path, { recursive: true, force: true }),
  ModelApiServer,
  manifestText,
  serviceText,
  sliceText,
  nodeport,
  program,
  scratch,
  fs,
  printChange,
  sleep,
  connect,
  createServer,
  commandOutput,
}
export type Inside = typeof inside
export type { Kernel, World }

/** The judge: what ipvsadm prints, or does with the rules that it is given. */
function ipvsadm(words: readonly string[], stdin = ''): string {
  shell ??= openShell()
  return shell(['ipvsadm', ...words], stdin)
}

type Shell = (argv: readonly string[], stdin: string) => string
let shell: Shell | undefined

/**
 * To start a program takes a large process like this one long in the lab, and a small shell no time.
 * So a shell does it for us: it waits at one pipe for the word to go, and says at another what came
 * of it.
 */
function openShell(): Shell {
  const folder = scratch()
  const [asked, done] = [`${folder}/asked`, `${folder}/done`]
  const [command, input, output] = [`${folder}/command`, `${folder}/input`, `${folder}/output`]
  execFileSync('mkfifo', [asked, done])
  const [ask, hear] = [fs.openSync(asked, 'r+'), fs.openSync(done, 'r+')]
  // The answer comes when the command's file is read to its end, since the next is written into it.
  const loop = `exec 3<${asked} 4>${done}; while read -r _ <&3; do . ${command}; echo $? >&4; done`
  spawn('sh', ['-c', loop], { stdio: 'ignore' }).unref()
  return (argv, stdin) => {
    const words = argv.map(quoted).join(' ')
    fs.writeFileSync(input, stdin)
    fs.writeFileSync(command, `${words} <${input} >${output} 2>&1`)
    fs.writeSync(ask, 'go\n')
    const answer = Buffer.alloc(16)
    const code = answer.toString('utf8', 0, fs.readSync(hear, answer)).trim()
    const text = fs.readFileSync(output, 'utf8')
    if (code !== '0') throw new Error(`${argv.join(' ')} ended with ${code}\n${text}`)
    return text
  }
}

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

interface NodeportOptions {
  readonly stdin?: string
  readonly env?: Readonly<Record<string, string>>
  /** What of the world is another than it is. */
  readonly world?: (world: World) => Partial<World>
}

/** Runs the program in this process, which spares its start: for what is done many times. */
async function nodeport(
  words: readonly string[],
  { stdin = '', env = {}, world = () => ({}) }: NodeportOptions = {},
): Promise<Ran> {
  const [stdout, stderr] = [page(), page()]
  const real = realWorld({
    cwd: () => process.cwd(),
    env: { ...process.env, ...env },
    pid: process.pid,
    uid: 0,
    stdin: () => Buffer.from(stdin),
    stdout,
    stderr,
  })
  const code = await runProgram(words, { ...real, ...world(real) })
  return { code, stdout: stdout.text(), stderr: stderr.text() }
}

function page() {
  const parts: string[] = []
  const write = (text: Parts) => void parts.push(wholeOf(text))
  return { write, on: () => undefined, text: () => parts.join('') }
}

interface ProgramOptions {
  readonly stdin?: string
  /** It kills itself before its effect of this number on files or on the kernel, counted from 0. */
  readonly killAt?: number
}

/** Runs the built program, in a process of its own. */
async function program(
  words: readonly string[],
  { stdin = '', killAt }: ProgramOptions = {},
): Promise<Ran & { readonly signal: string | null }> {
  const killer = killAt === undefined ? [] : ['--require', resolve('dist/lab/killer.cjs')]
  const child = spawn(process.execPath, [...killer, 'bin/nodeport.js', ...words], {
    env: { ...process.env, KILL_AT: String(killAt) },
  })
  const [stdout, stderr] = [page(), page()]
  child.stdout.on('data', (chunk) => stdout.write(String(chunk)))
  child.stderr.on('data', (chunk) => stderr.write(String(chunk)))
  child.stdin.on('error', () => {}).end(stdin)
  return await new Promise((done) => {
    child.once('close', (code, signal) => {
      done({ code: code ?? -1, signal, stdout: stdout.text(), stderr: stderr.text() })
    })
  })
}

/** A folder of one's own. */
function scratch(): string {
  return mkdtempSync('/tmp/scratch-')
}

/** What a command prints, however it ends. */
function commandOutput(program: string, words: readonly string[]): string {
  return spawnSync(program, words, { encoding: 'utf8' }).stdout
}

/** The usual ways to the kernel, which count how often they are gone. */
function countedTransports(): { transports: Transports; count: () => number } {
  let exchanges = 0
  const counted = (datagram: number) => {
    const transport = openNetlink({ datagram })
    const exchange: typeof transport.exchange = (...all) => {
      exchanges += 1
      return transport.exchange(...all)
    }
    return { ...transport, exchange }
  }
  const transports = { usual: counted(8192), wide: counted(32768) }
  return { transports, count: () => exchanges }
}

/** Writes a file at once, as those do who mind their readers. */
function put(path: string, text: string): void {
  mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true })
  writeFileSync(`${path}.part`, text)
  renameSync(`${path}.part`, path)
}

/** An agent of the built program, and all that it has said. */
function startAgent(words: readonly string[]): {
  child: ChildProcess
  said: () => string
  /** Waits until it has said something. */
  until: (text: string) => Promise<void>
  end: (signal: NodeJS.Signals) => Promise<number | null>
} {
  const child = spawn('nodeport', ['agent', ...words], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)))
  return {
    child,
    said: () => said,
    until: async (text) => {
      for (let waited = 0; !said.includes(text); waited += 10) {
        if (waited > 20_000 || child.exitCode !== null) throw new Error(`it says: ${said}`)
        await sleep(10)
      }
    },
    end: async (signal) => {
      child.kill(signal)
      return await ended
    },
  }
}

/** How the world refuses. */
async function troubleOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
    return 'none'
  } catch (error) {
    return error instanceof WorldError ? `${error.message}; ${error.help}` : `bug: ${error}`
  }
}

async function main([task, wish = '']: readonly string[]): Promise<void> {
  if (task === 'run') await runFunction()
  if (task === 'stay') await stay()
  if (task === 'where') process.stdout.write(readlinkSync('/proc/self/ns/net'))
  if (task === 'enter') {
    const trouble = await troubleOf(
      runInNamespace(wish, ['where'], process).then((code) => {
        process.exitCode = code
      }),
    )
    if (trouble !== 'none') process.stderr.write(trouble)
  }
}

/**
 * Runs nodeport for whoever writes what is to be done, a line each. One errand after the other:
 * while one waits for another program, all the process does, and others would hear too late who
 * answers them.
 */
async function stay(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const { number, argv, ...options }: Errand = JSON.parse(line)
    const done: ErrandDone = { number, ...(await nodeport(argv, options)) }
    process.stdout.write(`${JSON.stringify(done)}\n`)
  }
}

async function runFunction(): Promise<void> {
  const { source, input } = JSON.parse(readFileSync(0, 'utf8'))
  // biome-ignore lint/security/noGlobalEval: this is what the program is for
  const run: (tools: Inside, input: unknown) => Promise<unknown> = globalThis.eval(`(${source})`)
  const result = await run(inside, input)
  process.stdout.write(JSON.stringify(result ?? null, bigintsAsNumbers))
}

function bigintsAsNumbers(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value
}

void main(process.argv.slice(2))
