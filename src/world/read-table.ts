import { closeSync, openSync, readSync } from 'node:fs'
import {
  Forwarding,
  identityOf,
  type RealServer,
  type Table,
  type VirtualServer,
} from '../table/virtual-server.ts'
import type { Listing } from '../text/ipvsadm/list.ts'
import { decodeRealServer, decodeVirtualServer } from '../wire/decode.ts'
import { writeRequest } from '../wire/encode-change.ts'
import { command } from '../wire/ipvs.ts'
import { ListingRows } from '../wire/proc-listing.ts'
import { type ProcRows, ProcTableReader, RealServerRows } from '../wire/proc-table.ts'
import { type IpvsLine, refusedQuestion } from './ipvs-line.ts'
import { expectMuch } from './much.ts'
import type { Transport } from './transport.ts'

/**
 * How much of a table is read. `listed` is what `ipvsadm -Ln` shows: thresholds and persistent
 * connections are left at 0, which lets real servers be read all at once. `whole` has them too, and
 * `counted` has counters besides.
 */
export type Depth = 'listed' | 'whole' | 'counted'

/** Where real servers may be read from in one go; netlink gives them one virtual server at a time. */
const procTable = '/proc/net/ip_vs'

/**
 * The kernel counts from the start of the table again for each 4 kB that are read of the file. Up
 * to about so many virtual servers that costs less than a dump for each of them.
 */
const mostByProc = 20_000

const attempts = 3

/**
 * Reads the table in the kernel's order. No reading is a moment's: where the table changes while it
 * is read, the kernel may leave out what stays, and says nothing. So virtual servers are read twice,
 * by two ways where there are two, and must be the same both times. If that does not come to pass,
 * each that was ever seen is asked for by its name.
 */
export async function readTable(line: IpvsLine, depth: Depth, wide: Transport): Promise<Table> {
  const seen = new Map<string, VirtualServer>()
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const servers = await readServers(line, depth, wide)
    if (depth === 'listed' && servers.length <= mostByProc) {
      const found = readByProc(servers, new RealServerRows())
      if (found !== undefined) return withTunnels(line, withRows(servers, found))
    }
    const again = await readServers(line, depth, wide)
    if (sameIdentities(servers, again)) return readByDumps(line, again, depth)
    for (const server of [...servers, ...again]) seen.set(identityOf(server), server)
  }
  return readByDumps(line, await stillThere(line, [...seen.values()], depth), depth)
}

/** One virtual server with its real servers, or nothing where the kernel has none like it. */
export async function readServer(
  line: IpvsLine,
  server: VirtualServer,
  depth: Depth,
): Promise<VirtualServer | undefined> {
  const found = await readAlone(line, server, depth)
  return found === undefined ? undefined : withRealServers(line, found, depth)
}

async function stillThere(
  line: IpvsLine,
  servers: readonly VirtualServer[],
  depth: Depth,
): Promise<VirtualServer[]> {
  const found: VirtualServer[] = []
  for (const server of servers) {
    const live = await readAlone(line, server, depth)
    if (live !== undefined) found.push(live)
  }
  return found
}

async function readAlone(
  line: IpvsLine,
  server: VirtualServer,
  depth: Depth,
): Promise<VirtualServer | undefined> {
  let found: VirtualServer | undefined
  const code = await line.ask(
    (out, family) =>
      writeRequest(out, family, { command: command.getService, dump: false, server }),
    (message) => {
      found = decodeVirtualServer(message, depth === 'counted')
    },
  )
  if (code !== undefined && code !== 'ESRCH') throw refusedQuestion(code)
  return found
}

/** All virtual servers, without their real servers, in one dump. */
export async function readServers(
  line: IpvsLine,
  depth: Depth,
  wide: Transport,
): Promise<VirtualServer[]> {
  let seen = 0
  return line.dump(
    (out, family) => writeRequest(out, family, { command: command.getService, dump: true }),
    (message) => {
      seen += 1
      if (seen === many) expectMuch()
      return decodeVirtualServer(message, depth === 'counted')
    },
    wide,
  )
}

/** So many virtual servers are the beginning of a large table. */
const many = 100

async function readByDumps(
  line: IpvsLine,
  servers: readonly VirtualServer[],
  depth: Depth,
): Promise<Table> {
  const table: VirtualServer[] = []
  for (const server of servers) table.push(await withRealServers(line, server, depth))
  return table
}

async function withRealServers(
  line: IpvsLine,
  server: VirtualServer,
  depth: Depth,
): Promise<VirtualServer> {
  const realServers = await line.dump(
    (out, family) => writeRequest(out, family, { command: command.getDest, dump: true, server }),
    (message) => decodeRealServer(message, server.family, depth === 'counted'),
  )
  return { ...server, realServers }
}

function withRows(servers: Table, rows: readonly (readonly RealServer[])[]): Table {
  return servers.map((server, index) => ({ ...server, realServers: rows[index] ?? [] }))
}

/** The table as it is printed. Nothing where it could not be read in one go. */
export async function readListing(line: IpvsLine, wide: Transport): Promise<Listing | undefined> {
  const servers = await readServers(line, 'listed', wide)
  if (servers.length > mostByProc) return undefined
  const rows = readByProc(servers, new ListingRows())
  return rows && { servers, rows }
}

/** Nothing where the file cannot be read or tells of other virtual servers than netlink did. */
function readByProc<T>(
  servers: readonly VirtualServer[],
  rows: ProcRows<T>,
): readonly T[] | undefined {
  let file: number
  try {
    file = openSync(procTable, 'r')
  } catch {
    return undefined
  }
  const reader = new ProcTableReader(servers, rows)
  const buffer = new Uint8Array(1 << 16)
  let length = 0
  try {
    for (;;) {
      const read = readSync(file, buffer, length, buffer.length - length, null)
      length += read
      // It comes in 4 kB at a time, and is taken apart when enough of it is there.
      if (read > 0 && length < buffer.length / 2) continue
      const done = reader.read(buffer.subarray(0, length))
      buffer.copyWithin(0, done, length)
      length -= done
      if (read === 0) return reader.finish()
    }
  } finally {
    closeSync(file)
  }
}

/** How a tunnel wraps packets is known to netlink alone. */
async function withTunnels(line: IpvsLine, table: Table): Promise<Table> {
  const whole: VirtualServer[] = []
  for (const server of table) {
    const hasTunnel = server.realServers.some((real) => real.forwarding === Forwarding.tunnel)
    whole.push(hasTunnel ? await withRealServers(line, server, 'whole') : server)
  }
  return whole
}

function sameIdentities(a: Table, b: Table): boolean {
  return (
    a.length === b.length &&
    a.every((server, index) => {
      const other = b[index]
      return other !== undefined && identityOf(server) === identityOf(other)
    })
  )
}
