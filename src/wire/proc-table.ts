import { type IP, ipFromWords } from '../address/ip.ts'
import {
  type Connections,
  Forwarding,
  protocolNames,
  type RealServer,
  type VirtualServer,
} from '../table/virtual-server.ts'

/**
 * Finds the real servers of virtual servers in the text of /proc/net/ip_vs, which lists both in the
 * order in which the kernel dumps them. The text comes in pieces that end anywhere, and is long:
 * what is a number is not made a string first. It knows no thresholds, no tunnels and no persistent
 * connections.
 */
export class ProcTableReader {
  readonly #servers: readonly VirtualServer[]
  readonly #table: VirtualServer[] = []
  #realServers: RealServer[] = []
  #lines = 0
  #matches = true

  constructor(servers: readonly VirtualServer[]) {
    this.#servers = servers
  }

  /** Reads the lines that are whole; answers how many bytes that were. */
  read(text: Uint8Array): number {
    const cursor: Cursor = { text, at: 0 }
    for (;;) {
      const start = cursor.at
      const end = text.indexOf(newLine, start)
      if (end < 0 || !this.#matches) return start
      this.#lines += 1
      if (this.#lines > titles) {
        if (text[start] === blank) this.#realServers.push(readRealServer(cursor))
        else this.#begin(cursor)
      }
      cursor.at = end + 1
    }
  }

  /**
   * The virtual servers with their real servers. Nothing where the text tells of other virtual
   * servers: then the table has changed in between, or another network namespace has virtual
   * servers too, which the kernel (up to 6.1 at least) mixes up when it goes on after 4 kB.
   */
  finish(): VirtualServer[] | undefined {
    return this.#matches && this.#table.length === this.#servers.length ? this.#table : undefined
  }

  #begin(cursor: Cursor): void {
    const server = this.#servers[this.#table.length]
    if (server === undefined || !isOf(cursor, server)) {
      this.#matches = false
      return
    }
    this.#realServers = []
    this.#table.push({ ...server, realServers: this.#realServers })
  }
}

interface Cursor {
  readonly text: Uint8Array
  at: number
}

const titles = 3

const newLine = 10
const blank = 32
const minus = 45
const zero = 48
const colon = 58
const bracket = 91

/** Is the line about this virtual server? */
function isOf(cursor: Cursor, { fwmark, protocol, address, port }: VirtualServer): boolean {
  const name = readWord(cursor)
  if (name === 'FWM') return readHex(cursor) === fwmark
  const expected = protocolNames.get(protocol)
  if (fwmark !== 0 || (expected !== undefined && name !== expected)) return false
  return readAddress(cursor) === address && readHex(cursor) === port
}

const idle: Connections = { active: 0, inactive: 0, persistent: 0 }

const arrow = '  -> '.length

/** `  -> 0AF40232:0050      Masq    1      1          3         ` */
function readRealServer(cursor: Cursor): RealServer {
  cursor.at += arrow
  const address = readAddress(cursor)
  const port = readHex(cursor)
  const forwarding = readForwarding(cursor)
  const weight = readDecimal(cursor)
  const active = readDecimal(cursor)
  const inactive = readDecimal(cursor)
  return {
    address,
    port,
    forwarding,
    weight,
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnel: undefined,
    // Tables are large, and most real servers have nothing to do at any one time.
    connections: active === 0 && inactive === 0 ? idle : { active, inactive, persistent: 0 },
  }
}

/** `Masq`, `Local`, `Tunnel` and `Route` differ in their first letters. */
function readForwarding(cursor: Cursor): number {
  skipBlanks(cursor)
  const { text } = cursor
  const letter = text[cursor.at]
  while ((text[cursor.at] ?? 0) > blank) cursor.at += 1
  if (letter === 77) return Forwarding.masq
  if (letter === 82) return Forwarding.route
  return letter === 84 ? Forwarding.tunnel : Forwarding.local
}

/** `0A600001`, or eight groups of four digits in brackets. */
function readAddress(cursor: Cursor): IP {
  skipBlanks(cursor)
  if (cursor.text[cursor.at] !== bracket) return ipFromWords([readHex(cursor)])
  const words: number[] = []
  while (words.length < 4) {
    const high = readHex(cursor)
    words.push(high * 65536 + readHex(cursor))
  }
  cursor.at += 1
  return ipFromWords(words)
}

function readWord(cursor: Cursor): string {
  const start = cursor.at
  while ((cursor.text[cursor.at] ?? 0) > blank) cursor.at += 1
  return String.fromCharCode(...cursor.text.subarray(start, cursor.at))
}

/** Hexadecimal digits after blanks, a bracket or a colon; the kernel writes both cases of letters. */
function readHex(cursor: Cursor): number {
  const { text } = cursor
  let { at } = cursor
  while (digitOf(text[at] ?? zero) < 0) at += 1
  let value = 0
  for (let digit = digitOf(text[at] ?? 0); digit >= 0; digit = digitOf(text[at] ?? 0)) {
    value = value * 16 + digit
    at += 1
  }
  cursor.at = at
  return value
}

function digitOf(code: number): number {
  if (code >= zero && code < colon) return code - zero
  const letter = (code | 0x20) - 87
  return letter >= 10 && letter <= 15 ? letter : -1
}

function readDecimal(cursor: Cursor): number {
  skipBlanks(cursor)
  const { text } = cursor
  let { at } = cursor
  const negative = text[at] === minus
  if (negative) at += 1
  let value = 0
  for (let code = text[at] ?? 0; code >= zero && code < colon; code = text[at] ?? 0) {
    value = value * 10 + code - zero
    at += 1
  }
  cursor.at = at
  return negative ? -value : value
}

function skipBlanks(cursor: Cursor): void {
  while (cursor.text[cursor.at] === blank) cursor.at += 1
}
