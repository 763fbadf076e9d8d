import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Change } from '../../src/table/change.ts'
import type { Counters, RealServer, VirtualServer } from '../../src/table/virtual-server.ts'
import { decodeRealServer, decodeVirtualServer } from '../../src/wire/decode.ts'
import { ChangeWriter } from '../../src/wire/encode-change.ts'
import { command, destination, nest, service, stats } from '../../src/wire/ipvs.ts'
import { eachMessage, type Message } from '../../src/wire/message.ts'
import { MessageWriter, messageFlag } from '../../src/wire/message-writer.ts'
import { decodeKernelFacts } from '../../src/wire/settings.ts'
import {
  hasRecorded,
  readRecorded,
  recordedCases,
  recordedTable,
} from '../support/recorded-table.ts'
import { anyTable, ip, realServerWith, serverWith } from '../support/tables.ts'

describe('what a kernel was heard to say', () => {
  test.each(recordedCases.filter((name) => hasRecorded(name, 'netlink.b64')))('%s', (name) => {
    const [facts = '', servers = '', ...lists] = readRecorded(name, 'netlink.b64')
      .trim()
      .split('\n')
    expect(decodeKernelFacts(messagesIn(facts)[0] as Message)).toEqual({
      version: 0x010201,
      size: 4096,
    })
    const table = messagesIn(servers).map((message, index) => {
      const server = decodeVirtualServer(message, false) as VirtualServer
      const realServers = messagesIn(lists[index] ?? '').map(
        (one) => decodeRealServer(one, server.family, false) as RealServer,
      )
      return { ...server, realServers: realServers.map(withoutConnections) }
    })
    expect(table).toEqual(recordedTable(name))
  })

  test('has counters of 64 bits, which are read when they are asked for', () => {
    const [, servers = ''] = readRecorded('001-seed-nodeport', 'netlink.b64').split('\n')
    const [first] = messagesIn(servers)
    expect(first && decodeVirtualServer(first, true)?.counters).toEqual(countersOf(() => 0n))
    expect(first && decodeVirtualServer(first, false)?.counters).toBeUndefined()
  })
})

describe('a change on the wire', () => {
  test('says what it was told to say, whatever came before it', () => {
    fc.assert(
      fc.property(anyTable, (table) => {
        const changes = table.flatMap((server): Change[] => [
          { verb: 'add', server },
          ...server.realServers.map(
            (realServer): Change => ({ verb: 'attach', server, realServer }),
          ),
        ])
        expect(sent(changes).map(read)).toEqual(
          changes.map((change) =>
            'realServer' in change ? change.realServer : { ...change.server, realServers: [] },
          ),
        )
      }),
    )
  })

  test('is a message for each verb', () => {
    const server = serverWith({})
    const realServer = realServerWith({})
    const changes: Change[] = [
      ...(['add', 'edit', 'delete'] as const).map((verb): Change => ({ verb, server })),
      ...(['attach', 'adjust', 'detach'] as const).map(
        (verb): Change => ({ verb, server, realServer }),
      ),
    ]
    const commands = sent(changes).map(({ view, start }) => view.getUint8(start - 4))
    const { newService, setService, delService, newDest, setDest, delDest } = command
    expect(commands).toEqual([newService, setService, delService, newDest, setDest, delDest])
  })

  test('is numbered, and only the last one asks for an answer', () => {
    const server = serverWith({})
    const realServers = [1, 2, 3].map((last) => realServerWith({ address: ip(`10.0.0.${last}`) }))
    const out = new MessageWriter(0, 41)
    const writer = new ChangeWriter(out, 28)
    for (const realServer of realServers) writer.write({ verb: 'attach', server, realServer })
    out.acknowledgeLast()
    const messages = messagesOf(out)
    expect(messages.map(({ sequence }) => sequence)).toEqual([41, 42, 43])
    expect(messages.map(flagsOf)).toEqual([1, 1, 1 | messageFlag.ack])
    writer.clear()
    writer.write({ verb: 'delete', server })
    expect(messagesOf(out).map(({ sequence }) => sequence)).toEqual([44])
  })

  test('names only what identifies a real server that is detached', () => {
    const server = serverWith({})
    const realServer = realServerWith({ weight: 7 })
    const [message] = sent([{ verb: 'detach', server, realServer }])
    expect(message && read(message)).toEqual({ ...realServer, weight: 0 })
  })

  test('fits into a buffer that has to grow', () => {
    const server = serverWith({})
    const changes = Array.from(
      { length: 300 },
      (_, port): Change => ({ verb: 'attach', server, realServer: realServerWith({ port }) }),
    )
    expect(sent(changes).map((message) => read(message).port)).toEqual(
      changes.map((_, port) => port),
    )
  })
})

