import { resolve } from 'node:path'
import { main } from '../../src/command/main.ts'
import { plain } from '../../src/diagnostic/frame.ts'
import type { Change } from '../../src/table/change.ts'
import { identityOf, type Table } from '../../src/table/virtual-server.ts'
import { openEtcd } from '../../src/world/etcd.ts'
import type { Kernel } from '../../src/world/kernel.ts'
import type { Refusal } from '../../src/world/perform.ts'
import { wholeOf } from '../../src/world/pieces.ts'
import type { Watchpost } from '../../src/world/watchpost.ts'
import { type World, WorldError } from '../../src/world/world.ts'
import { groundOver, ModelGround } from './model-ground.ts'
import { ModelKernel } from './model-kernel.ts'
import { modelPost } from './model-post.ts'

// A machine in memory: files, a kernel and a clock. Each command line runs on it as a process of its
// own, which can be killed at any moment; what it has done until then stays.

export interface Machine {
  readonly files: Map<string, string>
  readonly kernel: ModelKernel
  readonly ground: ModelGround
  now: Date
  boot: string
  /** Addresses at which nobody answers. */
  readonly deaf: Set<string>
}

export function machineWith(table: Table, files: Readonly<Record<string, string>> = {}): Machine {
  return {
    files: new Map(Object.entries(files)),
    kernel: new ModelKernel(table),
    ground: new ModelGround(),
    now: new Date('2026-01-01T12:00:00Z'),
    boot: 'first',
    deaf: new Set(),
  }
}

export const ledgerPath = '/ledger.json'

export interface RunOptions {
  /** What happens while an agent waits with nothing to do, one after another; then it is ended. */
  readonly story?: readonly ((machine: Machine) => void)[]
  /** Where an agent waits, if not in the model. */
  readonly post?: Watchpost
  /** The process is killed where it would have its effect of this number, counted from 0. */
  readonly dieAt?: number
  /** Ctrl-C comes before the change of this number. */
  readonly interruptAt?: number
  /** What somebody else does just before a change of ours. */
  readonly meanwhile?: (change: Change, index: number, kernel: ModelKernel) => void
  /** Called before a file is written; it may throw. */
  readonly writing?: (path: string) => void
}

export interface Ran {
  /** Nothing where the process was killed. */
  readonly code: number | undefined
  readonly printed: string
  readonly said: string
  /** How many files were written or removed, and changes tried. */
  readonly effects: number
  /** Words of the processes that were started aside. */
  readonly aside: readonly (readonly string[])[]
}

/** Another machine in the same state. */
export function copyOf({ files, kernel, ground, now, boot, deaf }: Machine): Machine {
  return {
    files: new Map(files),
    kernel: new ModelKernel(kernel.table()),
    ground: ground.copy(),
    now,
    boot,
    deaf: new Set(deaf),
  }
}

/** Runs one command line to its end. */
export async function run(
  machine: Machine,
  words: readonly string[],
  options: RunOptions = {},
): Promise<Ran> {
  const process = new Process(options)
  const aside: (readonly string[])[] = []
  let printed = ''
  let said = ''
  const world: World = {
    readSources: (paths) =>
      paths.map((name) => ({ name, text: machine.files.get(resolve('/', name)) ?? missing(name) })),
    print: (text) => {
      printed += wholeOf(text)
    },
    say: (text) => {
      said += text
    },
    isTerminal: () => false,
    paintFor: async () => plain,
    writeFile: (path, text) => {
      process.act()
      options.writing?.(path)
      machine.files.set(resolve('/', path), wholeOf(text))
    },
    readFile: (path) => machine.files.get(resolve('/', path)),
    removeFile: (path) => {
      process.act()
      machine.files.delete(resolve('/', path))
    },
    variable: () => undefined,
    lock: async () => ({ release: () => {} }),
    usualLedger: () => ledgerPath,
    now: () => machine.now,
    sleep: async (milliseconds) => {
      machine.now = new Date(machine.now.getTime() + milliseconds)
    },
    openKernel: async () => kernelFor(machine.kernel, process),
    openGround: async () => groundOver(machine.ground, () => process.act()),
    examine: async () => unasked(),
    readRemains: async () => unasked(),
    listCluster: async () => unasked(),
    openEtcd: async (access) => openEtcd(access),
    unbroken: (task) => task(() => process.isInterrupted()),
    startAside: (all) => void aside.push(all),
    inNamespace: async () => 0,
    takeUpWatch: async () =>
      options.post ?? modelPost(machine, options.story ?? [], () => process.act()),
    host: {
      name: () => 'node-a',
      boot: () => machine.boot,
      ephemeralPorts: () => ({ first: 32768, last: 60999, reserved: '' }),
      addresses: () => [
        { interface: 'eth0', address: '192.168.10.10' },
        ...[...machine.ground.interfaces].flatMap(([name, addresses]) =>
          [...addresses].map((address) => ({ interface: name, address })),
        ),
      ],
    },
  }
  const code = await main(words, world)
  const { effects, isDead } = process
  return { code: isDead ? undefined : code, printed, said, effects, aside }
}

/** What happens to one process, by plan. */
class Process {
  readonly #options: RunOptions
  effects = 0
  changes = 0
  isDead = false

  constructor(options: RunOptions) {
    this.#options = options
  }

  /** After it is killed nothing of it has any effect any more. */
  act(): void {
    this.isDead ||= this.effects === this.#options.dieAt
    if (this.isDead) throw new Error('the process was killed')
    this.effects += 1
  }

  change(change: Change, kernel: ModelKernel): void {
    this.act()
    this.#options.meanwhile?.(change, this.changes, kernel)
    this.changes += 1
  }

  isInterrupted(): boolean {
    return this.changes >= (this.#options.interruptAt ?? Number.POSITIVE_INFINITY)
  }
}

/** As many changes as are sent at once: the kernel sees all of them, whichever it refuses. */
const batch = 3

function kernelFor(model: ModelKernel, process: Process): Kernel {
  return {
    ...nothingElse,
    readTable: async () => model.table(),
    readListing: async () => undefined,
    readCounters: async () => model.table(),
    readServer: async (server) =>
      model.table().find((live) => identityOf(live) === identityOf(server)),
    perform: async (changes, { keepGoing = false, stop } = {}) => {
      const refusals: Refusal[] = []
      let tried = 0
      while (tried < changes.length && (keepGoing || refusals.length === 0) && !stop?.()) {
        for (const change of changes.slice(tried, tried + batch)) {
          process.change(change, model)
          const code = refusalOf(change, model)
          if (code !== undefined) refusals.push({ change, index: tried, code })
          tried += 1
        }
      }
      return { tried, refusals }
    },
    close: () => {},
  }
}

function refusalOf(change: Change, model: ModelKernel): string | undefined {
  try {
    model.perform(change)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const nothingElse: Omit<
  Kernel,
  'readTable' | 'readListing' | 'readCounters' | 'readServer' | 'perform' | 'close'
> = {
  readFacts: unasked,
  flush: unasked,
  zero: unasked,
  readTimeouts: unasked,
  setTimeouts: unasked,
  readDaemons: unasked,
  startDaemon: unasked,
  stopDaemon: unasked,
  connections: () => '',
}

function unasked(): never {
  throw new Error('the model has no answer to that')
}

function missing(name: string): never {
  throw new WorldError(`the path "${name}" does not exist`, { kind: 'input' })
}
