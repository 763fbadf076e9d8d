import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { main } from '../../src/command/main.ts'
import { type ProcessLike, realWorld } from '../../src/world/real-world.ts'
import type { Host } from '../../src/world/world.ts'

// A console session is a text that a reader can follow: lines that begin with `$ ` are typed, the
// others are what came back, standard output and standard error as they were written.
//
//     $ nodeport check -f web.yaml
//     nothing found in 1 object of 1 file
//     $ echo $?
//     0
//
// `UPDATE=1 npm test` writes the answers down. Read the diff before you commit it.

/** Types a session again, in a folder, and answers what it looks like now. */
export async function retype(session: string, folder: string): Promise<string> {
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

async function type(
  line: string,
  folder: string,
  last: number,
): Promise<{ text: string; exit: number }> {
  let input = ''
  let exit = 0
  for (const command of line.split(' | ')) {
    const [name = '', ...args] = wordsOf(command.replace(/ +#.*$/, ''))
    if (name === 'echo') input = `${args.join(' ').replace('$?', String(last))}\n`
    else if (name === 'cat') input = readFileSync(resolve(folder, args[0] ?? ''), 'utf8')
    else if (name === 'nodeport') [input, exit] = await nodeport(args, folder, input)
    else throw new Error(`a console session cannot type "${name}"`)
  }
  return { text: input, exit }
}

/** Runs the program in this process: what it wrote, and its exit code. */
export async function nodeport(
  args: readonly string[],
  folder: string,
  input = '',
): Promise<[written: string, exit: number]> {
  let written = ''
  const stream = { write: (text: string) => (written += text), isTTY: false }
  const like: ProcessLike = {
    cwd: () => folder,
    env: { XDG_STATE_HOME: join(folder, '.state') },
    pid: process.pid,
    uid: 1000,
    stdin: () => Buffer.from(input),
    stdout: stream,
    stderr: stream,
  }
  const exit = await main(args, { ...realWorld(like), host })
  return [written, exit]
}

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