describe('an answer', () => {
  test('may have its attributes in any order, and some that nobody knows', () => {
    const out = new MessageWriter(0)
    out.begin(28, command.newDest, 0)
    out.put({ type: 99, kind: service.scheduler.kind }, 'from the future', 'IPv4')
    const start = out.open(nest.destination | 0x8000)
    out.put(destination.weight, 3, 'IPv4')
    out.put({ type: 27, kind: service.scheduler.kind }, 'news', 'IPv4')
    out.put(destination.port, 8080, 'IPv4')
    out.put(destination.address, ip('10.0.0.9'), 'IPv4')
    out.close(start)
    out.end()
    const [message] = messagesOf(out)
    expect(message && withoutConnections(decodeRealServer(message, 'IPv4', false))).toEqual(
      realServerWith({ address: ip('10.0.0.9'), port: 8080, weight: 3 }),
    )
  })

  test('may count beyond what a number holds, with padding in between', () => {
    const largest = 2n ** 64n - 1n
    const out = new MessageWriter(0)
    out.begin(28, command.newDest, 0)
    const start = out.open(nest.destination)
    const inner = out.open(12)
    for (const [index, field] of Object.values(stats).entries()) {
      out.view.setUint32(out.length, 4 | (11 << 16), true)
      out.length += 4
      out.put(field, largest - BigInt(index), 'IPv4')
    }
    out.close(inner)
    out.close(start)
    out.end()
    const [message] = messagesOf(out)
    expect(message && decodeRealServer(message, 'IPv4', true)?.counters).toEqual(
      countersOf((index) => largest - BigInt(index)),
    )
  })

  test('of an old kernel counts in 32 bits', () => {
    const out = new MessageWriter(0)
    out.begin(28, command.newService, 0)
    const start = out.open(nest.service)
    const inner = out.open(10)
    for (const { type } of Object.values(stats))
      out.put({ type, kind: service.fwmark.kind }, 7, 'IPv4')
    out.close(inner)
    out.close(start)
    out.end()
    const [message] = messagesOf(out)
    expect(message && decodeVirtualServer(message, true)?.counters).toEqual(countersOf(() => 7n))
  })

  test('says when it was interrupted', () => {
    const out = new MessageWriter(0)
    out.begin(28, command.newDest, messageFlag.multi | messageFlag.interrupted)
    out.end()
    out.begin(28, command.newDest, messageFlag.multi)
    out.end()
    expect(messagesOf(out).map(({ interrupted }) => interrupted)).toEqual([true, false])
  })

  test.each([
    ['a message longer than its datagram', (bytes: Uint8Array) => bytes.subarray(0, 40)],
    ['a message shorter than its header', (bytes: Uint8Array) => bytes.fill(0, 0, 4)],
    ['an attribute longer than its message', (bytes: Uint8Array) => bytes.fill(255, 20, 22)],
  ])('with %s is an error and no endless loop', (_, spoil) => {
    const out = new MessageWriter(0)
    new ChangeWriter(out, 28).write({ verb: 'add', server: serverWith({}) })
    const bytes = spoil(out.written().slice())
    expect(() => eachMessage(bytes, (message) => decodeVirtualServer(message, false))).toThrow(
      RangeError,
    )
  })
})

function sent(changes: readonly Change[]): Message[] {
  const out = new MessageWriter(0)
  const writer = new ChangeWriter(out, 28)
  for (const change of changes) writer.write(change)
  return messagesOf(out)
}

/** What a message says, without live numbers: a real server, else a virtual one. */
function read(message: Message): Omit<RealServer, 'connections' | 'counters'> | VirtualServer {
  const server = decodeVirtualServer(message, false)
  if (server === undefined) throw new Error('no virtual server in it')
  const realServer = decodeRealServer(message, server.family, false)
  return realServer === undefined ? server : withoutConnections(realServer)
}

function withoutConnections(realServer: RealServer | undefined): RealServer {
  if (realServer === undefined) throw new Error('no real server in it')
  const { connections, counters, ...rest } = realServer
  return rest
}

function messagesIn(base64: string): Message[] {
  const found: Message[] = []
  eachMessage(Buffer.from(base64, 'base64'), (message) => found.push(message))
  return found.filter(({ type }) => type >= 16)
}

function messagesOf(out: MessageWriter): Message[] {
  const found: Message[] = []
  eachMessage(out.written().slice(), (message) => found.push(message))
  return found
}

function flagsOf({ view, start }: Message): number {
  return view.getUint16(start - 14, true)
}

function countersOf(value: (index: number) => bigint): Counters {
  return Object.fromEntries(
    Object.keys(stats).map((name, index) => [name, value(index)]),
  ) as unknown as Counters
}
