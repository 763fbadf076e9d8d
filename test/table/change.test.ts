import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type Change, changesBetween } from '../../src/table/change.ts'
import {
  Flag,
  identityOf,
  type RealServer,
  type Table,
  type VirtualServer,
} from '../../src/table/virtual-server.ts'
import { largeTable } from '../support/large-table.ts'
import { ModelKernel } from '../support/model-kernel.ts'
import { anyTable, ip, realServerWith, serverWith } from '../support/tables.ts'

const a = realServerWith({ address: ip('10.244.0.1') })
const b = realServerWith({ address: ip('10.244.0.2') })
const c = realServerWith({ address: ip('10.244.0.3') })

const one = serverWith({ port: 1 })
const two = serverWith({ port: 2 })

describe('the changes between two tables', () => {
  test('make before they break', () => {
    const before = [serverWith({ port: 1, realServers: [a, b] }), serverWith({ port: 2 })]
    const after = [
      serverWith({ port: 1, scheduler: 'wrr', realServers: [{ ...b, weight: 5 }, c] }),
      serverWith({ port: 3, realServers: [a] }),
    ]
    expect(inWords(changesBetween(before, after))).toEqual([
      'add TCP 10.96.0.1:3',
      'edit TCP 10.96.0.1:1',
      'attach TCP 10.96.0.1:1 10.244.0.3:8080',
      'attach TCP 10.96.0.1:3 10.244.0.1:8080',
      'adjust TCP 10.96.0.1:1 10.244.0.2:8080',
      'detach TCP 10.96.0.1:1 10.244.0.1:8080',
      'delete TCP 10.96.0.1:2',
    ])
  })

  test.each<[string, Table, Table]>([
    ['the order of real servers', [servers(a, b, c)], [servers(c, b, a)]],
    ['the order of virtual servers', [one, two], [two, one]],
    ['the flag by which the kernel says that it has it', [{ ...one, flags: Flag.hashed }], [one]],
    ['a name for no persistence engine', [{ ...one, engine: '' }], [one]],
    [
      'a tunnel of no kind',
      [servers({ ...a, tunnel: { type: 0, port: 0, flags: 0 } })],
      [servers(a)],
    ],
    [
      'live numbers',
      [servers({ ...a, connections: { active: 1, inactive: 2, persistent: 3 } })],
      [servers(a)],
    ],
  ])('do not come from %s', (_, before, after) => {
    expect(changesBetween(before, after)).toEqual([])
  })

  test.each<[string, Table, Table, string]>([
    ['a scheduler', [one], [{ ...one, scheduler: 'sh' }], 'edit'],
    ['a flag', [one], [{ ...one, flags: Flag.onePacket }], 'edit'],
    ['a timeout', [one], [{ ...one, timeout: 5 }], 'edit'],
    ['a netmask', [one], [{ ...one, netmask: 0xffffff00 }], 'edit'],
    ['a persistence engine', [one], [{ ...one, engine: 'sip' }], 'edit'],
    ['a weight', [servers(a)], [servers({ ...a, weight: 0 })], 'adjust'],
    ['a way of forwarding', [servers(a)], [servers({ ...a, forwarding: 3 })], 'adjust'],
    ['a threshold', [servers(a)], [servers({ ...a, lowerThreshold: 1 })], 'adjust'],
    [
      'the kind of a tunnel',
      [servers({ ...a, forwarding: 2, tunnel: { type: 0, port: 0, flags: 0 } })],
      [servers({ ...a, forwarding: 2, tunnel: { type: 1, port: 9, flags: 0 } })],
      'adjust',
    ],
  ])('edit %s in place', (_, before, after, verb) => {
    expect(changesBetween(before, after).map((change) => change.verb)).toEqual([verb])
  })

  test('attach new real servers in the order in which they are wished for', () => {
    const changes = changesBetween([servers(b)], [servers(c, b, a)])
    expect(inWords(changes).map((words) => words.split(' ').pop())).toEqual([
      '10.244.0.3:8080',
      '10.244.0.1:8080',
    ])
  })

  test('are found in a table of a million real servers in time', () => {
    const table = largeTable(50_000, 20)
    const read = table.map((server) => ({
      ...server,
      realServers: server.realServers.toReversed(),
    }))
    const start = performance.now()
    expect(changesBetween(read, table)).toEqual([])
    // It takes a tenth of a second or so; what is quadratic would take minutes.
    expect(performance.now() - start).toBeLessThan(3000)
  })
})

describe('for any two tables', () => {
  test('a kernel takes the changes, and then has the second', () => {
    fc.assert(
      fc.property(anyTable, anyTable, (before, after) => {
        const kernel = new ModelKernel(before)
        for (const change of changesBetween(kernel.table(), after)) kernel.perform(change)
        expect(sorted(kernel.table())).toEqual(sorted(after))
      }),
      { numRuns: 300 },
    )
  })

  test('there are none when they are the same', () => {
    fc.assert(
      fc.property(anyTable, (table) => {
        expect(changesBetween(table, table)).toEqual([])
        expect(changesBetween(new ModelKernel(table).table(), table)).toEqual([])
      }),
    )
  })

  test('no virtual server that stays is without real servers in between', () => {
    fc.assert(
      fc.property(anyTable, anyTable, (before, after) => {
        const staying = new Set(
          after.filter((one) => one.realServers.length > 0).map((one) => identityOf(one)),
        )
        const kernel = new ModelKernel(before.filter((one) => one.realServers.length > 0))
        for (const change of changesBetween(kernel.table(), after)) {
          kernel.perform(change)
          if (change.verb !== 'detach') continue
          const table = kernel.table().filter((one) => staying.has(identityOf(one)))
          expect(table.every((one) => one.realServers.length > 0)).toBe(true)
        }
      }),
    )
  })
})

function servers(...realServers: readonly RealServer[]): VirtualServer {
  return serverWith({ realServers })
}

function inWords(changes: readonly Change[]): string[] {
  return changes.map((change) => {
    const words = `${change.verb} ${identityOf(change.server)}`
    return 'realServer' in change
      ? `${words} ${change.realServer.address}:${change.realServer.port}`
      : words
  })
}

function sorted(table: Table): Table {
  return table
    .map((server) => ({
      ...server,
      realServers: server.realServers.toSorted((x, y) => compare(nameOf(x), nameOf(y))),
    }))
    .sort((x, y) => compare(identityOf(x), identityOf(y)))
}

function nameOf({ address, port }: RealServer): string {
  return `${address} ${port}`
}

function compare(x: string, y: string): number {
  return x < y ? -1 : x > y ? 1 : 0
}
