import { rmSync } from 'node:fs'
import { hostname, networkInterfaces } from 'node:os'
import { join, resolve } from 'node:path'
import { startAside } from './aside.ts'
import { bootId } from './boot-id.ts'
import { readWhole, writeWhole } from './files.ts'
import { endAtClosedPipe, unbroken } from './interruption.ts'
import { expectToStay } from './much.ts'
import type { Output } from './output.ts'
import { paintFor } from './paint.ts'
import { readSources } from './read-sources.ts'
import { type Host, type World, WorldError } from './world.ts'

/** What we need of a process. */
export interface ProcessLike {
  readonly cwd: () => string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly pid: number
  readonly uid: number
  readonly stdin: () => Buffer
  readonly stdout: Output
  readonly stderr: Output
  /** Loads whatever else of the program is needed later. */
  readonly loadAll?: () => void
}

/** The world as it is: this process, its files and its machine. */
export function realWorld(process: ProcessLike): World {
  const cwd = process.cwd()
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endAtClosedPipe)
  const pathTo = (path: string): string => resolve(cwd, path)
  // Whoever waits must not find a part of another version when the program is replaced meanwhile.
  const wait = (): void => process.loadAll?.()
  const stay = (): void => {
    expectToStay()
    wait()
  }
  return {
    readSources: (paths, recursive) => readSources({ cwd, stdin: process.stdin }, paths, recursive),
    print: (text) => void process.stdout.write(text),
    say: (text) => void process.stderr.write(text),
    isTerminal: (stream) => process[stream].isTTY === true,
    paintFor: (stream, wish) => paintFor(process[stream].isTTY === true, wish, process.env),
    writeFile: (path, text) => writeWhole(pathTo(path), text, process.pid),
    readFile: (path) => readWhole(pathTo(path)),
    removeFile: (path) => rmSync(pathTo(path), { force: true }),
    variable: (name) => process.env[name],
    lock: async (wish) => {
      const { lock } = await import('./lock.ts')
      const waiting = (): void => {
        wait()
        wish.waiting()
      }
      return lock({ ...wish, waiting, ledger: pathTo(wish.ledger) })
    },
    usualLedger: () => usualLedger(process),
    now: () => new Date(),
    sleep: (milliseconds) => {
      stay()
      return new Promise((done) => setTimeout(done, milliseconds))
    },
    openKernel: async () => (await import('./kernel.ts')).openKernel(),
    openGround: async () => (await import('./ground.ts')).openGround(),
    examine: async (wish) => (await import('./examine.ts')).examine(wish),
    readRemains: async () => (await import('./read-remains.ts')).readRemains(),
    listCluster: async (options) => (await import('./api-list.ts')).listApi(options),
    openEtcd: async (access) => (await import('./etcd.ts')).openEtcd(access),
    unbroken,
    startAside,
    inNamespace: async (namespace, words) =>
      (await import('./namespace.ts')).runInNamespace(namespace, words, globalThis.process),
    takeUpWatch: async () => {
      stay()
      const { takeUpWatch } = await import('./watchpost.ts')
      return takeUpWatch({ cwd, pid: process.pid, env: process.env })
    },
    host,
  }
}

/** Root keeps the ledger of the machine, everybody else one of their own. */
function usualLedger({ env, uid }: ProcessLike): string {
  if (uid === 0 && env.XDG_STATE_HOME === undefined) return '/var/lib/nodeport/ledger.json'
  return join(env.XDG_STATE_HOME ?? join(env.HOME ?? '/', '.local/state'), 'nodeport/ledger.json')
}

/** What this machine's kernel is set to. */
function setting(name: string): string {
  const path = `/proc/sys/net/ipv4/${name}`
  const text = readWhole(path)
  if (text === undefined) throw new WorldError(`this machine does not say: there is no ${path}`)
  return text.trim()
}

const host: Host = {
  name: hostname,
  boot: bootId,
  ephemeralPorts: () => {
    const [range, reserved] = ['ip_local_port_range', 'ip_local_reserved_ports'].map(setting)
    const [first = 32768, last = 60999] = (range ?? '').split(/\s+/).map(Number)
    return { first, last, reserved: reserved ?? '' }
  },
  addresses: () =>
    Object.entries(networkInterfaces()).flatMap(([name, entries = []]) =>
      entries.map(({ address }) => ({ interface: name, address })),
    ),
}
