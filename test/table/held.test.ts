import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { heldIdentity } from '../../src/ledger/ledger.ts'
import { agrees, heldFrom, realServersByPlace, serversOf } from '../../src/table/held.ts'
import { identityOf, type VirtualServer } from '../../src/table/virtual-server.ts'
import { canonical } from '../support/canonical.ts'
import { entryWith } from '../support/ledgers.ts'
import { anyTable, ip, realServerWith, serverWith } from '../support/tables.ts'

describe('a virtual server as the ledger holds it', () => {
  test('says nothing of what is usual', () => {
    expect(heldFrom(serverWith({ realServers: [realServerWith({})] }))).toEqual({
      ...{ protocol: 'TCP', address: '10.96.0.1', port: 80, scheduler: 'rr' },
      realServers: ['10.244.0.5:8080'],
    })
  })

  test('says who asked for it, and what is special', () => {
    const cause = { service: 'default/web', port: 'http', kind: 'nodePort' } as const
    const server = serverWith({
      ...{ family: 'IPv6', flags: 3, timeout: 600, netmask: 64, engine: 'sip' },
      cause: { ...cause, line: { file: 'web.yaml', line: 7 } },
      realServers: [realServerWith({ address: ip('fd00::5'), weight: 3, name: 'web-1' })],
    })
    expect(heldFrom(server)).toEqual({
      ...{ protocol: 'TCP', address: 'fd00:96::1', port: 80, scheduler: 'rr' },
      ...{ flags: 1, timeout: 600, netmask: 64, engine: 'sip' },
      ...{ kind: 'nodePort', servicePort: 'http', line: 7 },
      realServers: [{ at: '[fd00::5]:8080', weight: 3, name: 'web-1' }],
    })
  })

  test('is the same virtual server when it is read back', () => {
    fc.assert(
      fc.property(anyTable, (table) => {
        const held = table.map(heldFrom)
        expect(held.map(heldIdentity)).toEqual(table.map(identityOf))
        expect(canonical(serversOf(throughJSON(entryWith({ servers: held }))))).toEqual(
          canonical(table),
        )
      }),
    )
  })

  test('agrees with itself, and with nothing that it does not stand for', () => {
    fc.assert(
      fc.property(anyTable, (table) => {
        for (const [index, server] of table.entries()) {
          expect(agrees(throughJSON(heldFrom(server)), server)).toBe(true)
          expect(agrees(heldFrom(server), table[index + 1] ?? serverWith({ port: 1 }))).toBe(false)
        }
      }),
    )
  })
})

describe('it is another one', () => {
  const real = realServerWith({})
  const server = serverWith({ realServers: [real] })
  const cause = { service: 'default/web', port: 'http', kind: 'nodePort' } as const

  test.each<[string, VirtualServer]>([
    ['with another scheduler', { ...server, scheduler: 'sh' }],
    ['with other flags', { ...server, flags: 4 }],
    ['with another timeout', { ...server, timeout: 1 }],
    ['with another netmask', { ...server, netmask: 0 }],
    ['with another engine', { ...server, engine: 'sip' }],
    ['asked for by somebody', { ...server, cause }],
    ['with one real server more', { ...server, realServers: [real, { ...real, port: 1 }] }],
    ['with no real server', { ...server, realServers: [] }],
    ['with another weight', { ...server, realServers: [{ ...real, weight: 2 }] }],
    ['with a real server of another name', { ...server, realServers: [{ ...real, name: 'a' }] }],
  ])('%s', (_, other) => {
    expect(agrees(heldFrom(server), other)).toBe(false)
  })
})

describe('what somebody wrote into a ledger and makes no sense', () => {
  test('is passed over', () => {
    const servers = [
      { protocol: 'TCP', address: '10.96.0.999', port: 80, scheduler: 'rr', realServers: [] },
      { ...heldFrom(serverWith({})), realServers: ['10.0.0.999:80', '10.0.0.1:80'] },
    ]
    const found = serversOf(entryWith({ servers }))
    expect(found.map(({ realServers }) => realServers.map(({ address }) => address))).toEqual([
      ['10.0.0.1'],
    ])
  })
})

test('real servers are found by their places', () => {
  const realServers = ['10.0.0.1:80', { at: '[fd00::1]:80', weight: 2 }]
  const places = realServersByPlace({ scheduler: 'rr', realServers })
  expect([places.get('10.0.0.1:80'), places.get('[fd00::1]:80')]).toEqual(realServers)
})

function throughJSON<T>(value: T): T {
  return JSON.parse(JSON.stringify(value))
}
