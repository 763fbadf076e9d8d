import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import type { Outcome, Request } from './letters.ts'

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
    run(request, (outcome) => {
      writeFileSync(`${room}/answers/${name}.part`, JSON.stringify(outcome))
      renameSync(`${room}/answers/${name}.part`, `${room}/answers/${name}`)
    })
  }
}

function run(request: Request, done: (outcome: Outcome) => void): void {
  const { namespace, milliseconds } = request
  const inNamespace = namespace === undefined ? [] : ['nsenter', `--net=/run/netns/${namespace}`]
  const [program = '', ...words] = [...inNamespace, ...request.argv]
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
