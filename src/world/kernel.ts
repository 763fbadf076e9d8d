import { readFileSync } from 'node:fs'
import type { Change } from '../table/change.ts'
import type { KernelFacts, SyncDaemon, Timeouts } from '../table/settings.ts'
import type { Table, VirtualServer } from '../table/virtual-server.ts'
import type { Listing } from '../text/ipvsadm/list.ts'
import { writeRequest } from '../wire/encode-change.ts'
import { command } from '../wire/ipvs.ts'
import type { Message } from '../wire/message.ts'
import {
  decodeDaemon,
  decodeKernelFacts,
  decodeTimeouts,
  writeDaemonStart,
  writeDaemonStop,
  writeTimeouts,
} from '../wire/settings.ts'
import {
  type IpvsLine,
  openIpvsLine,
  refusedQuestion,
  unanswered,
  type Write,
} from './ipvs-line.ts'
import { type Performed, type PerformOptions, performChanges } from './perform.ts'
import { type Depth, readListing, readServer, readServers, readTable } from './read-table.ts'
import type { Transport } from './transport.ts'
import { closeTransports, openTransports, type Transports } from './transports.ts'
import { WorldError } from './world.ts'

/** The kernel's IPVS, in the network namespace in which this program runs. */
export interface Kernel {
  readonly readFacts: () => Promise<KernelFacts>
  readonly readTable: (depth: Depth) => Promise<Table>
  /** What `ipvsadm -Ln` would print, where that can be read at once: faster than a table. */
  readonly readListing: () => Promise<Listing | undefined>
  /** All virtual servers with their counters, without their real servers. */
  readonly readCounters: () => Promise<Table>
  /** One virtual server, found by what identifies it. */
  readonly readServer: (server: VirtualServer, depth: Depth) => Promise<VirtualServer | undefined>
  /** Makes changes in order. What the kernel refuses is answered, not thrown. */
  readonly perform: (changes: readonly Change[], options?: PerformOptions) => Promise<Performed>
  /** Takes all virtual servers away, whoever made them. */
  readonly flush: () => Promise<void>
  /** Lets counters begin again, those of one virtual server or of all. */
  readonly zero: (server?: VirtualServer) => Promise<void>
  readonly readTimeouts: () => Promise<Timeouts>
  readonly setTimeouts: (timeouts: Timeouts) => Promise<void>
  /** At most one of each kind, the master first. */
  readonly readDaemons: () => Promise<SyncDaemon[]>
  readonly startDaemon: (daemon: SyncDaemon) => Promise<void>
  readonly stopDaemon: (state: SyncDaemon['state']) => Promise<void>
  /** The text of /proc/net/ip_vs_conn. */
  readonly connections: () => string
  readonly close: () => void
}

const helpElsewhere =
  'IPVS is a part of Linux, on x86 and ARM: run nodeport there, with its dependencies'

/** Finds the kernel's IPVS, which loads its module where it can be loaded. */
export async function openKernel(transports?: Transports): Promise<Kernel> {
  // Real servers come in short datagrams, virtual servers in as long ones as there is room for.
  const ways = transports ?? (await openTransports({ usual: 8192, help: helpElsewhere }))
  const close = () => closeTransports(ways)
  try {
    return kernelOver(await openIpvsLine(ways.usual), ways.wide, close)
  } catch (error) {
    close()
    throw unanswered(error)
  }
}

function kernelOver(line: IpvsLine, wide: Transport, close: () => void): Kernel {
  return {
    readFacts: () => readOne(line, plainRequest(command.getInfo), decodeKernelFacts),
    readTable: (depth) => readTable(line, depth, wide),
    readListing: () => readListing(line, wide),
    readCounters: () => readServers(line, 'counted', wide),
    readServer: (server, depth) => readServer(line, server, depth),
    perform: (changes, options = {}) => performChanges(line, changes, options),
    flush: () => tell(line, plainRequest(command.flush)),
    zero: (server) =>
      tell(line, (out, family) =>
        writeRequest(out, family, {
          command: command.zero,
          dump: false,
          ...(server === undefined ? {} : { server }),
        }),
      ),
    readTimeouts: () => readOne(line, plainRequest(command.getConfig), decodeTimeouts),
    setTimeouts: (timeouts) => tell(line, (out, family) => writeTimeouts(out, family, timeouts)),
    readDaemons: () =>
      line.dump(
        (out, family) => writeRequest(out, family, { command: command.getDaemon, dump: true }),
        decodeDaemon,
      ),
    startDaemon: (daemon) => tell(line, (out, family) => writeDaemonStart(out, family, daemon)),
    stopDaemon: (state) => tell(line, (out, family) => writeDaemonStop(out, family, state)),
    connections,
    close,
  }
}

function plainRequest(number: number): Write {
  return (out, family) => writeRequest(out, family, { command: number, dump: false })
}

async function readOne<T>(
  line: IpvsLine,
  write: Write,
  decode: (message: Message) => T,
): Promise<T> {
  const found: T[] = []
  await tell(line, write, (message) => found.push(decode(message)))
  const [first] = found
  if (first === undefined) throw refusedQuestion('EPROTO')
  return first
}

async function tell(
  line: IpvsLine,
  write: Write,
  take?: (message: Message) => void,
): Promise<void> {
  let code: string | undefined
  try {
    code = await line.ask(write, take)
  } catch (error) {
    throw unanswered(error)
  }
  if (code !== undefined) throw refusedQuestion(code)
}

function connections(): string {
  try {
    return readFileSync('/proc/net/ip_vs_conn', 'latin1')
  } catch (cause) {
    throw new WorldError('this kernel has no IPVS', {
      help: 'load its module: modprobe ip_vs',
      cause,
    })
  }
}
