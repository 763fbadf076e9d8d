declare const kind: unique symbol

/** An address in its canonical text (RFC 5952 for IPv6). Equal addresses are `===`, and keys of Maps. */
export type IP = string & { readonly [kind]: 'IP' }

export type Family = 'IPv4' | 'IPv6'

/** What a text says when it is read as an address, and how far it strays from the canonical form. */
export interface ReadIP {
  readonly ip: IP
  /** A part is written with zeros in front, which some readers take for octal. */
  readonly leadingZeros: boolean
  /** Written as `::ffff:1.2.3.4`. The address itself is the IPv4 one, as in Go. */
  readonly mapped: boolean
}

/**
 * Reads an address as Kubernetes always has: leading zeros and IPv4-mapped IPv6 are understood.
 * Whether they are welcome is for the caller to say.
 */
export function readIP(text: string): ReadIP | undefined {
  return text.includes(':') ? readIPv6(text) : readIPv4(text)
}

/** The address that a text is, whatever its form. */
export function ipIn(text: string): IP | undefined {
  return isPlainIPv4(text) ? text : readIP(text)?.ip
}

/** Reads an address that is written without oddities. */
export function parseIP(text: string): IP | undefined {
  if (isPlainIPv4(text)) return text
  const read = readIP(text)
  return read === undefined || read.leadingZeros || read.mapped ? undefined : read.ip
}

/** Whether a text is an IPv4 address just as we would write it, as most addresses are. */
export function isPlainIPv4(text: string): text is IP {
  let octet = 0
  let digits = 0
  let dots = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === dot) {
      if (digits === 0) return false
      octet = 0
      digits = 0
      dots += 1
    } else {
      if (code < zero || code > nine || (digits > 0 && octet === 0)) return false
      octet = octet * 10 + code - zero
      digits += 1
      if (octet > 255) return false
    }
  }
  return dots === 3 && digits > 0
}

export function familyOf(ip: IP): Family {
  return ip.includes(':') ? 'IPv6' : 'IPv4'
}

/** An address as 32-bit words, most significant first: one for IPv4, four for IPv6. */
export function wordsOf(ip: IP): number[] {
  return ip.includes(':') ? wordsOfIPv6(ip) : [wordOfIPv4(ip)]
}

export function ipFromWords(words: readonly number[]): IP {
  const [first = 0] = words
  if (words.length === 1) return printIPv4(first) as IP
  const groups: number[] = []
  for (const word of words) groups.push(word >>> 16, word & 0xffff)
  return printIPv6(groups) as IP
}

/** Numeric order, IPv4 before IPv6. */
export function compareIPs(a: IP, b: IP): number {
  if (a === b) return 0
  const left = wordsOf(a)
  const right = wordsOf(b)
  if (left.length !== right.length) return left.length - right.length
  for (let i = 0; i < left.length; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** An address as people write it before a port: IPv6 in brackets. */
export function withPort(ip: IP, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`
}

const zero = 48
const nine = 57
const dot = 46

/** The one word of an address that is IPv4. */
export function wordOfIPv4(ip: string): number {
  let word = 0
  let octet = 0
  for (let i = 0; i < ip.length; i++) {
    const code = ip.charCodeAt(i)
    if (code === dot) {
      word = word * 256 + octet
      octet = 0
    } else octet = octet * 10 + code - zero
  }
  return word * 256 + octet
}

function readIPv4(text: string): ReadIP | undefined {
  let word = 0
  let octet = 0
  let digits = 0
  let dots = 0
  let leadingZeros = false
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : dot
    if (code === dot) {
      if (digits === 0 || octet > 255) return undefined
      word = word * 256 + octet
      octet = 0
      digits = 0
      dots += 1
    } else if (code >= zero && code <= nine) {
      if (digits > 0 && octet === 0) leadingZeros = true
      octet = octet * 10 + code - zero
      digits += 1
      if (octet > 255) return undefined
    } else return undefined
  }
  if (dots !== 4) return undefined
  const ip = (leadingZeros ? printIPv4(word) : text) as IP
  return { ip, leadingZeros, mapped: false }
}

function printIPv4(word: number): string {
  const half = word >>> 16
  if (half !== lastHalf) {
    lastHalf = half
    lastHead = `${half >>> 8}.${half & 255}.`
  }
  return `${lastHead}${(word >>> 8) & 255}.${word & 255}`
}

/** Addresses that are printed one after another often begin alike. */
let lastHalf = -1
let lastHead = ''

function readIPv6(text: string): ReadIP | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [headText = '', tailText] = halves
  const head = readGroups(headText, tailText === undefined)
  const tail = readGroups(tailText ?? '', true)
  if (head === undefined || tail === undefined) return undefined
  const missing = 8 - head.groups.length - tail.groups.length
  if (tailText === undefined ? missing !== 0 : missing < 1) return undefined
  const groups = [...head.groups, ...new Array<number>(missing).fill(0), ...tail.groups]
  const leadingZeros = head.leadingZeros || tail.leadingZeros
  const mapped = groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)
  if (!mapped) return { ip: printIPv6(groups) as IP, leadingZeros, mapped }
  const word = (groups[6] ?? 0) * 65536 + (groups[7] ?? 0)
  return { ip: printIPv4(word) as IP, leadingZeros, mapped }
}

/** The groups on one side of `::`; the last may be a dotted IPv4 address where the text ends. */
function readGroups(
  text: string,
  atEnd: boolean,
): { groups: number[]; leadingZeros: boolean } | undefined {
  const groups: number[] = []
  let leadingZeros = false
  if (text === '') return { groups, leadingZeros }
  const parts = text.split(':')
  for (const [index, part] of parts.entries()) {
    if (part.includes('.')) {
      const read = atEnd && index === parts.length - 1 ? readIPv4(part) : undefined
      if (read === undefined) return undefined
      const word = wordOfIPv4(read.ip)
      groups.push(word >>> 16, word & 0xffff)
      leadingZeros = read.leadingZeros
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return undefined
      groups.push(Number.parseInt(part, 16))
    }
  }
  return { groups, leadingZeros }
}

function wordsOfIPv6(ip: string): number[] {
  const [headText = '', tailText = ''] = ip.split('::')
  const head = readGroups(headText, true)?.groups ?? []
  const tail = readGroups(tailText, true)?.groups ?? []
  const groups = [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail]
  const words: number[] = []
  for (let i = 0; i < 8; i += 2) words.push((groups[i] ?? 0) * 65536 + (groups[i + 1] ?? 0))
  return words
}

/** RFC 5952: lower case, and the first of the longest runs of zero groups becomes `::`. */
function printIPv6(groups: readonly number[]): string {
  let start = -1
  let length = 1
  for (let i = 0; i < 8; i++) {
    let end = i
    while (end < 8 && groups[end] === 0) end += 1
    if (end - i > length) {
      start = i
      length = end - i
    }
    if (end > i) i = end
  }
  const hex = groups.map((group) => group.toString(16))
  if (start < 0) return hex.join(':')
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`
}
