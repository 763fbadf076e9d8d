import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { boot, clean, lastWords, type Machine, quoted } from './boot.ts'
import { findTools, remedies, type Tools } from './tools.ts'

// `npm run lab` opens a shell in the lab, `npm run lab -- COMMAND` runs a command there.

async function main(words: readonly string[]): Promise<number> {
  const kind = process.env.NODEPORT_LAB === 'packets' ? 'packets' : 'usual'
  const tools = findTools(kind)
  if (tools === undefined) {
    process.stderr.write(`there is no lab\nhelp: ${remedies[kind]}\n`)
    return 3
  }
  return words.length === 0 ? openShell(tools) : runCommand(tools, words.map(asWord).join(' '))
}

/** One word of a command is itself; a whole command in one word is for sh. */
function asWord(word: string, _: number, all: readonly string[]): string {
  return all.length === 1 ? word : quoted(word)
}

async function openShell(tools: Tools): Promise<number> {
  const command = `
    stty rows "$rows" cols "$columns" </dev/tty0 2>/dev/null
    export TERM
    echo "A kernel that is yours to break: nodeport and ipvsadm are at hand; leave with exit."
    export PS1='lab:\\w# '
    shell="$(command -v bash) --norc"
    [ "$shell" = " --norc" ] && shell=sh
    setsid -c $shell -i </dev/tty0 >/dev/tty0 2>&1`
  const machine = boot(tools, { tree: process.cwd(), command, interactive: true })
  const code = await machine.ended
  // The kernel has turned the terminal's manners off.
  spawnSync('stty', ['sane'], { stdio: 'inherit' })
  clean(machine)
  return code ?? 1
}

/** A kernel that does not even begin within this time has lost a wake-up: then it is booted again. */
const millisecondsToBegin = 20_000

async function runCommand(tools: Tools, command: string): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const machine = boot(tools, { tree: process.cwd(), command: asLetters(command) })
    const code = await follow(machine)
    const words = code === undefined ? lastWords(machine) : ''
    clean(machine)
    if (code !== undefined) return code
    if (attempt === 2) {
      process.stderr.write(`the lab does not boot\n${words}`)
      return 1
    }
  }
}

function asLetters(command: string): string {
  return `: >/run/room/begun; (${command}\n) </dev/null >/run/room/stdout 2>/run/room/stderr`
}

interface Stream {
  readonly path: string
  readonly to: NodeJS.WriteStream
  at: number
}

/** Shows what the command prints while it prints it. */
async function follow(machine: Machine): Promise<number | undefined> {
  const streams: Stream[] = [
    { path: join(machine.room, 'stdout'), to: process.stdout, at: 0 },
    { path: join(machine.room, 'stderr'), to: process.stderr, at: 0 },
  ]
  const show = () => {
    for (const stream of streams) stream.at = copyFrom(stream)
  }
  let ended = false
  const code = machine.ended.finally(() => {
    ended = true
  })
  for (const stop of ['SIGINT', 'SIGTERM'] as const) process.once(stop, machine.stop)
  const deadline = Date.now() + millisecondsToBegin
  while (!ended) {
    await sleep(20)
    show()
    if (Date.now() > deadline && !existsSync(join(machine.room, 'begun'))) machine.stop()
  }
  show()
  return code
}

/** Answers how far the stream is copied now. */
function copyFrom({ path, to, at }: Stream): number {
  if (!existsSync(path) || statSync(path).size <= at) return at
  const rest = readFileSync(path).subarray(at)
  if (rest.length > 0) to.write(rest)
  return at + rest.length
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code
})
