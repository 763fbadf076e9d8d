import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type IP, ipFromWords, wordsOf } from '../../src/address/ip.ts'
import type { VirtualServer } from '../../src/table/virtual-server.ts'
import { printList, printListing } from '../../src/text/ipvsadm/list.ts'
import { ListingRows } from '../../src/wire/proc-listing.ts'
import { ProcTableReader, RealServerRows } from '../../src/wire/proc-table.ts'
import { wholeOf } from '../../src/world/pieces.ts'
import { ip, realServerWith, serverWith } from '../support/tables.ts'

// As Linux 6.1 prints it.
const text = `\
IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  0A600001:0050 rr persistent 360 FFFFFFFF
  -> 0AF40005:1F90      Masq    1      2          3         
  -> [fd00:0244:0000:0000:0000:0000:0000:0005]:0050      Tunnel  1      0          0         
UDP  [fd00:0096:0000:0000:0000:0000:0000:0001]:0035 wrr 
  -> 0AF40006:0035      Route   -1     0          0         
FWM  80000000 rr 
IP_47  00000000:0000 rr 
  -> 7F000001:0000      Local   2147483647 0          0         
`

const idle = { active: 0, inactive: 0, persistent: 0 }

const servers = [
  serverWith({ timeout: 360 }),
  serverWith({ family: 'IPv6', protocol: 17, port: 53 }),
  serverWith({ fwmark: 0x80000000, protocol: 0, address: ip('0.0.0.0'), port: 0 }),
  serverWith({ protocol: 47, address: ip('0.0.0.0'), port: 0 }),
]

const realServers = [
  [
    realServerWith({ connections: { active: 2, inactive: 3, persistent: 0 } }),
    realServerWith({ address: ip('fd00:244::5'), port: 80, forwarding: 2, connections: idle }),
  ],
  [
    realServerWith({
      address: ip('10.244.0.6'),
      port: 53,
      forwarding: 3,
      weight: -1,
      connections: idle,
    }),
  ],
  [],
  [
    realServerWith({
      address: ip('127.0.0.1'),
      port: 0,
      forwarding: 1,
      weight: 0x7fffffff,
      connections: idle,
    }),
  ],
]

describe('the text of /proc/net/ip_vs', () => {
  test('gives virtual servers their real servers', () => {
    expect(readWhole(text, servers)).toEqual(realServers)
  })

  test.each([1, 7, 64, 100])('may come in pieces of %d bytes', (size) => {
    const bytes = Buffer.from(text)
    const reader = new ProcTableReader(servers, new RealServerRows())
    let rest = Buffer.alloc(0)
    for (let at = 0; at < bytes.length; at += size) {
      rest = Buffer.concat([rest, bytes.subarray(at, at + size)])
      rest = rest.subarray(reader.read(rest))
    }
    expect(reader.finish()).toEqual(realServers)
  })

  test.each<[string, readonly VirtualServer[]]>([
    ['one more', [...servers, serverWith({ port: 1 })]],
    ['one fewer', servers.slice(0, -1)],
    ['another port', servers.with(0, serverWith({ port: 81 }))],
    ['another address', servers.with(0, serverWith({ address: ip('10.96.0.2') }))],
    ['another protocol', servers.with(0, serverWith({ protocol: 17 }))],
    ['another mark', servers.with(2, serverWith({ fwmark: 1 }))],
    ['another order', servers.toReversed()],
  ])('is not believed where it tells of %s', (_, others) => {
    expect(readWhole(text, others)).toBeUndefined()
  })
})

