import { familyOf, type IP, parseIP } from '../../address/ip.ts'
import { Forwarding, type RealServer, type VirtualServer } from '../../table/virtual-server.ts'
import { inetPton6 } from './inet.ts'
import { addRealServer, type Entry, type KernelTable } from './kernel-table.ts'
import { placeOf, type Rule } from './rule.ts'
import { endOfWord, type Word } from './rule-words.ts'

/** How a rule was written around its addresses, and what it meant. */
interface Pattern {
  readonly server: VirtualServer
  readonly realServer: RealServer | undefined
  /** From the beginning of the line to the virtual server. */
  readonly before: string
  /** From there to the real server, or to the end of the line. */
  readonly between: string
  /** From there to the end of the line, its line break with it. */
  readonly after: string
}

/** An address with its port. */
interface Place {
  readonly address: IP
  readonly port: number
}

/**
 * Most rules add a virtual server or a real server just as the one before did, and differ in
 * addresses and ports alone: those are read here without a look at every word. Whatever is not
 * like that, and whatever would be refused, is left to the reader of words.
 */
export class RowReader {
  readonly #text: string
  readonly #kernel: KernelTable
  readonly #patterns: { service?: Pattern | undefined; realServer?: Pattern | undefined } = {}
  readonly #places: PlaceReader
  /** The virtual server of the row before, as it is written. */
  #written = ''
  #entry: Entry | undefined

  constructor(text: string, kernel: KernelTable) {
    this.#text = text
    this.#kernel = kernel
    this.#places = new PlaceReader(text)
  }

  /** Carries out the line that begins at a place, and answers where the next one begins. */
  read(start: number): number | undefined {
    const { service, realServer } = this.#patterns
    if (realServer !== undefined && this.#text.startsWith(realServer.before, start)) {
      return this.#readRealServer(realServer, start + realServer.before.length)
    }
    if (service !== undefined && this.#text.startsWith(service.before, start)) {
      return this.#readService(service, start + service.before.length)
    }
    return undefined
  }

  /** Takes note of a line that was carried out otherwise. */
  note(rule: Rule, start: number, end: number): void {
    this.#written = ''
    this.#entry = undefined
    if (rule.command === 'add-service') this.#patterns.service = this.#patternOf(rule, start, end)
    if (rule.command === 'add-server') this.#patterns.realServer = this.#patternOf(rule, start, end)
  }

  #patternOf(rule: Rule, start: number, end: number): Pattern | undefined {
    const text = this.#text
    const { server, realServer, places } = rule
    if (server === undefined || server.fwmark !== 0 || text[end - 1] !== '\n') return undefined
    const of = placeOf(places, 'service-address')
    const to = realServer === undefined ? of : placeOf(places, 'real-server')
    // What is left out of one address may be taken from the other, and with the word before it none ends.
    if (to.start < of.start || !this.#isWhole(of) || !this.#isWhole(to)) return undefined
    const [ofEnd, toEnd] = [endOfWord(text, of.start), endOfWord(text, to.start)]
    return {
      ...{ server, realServer },
      before: text.slice(start, of.start),
      between: realServer === undefined ? text.slice(ofEnd, end) : text.slice(ofEnd, to.start),
      after: text.slice(toEnd, end),
    }
  }

  #isWhole({ start }: Word): boolean {
    return this.#places.read(start) !== undefined && /\s/.test(this.#text.charAt(start - 1))
  }

  #readService({ server, between }: Pattern, start: number): number | undefined {
    const end = this.#readPlace(start, server)
    if (end === undefined || !this.#text.startsWith(between, end)) return undefined
    const { address, port } = this.#places
    const entry = this.#kernel.addService({ ...server, address, port }, start)
    return entry && end + between.length
  }

  #readRealServer(pattern: Pattern, start: number): number | undefined {
    const { realServer, between, after } = pattern
    if (realServer === undefined) return undefined
    const entry = this.#entryAt(pattern, start)
    const place = start + this.#written.length + between.length
    if (entry === undefined) return undefined
    const end = this.#readPlace(place, realServer)
    if (end === undefined || !this.#text.startsWith(after, end)) return undefined
    const { address, port } = this.#places
    const own = realServer.forwarding === Forwarding.masq ? port : entry.it.port
    if (!addRealServer(entry, likeAt(realServer, address, own), place)) return undefined
    return end + after.length
  }

  /** Nothing where it is not written as it was, or there is none. */
  #entryAt({ server, between }: Pattern, start: number): Entry | undefined {
    const text = this.#text
    const isSame =
      this.#written !== '' &&
      text.startsWith(this.#written, start) &&
      text.startsWith(between, start + this.#written.length)
    if (isSame) return this.#entry
    const end = this.#readPlace(start, server)
    if (end === undefined || !text.startsWith(between, end)) return undefined
    const { address, port } = this.#places
    const { family, protocol, fwmark } = server
    this.#written = text.slice(start, end)
    this.#entry = this.#kernel.entryOf({ family, protocol, address, port, fwmark })
    return this.#entry
  }

  /** Answers where it ends. Of another family much else would be otherwise, and every port means something else. */
  #readPlace(start: number, like: Place): number | undefined {
    const end = this.#places.read(start)
    const { address, port } = this.#places
    return port !== 0 && familyOf(address) === familyOf(like.address) ? end : undefined
  }
}

/** One that is like another but for where it is. */
function likeAt(real: RealServer, address: IP, port: number): RealServer {
  const { forwarding, weight, upperThreshold, lowerThreshold, tunnel } = real
  return { address, port, forwarding, weight, upperThreshold, lowerThreshold, tunnel }
}

const zero = 48
const nine = 57

/** Reads addresses and ports that are written as we would write them; what was read last is kept in it. */
class PlaceReader implements Place {
  readonly #text: string
  address = '0.0.0.0' as IP
  port = 0

  constructor(text: string) {
    this.#text = text
  }

  /** Answers where the word ends that begins here, if that is one. */
  read(start: number): number | undefined {
    const text = this.#text
    const end = endOfWord(text, start)
    let port = 0
    let scale = 1
    let at = end - 1
    for (
      let code = text.charCodeAt(at);
      code >= zero && code <= nine;
      code = text.charCodeAt(--at)
    ) {
      port += (code - zero) * scale
      scale *= 10
    }
    if (text[at] !== ':' || scale === 1 || port > 65_535 || at <= start) return undefined
    const isBracketed = text[start] === '['
    if (isBracketed && text[at - 1] !== ']') return undefined
    const address = isBracketed
      ? inetPton6(text.slice(start + 1, at - 1))
      : parseIP(text.slice(start, at))
    if (address === undefined || (!isBracketed && familyOf(address) === 'IPv6')) return undefined
    this.address = address
    this.port = port
    return end
  }
}
