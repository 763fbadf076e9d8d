import { type IP, ipFromWords } from '../../address/ip.ts'
import { protocolNumbers } from '../../address/port.ts'
import { hostAndPort, type Names } from './host-and-port.ts'
import { inetPton6 } from './inet.ts'

/** One connection that IPVS knows of, or the template by which a client keeps its real server. */
export interface Connection {
  /** As the kernel writes it; `IP` for the template of a firewall mark. */
  readonly protocol: string
  readonly client: End
  readonly virtual: End
  readonly destination: End
  readonly state: string
  /** Seconds until it is forgotten. */
  readonly expires: number
  /** Persistence engine, and what it tells clients apart by. */
  readonly engine: string | undefined
  readonly engineText: string | undefined
}

export interface End {
  readonly address: IP
  readonly port: number
}

/** Reads /proc/net/ip_vs_conn. A line that is none of a connection is passed over. */
export function parseConnections(text: string): readonly Connection[] {
  return text
    .split('\n')
    .slice(1)
    .map(parseConnection)
    .filter((connection) => connection !== undefined)
}

function parseConnection(line: string): Connection | undefined {
  const [protocol, client, clientPort, virtual, virtualPort, ...rest] = words(line)
  const [destination, destinationPort, state, expires, engine, engineText] = rest
  const ends = {
    client: parseEnd(client, clientPort),
    virtual: parseEnd(virtual, virtualPort),
    destination: parseEnd(destination, destinationPort),
  }
  if (protocol === undefined || state === undefined || expires === undefined) return undefined
  if (ends.client === undefined || ends.virtual === undefined) return undefined
  if (ends.destination === undefined || !/^\d+$/.test(expires)) return undefined
  const { client: from, virtual: to, destination: by } = ends
  return {
    protocol,
    client: from,
    virtual: to,
    destination: by,
    state,
    expires: Number(expires),
    engine,
    engineText,
  }
}

function words(line: string): string[] {
  return line.split(/\s+/).filter((word) => word !== '')
}

/** `0AF40139 0050`, or `2001:0db8:0000:0000:0000:0000:0000:0001 0050`. */
function parseEnd(address: string | undefined, port: string | undefined): End | undefined {
  if (address === undefined || port === undefined || !/^[0-9A-F]{1,4}$/i.test(port))
    return undefined
  const ip = address.includes(':') ? inetPton6(address) : parseHex(address)
  return ip === undefined ? undefined : { address: ip, port: Number.parseInt(port, 16) }
}

function parseHex(address: string): IP | undefined {
  if (!/^[0-9A-F]{1,8}$/i.test(address)) return undefined
  return ipFromWords([Number.parseInt(address, 16)])
}

export interface ConnectionListOptions {
  /** Persistence engines too, as under `--persistent-conn`. */
  readonly persistentConn?: boolean | undefined
  /** Names instead of numbers, as without `-n`. */
  readonly names?: Names | undefined
}

/** As `ipvsadm -Lnc`, in the order given. */
export function printConnections(
  connections: readonly Connection[],
  { persistentConn, names }: ConnectionListOptions = {},
): string {
  const end = persistentConn ? 'destination        pe name          pe_data' : 'destination'
  return [
    'IPVS connection entries',
    `pro expire state       source             virtual            ${end}`,
    ...connections.map((connection) => printConnection(connection, persistentConn, names)),
    '',
  ].join('\n')
}

function printConnection(
  connection: Connection,
  persistentConn: boolean | undefined,
  names: Names | undefined,
): string {
  const { protocol, client, virtual, destination, state, expires, engine, engineText } = connection
  const number = numbers.get(protocol) ?? 0
  const name = ({ address, port }: End): string => hostAndPort(address, port, number, names)
  const row = [
    protocol.padEnd(3),
    printMinutes(expires).padEnd(6),
    state.padEnd(11),
    name(client).padEnd(18),
    name(virtual).padEnd(18),
  ]
  // The columns of these two rows are not those of their title.
  if (persistentConn && engine !== undefined && engineText !== undefined) {
    row.push(name(destination).padEnd(16), engine.padEnd(18), engineText)
  } else row.push(name(destination))
  return row.join(' ')
}

const numbers: ReadonlyMap<string, number> = new Map(Object.entries(protocolNumbers))

function printMinutes(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  return `${String(minutes).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`
}
