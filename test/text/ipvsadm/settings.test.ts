import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { parseIP } from '../../../src/address/ip.ts'
import type { SyncDaemon } from '../../../src/table/settings.ts'
import { printDaemons, printTimeouts } from '../../../src/text/ipvsadm/settings.ts'

/** What ipvsadm printed, one command line after the other. */
function recorded(directory: string): string[] {
  const text = readFileSync(`fixtures/ipvsadm/${directory}/argv.json`, 'utf8')
  return (JSON.parse(text) as { out: string }[]).map(({ out }) => out)
}

describe('timeouts', () => {
  const printed = recorded('165-argv-misc')

  test.each([
    [900, 120, 300],
    [100, 200, 50],
    [2_678_400, 2_678_400, 2_678_400],
  ])('%d %d %d', (tcp, tcpFin, udp) => {
    expect(printed).toContain(printTimeouts({ tcp, tcpFin, udp }))
  })
})

describe('daemons', () => {
  const printed = recorded('166-argv-daemon')
  const master: SyncDaemon = {
    state: 'master',
    interface: 'lo',
    syncId: 0,
    maxLength: 1472,
    group: parseIP('224.0.0.81'),
    port: 8848,
    ttl: 1,
  }
  const backup: SyncDaemon = {
    state: 'backup',
    interface: 'dummy0',
    syncId: 7,
    maxLength: 1400,
    group: parseIP('224.0.0.90'),
    port: 9000,
    ttl: 3,
  }

  test.each<[string, SyncDaemon[]]>([
    ['one', [master]],
    ['both, the master first', [backup, master]],
    [
      'one that speaks IPv6',
      [{ ...master, interface: 'dummy0', maxLength: 1452, group: parseIP('ff02::90') }],
    ],
    ['none', []],
  ])('%s', (_, daemons) => {
    expect(printed).toContain(printDaemons(daemons))
  })

  test('of an old kernel, which says little of them', () => {
    const old = { ...master, maxLength: 0, group: undefined, port: 0, ttl: 0 }
    expect(printDaemons([old])).toBe('master sync daemon (mcast=lo, syncid=0)\n')
  })
})
