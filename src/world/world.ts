import type { Paint } from '../diagnostic/frame.ts'
import type { Source } from '../diagnostic/source.ts'
import type { Examination, ExaminationWish } from '../terrain/examination.ts'
import type { Remains } from '../terrain/remains.ts'
import type { ListApiOptions } from './api-list.ts'
import type { Etcd, EtcdAccess } from './etcd.ts'
import type { Ground } from './ground.ts'
import type { Kernel } from './kernel.ts'
import type { Lock, LockWish } from './lock.ts'
import type { Parts } from './pieces.ts'
import type { Watchpost } from './watchpost.ts'

/** Everything a command can do to, or learn from, the world outside. Tests bring their own. */
export interface World {
  /** Reads manifests as kubectl's `-f` does: files, directories, and `-` for standard input. */
  readonly readSources: (paths: readonly string[], recursive: boolean) => Source[]
  /** The product: standard output. */
  readonly print: (text: Parts) => void
  /** For people: standard error. */
  readonly say: (text: string) => void
  /** Whether a person looks on. */
  readonly isTerminal: (stream: Stream) => boolean
  /** How to paint what goes to a stream; plain where colours are not wanted. */
  readonly paintFor: (stream: Stream, wish: ColourWish) => Promise<Paint>
  /** Writes a file whole: under its name stands either what was there before or all of the text. */
  readonly writeFile: (path: string, text: Parts) => void
  /** The text of a file, or nothing where there is none. */
  readonly readFile: (path: string) => string | undefined
  readonly removeFile: (path: string) => void
  /** A variable of the environment. */
  readonly variable: (name: string) => string | undefined
  /** Keeps every other writer of this ledger, and of this kernel's table, away. */
  readonly lock: (wish: LockWish) => Promise<Lock>
  /** Where the ledger is, if nobody says otherwise. */
  readonly usualLedger: () => string
  readonly now: () => Date
  readonly sleep: (milliseconds: number) => Promise<void>
  readonly openKernel: () => Promise<Kernel>
  /** The machine around that kernel's table: its interfaces, settings and firewall. */
  readonly openGround: () => Promise<Ground>
  /** What the machine tells of itself to whoever looks for what is wrong with it. */
  readonly examine: (wish: ExaminationWish) => Promise<Examination>
  /** What a kube-proxy has put on this machine, besides its table. */
  readonly readRemains: () => Promise<Remains>
  /** All objects of some kinds that an API server has, as texts of manifests. */
  readonly listCluster: (options: ListApiOptions) => Promise<readonly Source[]>
  /** The store of a fleet. */
  readonly openEtcd: (access: EtcdAccess) => Promise<Etcd>
  /** Runs something to its end though somebody asks the program to end, which it may ask for. */
  readonly unbroken: <T>(run: (interrupted: () => boolean) => Promise<T>) => Promise<T>
  /** Starts this program once more, with other words; it goes on when this one and its terminal end. */
  readonly startAside: (words: readonly string[]) => void
  /** Runs this program, with other words, in a network namespace; answers its exit code. */
  readonly inNamespace: (namespace: string, words: readonly string[]) => Promise<number>
  /** For whoever stays: from then on signals end nothing. */
  readonly takeUpWatch: () => Promise<Watchpost>
  readonly host: Host
}

export type Stream = 'stdout' | 'stderr'
export type ColourWish = 'auto' | 'always' | 'never'

/** What this machine says of itself. */
export interface Host {
  readonly name: () => string
  /** Differs from one start of the machine to the next. */
  readonly boot: () => string
  /** The ports it takes for its own connections, and those it leaves out of them. */
  readonly ephemeralPorts: () => { first: number; last: number; reserved: string }
  readonly addresses: () => readonly HostAddress[]
}

export interface HostAddress {
  readonly interface: string
  readonly address: string
}

interface WorldErrorOptions {
  readonly help?: string | undefined
  readonly kind?: 'input' | 'refused'
  readonly cause?: unknown
}

/** The world refused: one sentence, and what can be done about it. */
export class WorldError extends Error {
  readonly help: string | undefined
  /** Input that cannot be read is the user's to mend; everything else is the world's. */
  readonly kind: 'input' | 'refused'

  constructor(message: string, options: WorldErrorOptions = {}) {
    super(message, { cause: options.cause })
    this.name = 'WorldError'
    this.help = options.help
    this.kind = options.kind ?? 'refused'
  }
}
