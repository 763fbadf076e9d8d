import { describe, expect, test } from '@jest/globals'
import type { SyncDaemon } from '../../src/table/settings.ts'
import { eachMessage, type Message } from '../../src/wire/message.ts'
import { MessageWriter } from '../../src/wire/message-writer.ts'
import {
  decodeDaemon,
  decodeTimeouts,
  writeDaemonStart,
  writeTimeouts,
} from '../../src/wire/settings.ts'
import { ip } from '../support/tables.ts'

const daemon: SyncDaemon = {
  state: 'master',
  interface: 'eth0',
  syncId: 5,
  maxLength: 1400,
  group: ip('224.0.0.81'),
  port: 8848,
  ttl: 3,
}

describe('a sync daemon', () => {
  test.each<[string, SyncDaemon]>([
    ['with everything', daemon],
    ['over IPv6', { ...daemon, state: 'backup', group: ip('ff02::81') }],
    ['as the kernel likes it', { ...daemon, maxLength: 0, group: undefined, port: 0, ttl: 0 }],
  ])('%s is read as it was written', (_, wanted) => {
    const message = written((out) => writeDaemonStart(out, 28, wanted))
    expect(decodeDaemon(message)).toEqual(wanted)
  })
})

describe('timeouts', () => {
  test('are read as they were written', () => {
    const timeouts = { tcp: 900, tcpFin: 120, udp: 300 }
    expect(decodeTimeouts(written((out) => writeTimeouts(out, 28, timeouts)))).toEqual(timeouts)
  })
})

function written(write: (out: MessageWriter) => void): Message {
  const out = new MessageWriter(0)
  write(out)
  const found: Message[] = []
  eachMessage(out.written(), (message) => found.push(message))
  const [message] = found
  if (message === undefined) throw new Error('nothing was written')
  return message
}
