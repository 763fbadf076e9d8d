import { describe, expect, test } from '@jest/globals'
import type { VirtualServer } from '../../src/table/virtual-server.ts'
import { ProcTableReader } from '../../src/wire/proc-table.ts'
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
    expect(readWhole(text, servers)).toEqual(
      servers.map((server, index) => ({ ...server, realServers: realServers[index] })),
    )
  })

  test.each([1, 7, 64, 100])('may come in pieces of %d bytes', (size) => {
    const bytes = Buffer.from(text)
    const reader = new ProcTableReader(servers)
    let rest = Buffer.alloc(0)
    for (let at = 0; at < bytes.length; at += size) {
      rest = Buffer.concat([rest, bytes.subarray(at, at + size)])
      rest = rest.subarray(reader.read(rest))
    }
    expect(reader.finish()).toEqual(readWhole(text, servers))
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

function readWhole(whole: string, of: readonly VirtualServer[]): VirtualServer[] | undefined {
  const reader = new ProcTableReader(of)
  reader.read(Buffer.from(whole))
  return reader.finish()
}
