import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, describe, jest } from '@jest/globals'
import { describeWithout } from '../support/installed.ts'
import { quoted, until } from './boot.ts'
import { bundled } from './bundle.ts'
import type { Inside } from './inside.ts'
import type { Outcome, Request } from './letters.ts'
import { giveUp, sharedRoom } from './shared-machine.ts'
import { findTools, type Kind, remedies } from './tools.ts'

/** A network namespace of the lab: empty tables, no addresses but those of `lo`. */
export interface Namespace {
  readonly name: string
  /** Runs a command to its end. */
  readonly run: (argv: readonly string[], options?: RunOptions) => Promise<Outcome>
  /** Runs the built program of this tree. */
  readonly nodeport: (words: readonly string[], options?: RunOptions) => Promise<Outcome>
  /** Runs the program in a process that stays: for what is asked for often. */
  readonly resident: (words: readonly string[], options?: RunOptions) => Promise<Outcome>
  /** What ipvsadm prints; it must not fail. */
  readonly ipvsadm: (words: readonly string[], options?: RunOptions) => Promise<string>
  /**
   * Runs a function over there. It is carried over as text, so it sees only what it is given: the
   * modules of `inside.ts`, and input that can be said in JSON. So must its result.
   */
  readonly inside: <I, R>(
    run: (tools: Inside, input: I) => Promise<R>,
    input: I,
    options?: InsideOptions,
  ) => Promise<R>
}

export interface Lab extends Omit<Namespace, 'name'> {
  readonly namespace: () => Promise<Namespace>
  /** One that exists already. */
  readonly namespaceNamed: (name: string) => Namespace
}

export interface RunOptions {
  readonly stdin?: string
  readonly env?: Readonly<Record<string, string>>
  /** Longer than this and it is ended. */
  readonly milliseconds?: number
}

export interface InsideOptions {
  readonly milliseconds?: number
  /** A command that runs the function's process, such as `unshare -Ur`. */
  readonly by?: readonly string[]
}

const tree = resolve(__dirname, '../..')
/** In the lab as on the host. */
export const insideProgram = join(tree, 'dist/lab/inside.cjs')

const usual = 30_000

/** A `describe` whose tests are given the lab, which is booted for the first of them. */
export function inLab(title: string, body: (lab: Lab) => void): void {
  inLabOf('usual', title, body)
}

/** The same, in the kernel that has nftables too. */
export function inPacketLab(title: string, body: (lab: Lab) => void): void {
  inLabOf('packets', title, body)
}

function inLabOf(kind: Kind, title: string, body: (lab: Lab) => void): void {
  const tools = findTools(kind)
  if (tools === undefined) {
    const lack = `there is no lab: ${remedies[kind]}`
    describeWithout(title, lack, () => body(labAt({ path: () => '', kind })))
    return
  }
  describe(title, () => {
    let path = ''
    jest.setTimeout(180_000)
    beforeAll(async () => {
      path = await sharedRoom(kind, tools, tree, build)
    }, 270_000)
    body(labAt({ path: () => path, kind }))
  })
}

/** Where letters are left for a lab. */
interface Room {
  readonly path: () => string
  readonly kind: Kind
}

function labAt(room: Room): Lab {
  const first = namespaceAt(room, undefined)
  const namespaceNamed = (name: string) => ({ name, ...namespaceAt(room, name) })
  return {
    ...first,
    namespaceNamed,
    namespace: async () => {
      const name = `test-${randomUUID().slice(0, 8)}`
      const script = `ip netns add ${name} && ip -n ${name} link set lo up`
      await mustSucceed(first.run(['sh', '-c', script]), script)
      return namespaceNamed(name)
    },
  }
}

function namespaceAt(room: Room, namespace: string | undefined): Omit<Namespace, 'name'> {
  const asked =
    (stays: boolean): Namespace['run'] =>
    (argv, { stdin = '', env = {}, milliseconds = usual } = {}) =>
      ask(room, { argv, stdin, env, namespace, milliseconds, stays })
  const run = asked(false)
  return {
    run,
    resident: asked(true),
    nodeport: (words, options) => run(['nodeport', ...words], options),
    ipvsadm: async (words, options) =>
      (await mustSucceed(run(['ipvsadm', ...words], options), `ipvsadm ${words.join(' ')}`)).stdout,
    inside: async (task, input, { by = [], ...options } = {}) => {
      const program = [...by, process.execPath, insideProgram, 'run']
      const stdin = JSON.stringify({ source: task.toString(), input })
      const { stdout } = await mustSucceed(
        run(program, { stdin, ...options }),
        'a function in the lab',
      )
      return JSON.parse(stdout)
    },
  }
}

async function mustSucceed(outcome: Promise<Outcome>, what: string): Promise<Outcome> {
  const { code, stderr } = await outcome
  if (code !== 0) throw new Error(`${what} ended with ${code}\n${stderr}`)
  return outcome
}

async function ask({ path, kind }: Room, request: Request): Promise<Outcome> {
  const room = path()
  const name = `${randomUUID()}.json`
  const part = join(room, 'requests', `${name}.part`)
  writeFileSync(part, JSON.stringify(request))
  renameSync(part, join(room, 'requests', name))
  const answer = join(room, 'answers', name)
  if (await until(() => existsSync(answer), request.milliseconds + 5000)) {
    return JSON.parse(readFileSync(answer, 'utf8'))
  }
  giveUp(kind)
  throw new Error(`the lab does not answer: ${request.argv.join(' ')}`)
}

/**
 * Runs a function in a lab of its own, of which other tests have nothing: it takes a boot. `before`
 * is what its shell does first.
 */
export function insideAlone<R>(
  task: (tools: Inside) => Promise<R>,
  { before = ':' }: { readonly before?: string } = {},
): R {
  const letter = JSON.stringify({ source: task.toString() })
  const command = `${before}; printf %s ${quoted(letter)} | "$NODE" ${quoted(insideProgram)} run`
  const words = [bundled(tree, 'shell'), command]
  const options = { cwd: tree, encoding: 'utf8', timeout: 90_000, maxBuffer: 1 << 28 } as const
  return JSON.parse(execFileSync(process.execPath, words, options))
}

/** What runs over there is built from the tree as it is now; answers the path of the agent. */
function build(): string {
  const { scripts } = JSON.parse(readFileSync(join(tree, 'package.json'), 'utf8'))
  const path = `${join(tree, 'node_modules/.bin')}:${process.env.PATH ?? ''}`
  execFileSync('sh', ['-c', scripts.build], { cwd: tree, env: { ...process.env, PATH: path } })
  bundled(tree, 'inside')
  bundled(tree, 'killer')
  return bundled(tree, 'agent')
}
