import { familyOf, type IP } from '../../address/ip.ts'
import type { KernelFacts } from '../../table/settings.ts'
import {
  protocolNames,
  type RealServer,
  type Table,
  type VirtualServer,
} from '../../table/virtual-server.ts'
import { hostAndPort, type Names, protocolOf } from './host-and-port.ts'
import { Lines } from './lines.ts'
import { type ModeOptions, modeFor } from './list-mode.ts'
import { type Order, realServersInOrder, serversInOrder } from './order.ts'

export interface ListOptions extends ModeOptions, Order {
  readonly kernel?: KernelFacts | undefined
  /** Names instead of numbers, as without `-n`. */
  readonly names?: Names | undefined
  readonly paint?: ListPaint | undefined
  readonly beside?: Beside | undefined
}

/** What today's kernels say, unless their module was loaded with another size. */
export const usualKernel: KernelFacts = { version: 0x010201, size: 4096 }

/** How a listing is coloured. Plain text is the identity on every part. */
export interface ListPaint {
  readonly title: (text: string) => string
  /** What tells a virtual server from the others, such as `TCP  10.0.0.1:80`. */
  readonly server: (text: string, server: VirtualServer) => string
  readonly realServer: (text: string, realServer: RealServer) => string
}

const same = (text: string): string => text
export const plainList: ListPaint = { title: same, server: same, realServer: same }

/** A column of our own behind ipvsadm's: what we know of a row and the kernel does not. */
export interface Beside {
  readonly title: string
  readonly of: (server: VirtualServer, realServer: RealServer | undefined) => string
}

/** A table as `ipvsadm -Ln` shows it, to the last blank. */
export function printList(table: Table, options: ListOptions = {}): string {
  return printRows(table, options, headOf(options.kernel))
}

function headOf({ version, size }: KernelFacts = usualKernel): string {
  const numbers = `${(version >>> 16) & 255}.${(version >>> 8) & 255}.${version & 255}`
  return `IP Virtual Server version ${numbers} (size=${size | 0})`
}

/** A table that a kernel has listed: the rows of real servers are printed already. */
export interface Listing {
  /** Without their real servers. */
  readonly servers: Table
  /** For each virtual server the lines of its real servers, in order: their bytes. */
  readonly rows: readonly Uint8Array[]
}

/** The same as `printList` with no other options, in pieces: a large table is not to be copied again. */
export function* printListing(
  { servers, rows }: Listing,
  kernel: KernelFacts | undefined,
): Generator<string | Uint8Array> {
  const mode = modeFor({})
  const rowsOf = new Map(servers.map((server, index) => [server, rows[index]]))
  yield `${headOf(kernel)}\n${mode.titles.join('\n')}\n`
  for (const server of serversInOrder(servers, { dumped: true })) {
    const label = labelOf(server, undefined)
    yield `${label}${mode.server(server, label)}\n`
    yield rowsOf.get(server) ?? none
  }
}

const none = new Uint8Array()

/** One virtual server as `ipvsadm -Ln -t ADDRESS` shows it: without the line about the kernel. */
export function printOne(server: VirtualServer, options: ListOptions = {}): string {
  return printRows([server], options)
}

function printRows(table: Table, options: ListOptions, head?: string): string {
  const { names, beside, paint = plainList } = options
  const mode = modeFor(options)
  const page = new Page(beside !== undefined, head)
  const [first, second] = mode.titles
  page.add(first, paint.title(first), beside && paint.title(beside.title))
  page.add(second, paint.title(second))
  for (const server of serversInOrder(table, options)) {
    const label = labelOf(server, names)
    const rest = mode.server(server, label)
    const painted = paint.server(label, server) + rest
    page.add(label + rest, painted, beside?.of(server, undefined))
    const protocol = protocolOf(server)
    for (const realServer of realServersInOrder(server, options)) {
      const { address, port } = realServer
      const name = cut(hostAndPort(address, port, protocol, names), address, widthOfName)
      const gap = gaps[widthOfName - name.length] ?? ''
      const text = `  -> ${name}${gap}${mode.realServer(realServer)}`
      page.add(text, paint.realServer(text, realServer), beside?.of(server, realServer))
    }
  }
  return page.print()
}

const widthOfName = 28

/** So many blanks each: to have them costs less than to make them for every row. */
const gaps = Array.from({ length: widthOfName + 1 }, (_, blanks) => ' '.repeat(blanks))

/** Lines, with a column behind them where one is asked for. */
class Page {
  readonly #lines = new Lines()
  readonly #rows: { readonly width: number; readonly painted: string; readonly beside: string }[] =
    []
  readonly #hasColumn: boolean

  constructor(hasColumn: boolean, head: string | undefined) {
    this.#hasColumn = hasColumn
    if (head !== undefined) this.#lines.add(head)
  }

  add(text: string, painted: string, beside = ''): void {
    if (this.#hasColumn) this.#rows.push({ width: text.length, painted, beside })
    else this.#lines.add(painted)
  }

  print(): string {
    const widest = this.#rows.reduce((most, { width }) => Math.max(most, width), 0)
    for (const { width, painted, beside } of this.#rows) {
      const gap = beside === '' ? '' : ' '.repeat(widest - width + 1)
      this.#lines.add(painted + gap + beside)
    }
    return this.#lines.print()
  }
}

function labelOf(server: VirtualServer, names: Names | undefined): string {
  const { fwmark, family, protocol, address, port } = server
  if (fwmark !== 0) return `FWM  ${fwmark | 0}${family === 'IPv6' ? ' IPv6' : ''}`
  const tag = (protocolNames.get(protocol) ?? '?').padEnd(4)
  return cut(`${tag} ${hostAndPort(address, port, protocol, names)}`, address, 33)
}

/** ipvsadm cuts long names in the rows of IPv4, and lets those of IPv6 shift the row. */
function cut(text: string, address: IP, width: number): string {
  return text.length > width && familyOf(address) === 'IPv4' ? text.slice(0, width) : text
}
