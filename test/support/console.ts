import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { main } from '../../src/command/main.ts'
import { type Parts, wholeOf } from '../../src/world/pieces.ts'
import { type ProcessLike, realWorld } from '../../src/world/real-world.ts'
import type { Host } from '../../src/world/world.ts'

// A console session is a text that a reader can follow: lines that begin with `$ ` are typed, the
// others are what came back, standard output and standard error as they were written.
//
//     $ # what a comment says is for the reader
//     $ nodeport check -f web.yaml
//     nothing found in 1 object of 1 file
//     $ echo $?
//     0
//
// `UPDATE=1 npm test` writes the answers down. Read the diff before you commit it.

/** Types a session again, in a folder, and answers what it looks like now. */
export async function retype(session: string, where: string): Promise<string> {
  const folder = resolve(where)
  const typed = session.split('\n').filter((line) => line.startsWith('$ '))
  let code = 0
  let seen = ''
  for (const line of typed) {
    const { text, exit } = await type(line.slice(2), folder, code)
    code = exit
    seen += `${line}\n${text === '' || text.endsWith('\n') ? text : `${text}\n`}`
  }
  return seen
}

interface Typed {
  readonly text: string
  readonly exit: number
}

/** A pipe takes standard output alone; what is said on standard error is seen at once. */
async function type(line: string, folder: string, last: number): Promise<Typed> {
  let said = ''
  let out = ''
  let exit = 0
  const commands = line.replace(/(^| +)#.*$/, '').split(' | ')
  for (const [index, command] of commands.entries()) {
    const [name = '', ...args] = wordsOf(command)
    const input = out
    out = ''
    exit = 0
    if (name !== 'nodeport') out = tool(name, args, { folder, input, last })
    else {
      const isLast = index === commands.length - 1
      const written = await run(args, folder, input)
      exit = written.exit
      out = isLast ? written.both : written.out
      if (!isLast) said += written.err
    }
  }
  return { text: said + out, exit }
}

interface Shell {
  readonly folder: string
  readonly input: string
  readonly last: number
}

/** As much of other programs as a session needs. */
function tool(name: string, args: readonly string[], { folder, input, last }: Shell): string {
  const [first = ''] = args
  switch (name) {
    case '':
      return ''
    case 'echo':
      return `${args.join(' ').replace('$?', String(last))}\n`
    case 'cat':
      return args.length === 0 ? input : readFileSync(resolve(folder, first), 'utf8')
    case 'ls':
      return readdirSync(resolve(folder, first))
        .filter((file) => !file.startsWith('.') && file !== 'session.txt')
        .sort()
        .map((file) => `${file}\n`)
        .join('')
    case 'head':
      return input
        .split(/(?<=\n)/)
        .slice(0, Number(first.slice(1)))
        .join('')
    default:
      throw new Error(`a console session cannot type "${name}"`)
  }
}

/** What a run of the program wrote, on both streams and on each, and how it ended. */
export interface Written {
  readonly both: string
  readonly out: string
  readonly err: string
  readonly exit: number
}

/** Runs the program in this process: what it wrote, and its exit code. */
export async function nodeport(
  args: readonly string[],
  folder: string,
  input = '',
): Promise<[written: string, exit: number]> {
  const { both, exit } = await run(args, folder, input)
  return [both, exit]
}

/** The same, with what went to which stream. */
export async function run(args: readonly string[], folder: string, input = ''): Promise<Written> {
  const written = { both: '', out: '', err: '' }
  const stream = (name: 'out' | 'err') => ({
    write: (parts: Parts) => {
      const text = wholeOf(parts)
      written.both += text
      written[name] += text
    },
    on: () => undefined,
    isTTY: false,
  })
  const like: ProcessLike = {
    cwd: () => folder,
    env: { XDG_STATE_HOME: join(folder, '.state') },
    pid: process.pid,
    uid: 1000,
    stdin: () => Buffer.from(input),
    stdout: stream('out'),
    stderr: stream('err'),
  }
  const exit = await main(args, { ...realWorld(like), host, now: () => now })
  return { ...written, exit }
}

/** A moment that is always the same, so that ages are. */
const now = new Date('2026-01-10T00:00:00Z')

/** A machine that is the same everywhere. */
const host: Host = {
  name: () => 'node-a',
  boot: () => 'boot-1',
  ephemeralPorts: () => ({ first: 32768, last: 60999, reserved: '' }),
  addresses: () => [
    { interface: 'lo', address: '127.0.0.1' },
    { interface: 'eth0', address: '192.168.10.10' },
  ],
}

function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  )
}

/** Compares with a file, or writes it where `UPDATE` is set. */
export function expectedIn(path: string, actual: string): string {
  if (process.env.UPDATE) writeFileSync(path, actual)
  return readFileSync(path, 'utf8')
}

export function foldersIn(path: string): string[] {
  return readdirSync(path)
    .filter((name) => statSync(join(path, name)).isDirectory())
    .sort()
}
