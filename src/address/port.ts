/** What IPVS balances and a Service port may say. The order is the server's, and the alphabet's. */
export const protocols = ['SCTP', 'TCP', 'UDP'] as const
export type Protocol = (typeof protocols)[number]

/** As numbered by IANA, and as the kernel wants them. */
export const protocolNumbers = { TCP: 6, UDP: 17, SCTP: 132 } satisfies Record<Protocol, number>

export function isProtocol(text: string): text is Protocol {
  return (protocols as readonly string[]).includes(text)
}

export function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 65535
}

/** Ports from `first` to `last`, both included. */
export interface PortRange {
  readonly first: number
  readonly last: number
}

export function inRange({ first, last }: PortRange, port: number): boolean {
  return port >= first && port <= last
}

export function printRange({ first, last }: PortRange): string {
  return `${first}-${last}`
}

/**
 * Reads a range as the API server's `--service-node-port-range` does: `30000-32767`,
 * `30000+2767`, or one port. Answers a sentence where it is none.
 */
export function parseRange(text: string): PortRange | string {
  const match = /^\s*(\d+)\s*(?:([-+])\s*(\d+)\s*)?$/.exec(text)
  if (match === null) return `unable to parse port range: ${text}`
  const first = Number(match[1])
  const second = match[3] === undefined ? first : Number(match[3])
  const last = match[2] === '+' ? first + second : second
  if (first > 65535 || last > 65535) return `the port range cannot be greater than 65535: ${text}`
  if (last < first) return `end port cannot be less than start port: ${text}`
  return { first, last }
}
