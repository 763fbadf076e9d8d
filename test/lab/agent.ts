import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Errand, ErrandDone, Outcome, Request } from './letters.ts'

// Runs in the lab. Letters from the host appear in a folder; each asks for one command, and gets its
// outcome as an answer. The folder is looked at again and again, since the lab's kernel hears
// nothing of what the host does to its files.

const room = '/run/room'
const seen = new Set<string>()

writeFileSync(`${room}/ready`, '')
setInterval(lookForLetters, 10)

function lookForLetters(): void {
  if (existsSync(`${room}/stop`)) process.exit(0)
  for (const name of readdirSync(`${room}/requests`)) {
    if (seen.has(name) || !name.endsWith('.json')) continue
    seen.add(name)
    const request: Request = JSON.parse(readFileSync(`${room}/requests/${name}`, 'utf8'))
    const answered = request.stays ? askResident : run
    answered(request, (outcome) => {
      writeFileSync(`${room}/answers/${name}.part`, JSON.stringify(outcome))
      renameSync(`${room}/answers/${name}.part`, `${room}/answers/${name}`)
    })
  }
}

function inNamespace(namespace: string | undefined): readonly string[] {
  return namespace === undefined ? [] : ['nsenter', `--net=/run/netns/${namespace}`]
}

function run(request: Request, done: (outcome: Outcome) => void): void {
  const { namespace, milliseconds } = request
  const [program = '', ...words] = [...inNamespace(namespace), ...request.argv]
  const env = { ...process.env, ...request.env }
  const child = spawn(program, words, { env, detached: true })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  child.stdin.on('error', () => {})
  child.stdin.end(request.stdin)
  const timer = setTimeout(() => {
    stderr += `\nstill running after ${milliseconds} ms\n`
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  }, milliseconds)
  child.once('error', (error) => {
    clearTimeout(timer)
    done({ code: 127, stdout, stderr: `${stderr}${error.message}\n` })
  })
  child.once('close', (code, signal) => {
    clearTimeout(timer)
    done({ code: code ?? 128 + constants.signals[signal ?? 'SIGKILL'], stdout, stderr })
  })
}

/** A process in a namespace that runs nodeport again and again. */
interface Resident {
  readonly process: ChildProcess
  readonly waiting: Map<number, (outcome: Outcome) => void>
  idle: NodeJS.Timeout | undefined
}

const residents = new Map<string, Resident>()
let errands = 0

/** Nobody has asked it for so many milliseconds: it has memory that others need. */
const mostIdle = 20_000

function askResident(request: Request, done: (outcome: Outcome) => void): void {
  const { namespace = '', argv, stdin, env, milliseconds } = request
  const resident = residents.get(namespace) ?? moveIn(namespace)
  const { process: child, waiting } = resident
  errands += 1
  const number = errands
  const timer = setTimeout(() => {
    child.kill('SIGKILL')
  }, milliseconds)
  clearTimeout(resident.idle)
  waiting.set(number, (outcome) => {
    clearTimeout(timer)
    waiting.delete(number)
    if (waiting.size === 0) resident.idle = setTimeout(() => child.stdin?.end(), mostIdle)
    done(outcome)
  })
  const errand: Errand = { number, argv, stdin, env }
  child.stdin?.write(`${JSON.stringify(errand)}\n`)
}

function moveIn(namespace: string): Resident {
  const bundle = join(dirname(process.argv[1] ?? ''), 'inside.cjs')
  const words = [...inNamespace(namespace || undefined), process.execPath, bundle, 'stay']
  const [program = '', ...rest] = words
  const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'pipe'] })
  const resident: Resident = { process: child, waiting: new Map(), idle: undefined }
  residents.set(namespace, resident)
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  child.stdin.on('error', () => {})
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { number, ...outcome }: ErrandDone = JSON.parse(line)
    resident.waiting.get(number)?.(outcome)
  })
  child.once('close', () => {
    if (residents.get(namespace) === resident) residents.delete(namespace)
    for (const done of resident.waiting.values()) done({ code: 137, stdout: '', stderr: said })
  })
  // From here on another one is asked.
  child.stdin.once('finish', () => residents.delete(namespace))
  return resident
}
