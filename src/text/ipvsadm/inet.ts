import { type IP, ipFromWords, parseIP, readIP, wordsOf } from '../../address/ip.ts'

// Addresses as glibc reads and writes them, and so ipvsadm. Kubernetes has other habits.

/**
 * As inet_ntop: where six zero groups lead, or five and `ffff`, the rest is an IPv4 address. Our
 * own text is RFC 5952, which has no such parts.
 */
export function inetNtop(ip: IP): string {
  if (!ip.startsWith('::')) return ip
  const match = embedded.exec(ip)
  if (match === null) return ip
  const [, mapped = '', high = '', low = ''] = match
  const upper = Number.parseInt(high, 16)
  const lower = Number.parseInt(low, 16)
  return `::${mapped}${upper >>> 8}.${upper & 255}.${lower >>> 8}.${lower & 255}`
}

// Two groups behind `::` leave six to it, the longest run there can be; `ffff` before them five.
const embedded = /^::(ffff:)?([0-9a-f]{1,4}):([0-9a-f]{1,4})$/

/** As inet_pton for IPv6. `::ffff:1.2.3.4` is an address of its own here, and not 1.2.3.4. */
export function inetPton6(text: string): IP | undefined {
  // Most of what is asked here is an IPv4 address with a port: one colon.
  if (text.indexOf(':') === text.lastIndexOf(':')) return undefined
  const read = readIP(text)
  if (read === undefined || read.leadingZeros) return undefined
  return read.mapped ? ipFromWords([0, 0, 0xffff, ...wordsOf(read.ip)]) : read.ip
}

/**
 * As inet_aton: one to four parts, each decimal, octal (`0…`) or hexadecimal (`0x…`), of which the
 * last fills all that is left; nothing behind white space matters.
 */
export function inetAton(text: string): IP | undefined {
  if (text.includes(':')) return undefined
  const plain = parseIP(text)
  if (plain !== undefined) return plain
  const [written = ''] = text.split(/[\t-\r ]/, 1)
  const parts = written.split('.').map(parsePart)
  const last = parts.pop()
  if (last === undefined || parts.length > 3 || last >= 2 ** (32 - 8 * parts.length))
    return undefined
  let word = last
  for (const [index, part] of parts.entries()) {
    if (part === undefined || part > 255) return undefined
    word += part * 2 ** (24 - 8 * index)
  }
  return ipFromWords([word])
}

function parsePart(text: string): number | undefined {
  if (/^0[xX][0-9a-fA-F]+$/.test(text)) return Number.parseInt(text.slice(2), 16)
  if (/^0[0-7]*$/.test(text)) return Number.parseInt(text, 8)
  return /^[1-9][0-9]*$/.test(text) ? Number(text) : undefined
}
