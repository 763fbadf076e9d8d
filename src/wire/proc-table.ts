import { type IP, ipFromWords } from '../address/ip.ts'
import {
  Forwarding,
  protocolNames,
  type RealServer,
  type VirtualServer,
} from '../table/virtual-server.ts'

const newLine = 10
const blank = 32
const minus = 45
const zero = 48
const colon = 58
const bracket = 91

/**
 * Finds the real servers of virtual servers in the text of /proc/net/ip_vs, which lists both in the
 * order in which the kernel dumps them. Answers nothing where the text tells of other virtual
 * servers: then the table has changed in between. The text knows no thresholds, no tunnels and no
 * persistent connections.
 */
export function realServersIn(
  text: Uint8Array,
  servers: readonly VirtualServer[],
): VirtualServer[] | undefined {
  const cursor = new Cursor(text)
  for (let title = 0; title < 3; title++) cursor.nextLine()
  const table: VirtualServer[] = []
  while (!cursor.atEnd()) {
    const server = servers[table.length]
    if (server === undefined || !isOf(cursor, server)) return undefined
    cursor.nextLine()
    const realServers: RealServer[] = []
    while (cursor.peek() === blank) realServers.push(readRealServer(cursor))
    table.push({ ...server, realServers })
  }
  return table.length === servers.length ? table : undefined
}

/** Is the line about this virtual server? */
function isOf(cursor: Cursor, { fwmark, protocol, address, port }: VirtualServer): boolean {
  const name = cursor.word()
  if (name === 'FWM') return cursor.hex() === fwmark
  const expected = protocolNames.get(protocol)
  if (fwmark !== 0 || (expected !== undefined && name !== expected)) return false
  return cursor.address() === address && cursor.hex() === port
}

/** `  -> 0AF40232:0050      Masq    1      1          3         ` */
function readRealServer(cursor: Cursor): RealServer {
  cursor.word()
  const address = cursor.address()
  const port = cursor.hex()
  const forwarding = forwardingOf(cursor.word())
  const weight = cursor.decimal()
  const connections = { active: cursor.decimal(), inactive: cursor.decimal(), persistent: 0 }
  cursor.nextLine()
  return {
    address,
    port,
    forwarding,
    weight,
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnel: undefined,
    connections,
  }
}

function forwardingOf(name: string): number {
  if (name === 'Masq') return Forwarding.masq
  if (name === 'Route') return Forwarding.route
  return name === 'Tunnel' ? Forwarding.tunnel : Forwarding.local
}

/** Walks over the text, which is long, without making strings of what is a number. */
class Cursor {
  readonly #text: Uint8Array
  #at = 0

  constructor(text: Uint8Array) {
    this.#text = text
  }

  atEnd(): boolean {
    return this.#at >= this.#text.length
  }

  peek(): number | undefined {
    return this.#text[this.#at]
  }

  nextLine(): void {
    const end = this.#text.indexOf(newLine, this.#at)
    this.#at = end < 0 ? this.#text.length : end + 1
  }

  word(): string {
    this.#skipBlanks()
    let word = ''
    for (let code = this.peek(); code !== undefined && code > blank; code = this.peek()) {
      word += String.fromCharCode(code)
      this.#at += 1
    }
    return word
  }

  /** A number in capital hexadecimal digits, after a blank or a colon. */
  hex(): number {
    if (this.peek() === colon) this.#at += 1
    this.#skipBlanks()
    let value = 0
    for (let digit = this.#hexDigit(); digit >= 0; digit = this.#hexDigit()) {
      value = value * 16 + digit
      this.#at += 1
    }
    return value
  }

  decimal(): number {
    this.#skipBlanks()
    const negative = this.peek() === minus
    if (negative) this.#at += 1
    let value = 0
    for (let code = this.peek() ?? 0; code >= zero && code < colon; code = this.peek() ?? 0) {
      value = value * 10 + code - zero
      this.#at += 1
    }
    return negative ? -value : value
  }

  /** `0A600001`, or eight groups of four digits in brackets. */
  address(): IP {
    this.#skipBlanks()
    if (this.peek() !== bracket) return ipFromWords([this.hex()])
    this.#at += 1
    const words: number[] = []
    while (words.length < 4) words.push(this.hex() * 65536 + this.hex())
    this.#at += 1
    return ipFromWords(words)
  }

  #skipBlanks(): void {
    while (this.peek() === blank) this.#at += 1
  }

  /** The digit at hand in either case: the kernel prints IPv6 in small letters. */
  #hexDigit(): number {
    const code = this.peek() ?? 0
    if (code >= zero && code < colon) return code - zero
    const letter = (code | 0x20) - 87
    return letter >= 10 && letter <= 15 ? letter : -1
  }
}