describe('rows of a listing', () => {
  test('are those that are printed of real servers, in any order', () => {
    fc.assert(
      fc.property(fc.array(anyServer, { maxLength: 3 }), (table) => {
        const reader = new ProcTableReader(table, new ListingRows())
        reader.read(Buffer.from(procText(table)))
        const rows = reader.finish() ?? []
        expect(wholeOf(printListing({ servers: table, rows }, undefined))).toBe(
          printList(table, { dumped: true }),
        )
      }),
    )
  })

  test.each([
    '  -> \n',
    '  -> 0AF40001:0050\n',
    '  \n',
    `  -> 0AF40001:0050  ${'x'.repeat(40_000)}\n`,
  ])('end where their lines end, whatever stands there: %#', (odd) => {
    const usual = '  -> 0AF40002:0050      Masq    1      0          0         \n'
    const [rows = ''] = readRows(`${procText([serverWith({})])}${odd}${usual}${odd}`, 1) ?? []
    expect(rows.split('\n')).toHaveLength(4)
    expect(rows).toContain(
      '  -> 10.244.0.2:80                Masq    1      0          0         \n',
    )
  })

  test('find room for as many as there are', () => {
    const many = Array.from({ length: 2000 }, (_, index) =>
      realServerWith({ address: ipFromWords([0x0af40000 + index]), connections: idle }),
    )
    const [rows = ''] =
      readRows(procText([serverWith({ realServers: many.toReversed() })]), 1) ?? []
    expect(rows.split('\n')).toHaveLength(2001)
    expect(rows).toMatch(/^ {2}-> 10\.244\.0\.0:.*\n {2}-> 10\.244\.0\.1:/)
  })
})

function readRows(whole: string, count: number): readonly string[] | undefined {
  const reader = new ProcTableReader(Array(count).fill(serverWith({})), new ListingRows())
  reader.read(Buffer.from(whole))
  return reader.finish()?.map((rows) => Buffer.from(rows).toString())
}

function readWhole(whole: string, of: readonly VirtualServer[]) {
  const reader = new ProcTableReader(of, new RealServerRows())
  reader.read(Buffer.from(whole))
  return reader.finish()
}

// Near ones and far ones: what is more than 2^31 apart ipvsadm sorts in a way of its own.
const anyAddress = fc.oneof(
  fc.integer({ min: 0x0af40000, max: 0x0af40008 }).map((word) => ipFromWords([word])),
  fc.constantFrom('10.0.0.1', '192.168.0.1', '255.0.0.1', '::1:2', 'fd00::1', 'fd00::2').map(ip),
)

const anyServer = fc
  .uniqueArray(
    fc.record({
      address: anyAddress,
      port: fc.constantFrom(0, 80, 65_535),
      forwarding: fc.constantFrom(0, 1, 2, 3),
      weight: fc.constantFrom(0, 1, 100, -1, 0x7fffffff),
      connections: fc.record({
        active: fc.nat(20),
        inactive: fc.constantFrom(0, 4_000_000),
        persistent: fc.constant(0),
      }),
    }),
    { selector: ({ address, port }) => `${address} ${port}`, maxLength: 12 },
  )
  .map((rows) => serverWith({ realServers: rows.map(realServerWith) }))

const forwardings = ['Masq', 'Local', 'Tunnel', 'Route']

function procText(table: readonly VirtualServer[]): string {
  const lines = table.flatMap(({ address, port, scheduler, realServers }) => [
    `TCP  ${procEnd(address, port)} ${scheduler} \n`,
    ...realServers.map(({ forwarding, weight, connections, ...real }) => {
      const { active, inactive } = connections ?? idle
      const numbers = [String(weight).padEnd(6), String(active).padEnd(10)]
      const way = forwardings[forwarding]?.padEnd(7)
      const rest = `${way} ${numbers.join(' ')} ${String(inactive).padEnd(10)}`
      return `  -> ${procEnd(real.address, real.port)}      ${rest}\n`
    }),
  ])
  return text
    .split('\n')
    .slice(0, 3)
    .join('\n')
    .concat('\n', ...lines)
}

function procEnd(address: IP, port: number): string {
  const hex = wordsOf(address).map((word) => word.toString(16).padStart(8, '0'))
  const groups = hex.join('').match(/.{4}/g)
  const at = hex.length === 1 ? hex.join('').toUpperCase() : `[${groups?.join(':')}]`
  return `${at}:${port.toString(16).toUpperCase().padStart(4, '0')}`
}
