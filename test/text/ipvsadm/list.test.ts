import { describe, expect, test } from '@jest/globals'
import { type IP, parseIP } from '../../../src/address/ip.ts'
import type { RealServer, Table, VirtualServer } from '../../../src/table/virtual-server.ts'
import { bigNumber, exactNumber } from '../../../src/text/ipvsadm/big-number.ts'
import { type ListOptions, printList, printOne } from '../../../src/text/ipvsadm/list.ts'
import { parseRules } from '../../../src/text/ipvsadm/parse-rules.ts'

function tableOf(...rules: readonly string[]): Table {
  const complaints: string[] = []
  const source = { name: 'rules', text: `${rules.join('\n')}\n` }
  const { table } = parseRules(source, ({ message }) => complaints.push(message))
  expect(complaints).toEqual([])
  return table
}

const web = tableOf(
  '-A -t 10.96.0.10:80 -s rr',
  '-a -t 10.96.0.10:80 -r 10.244.1.57:8080 -m',
  '-a -t 10.96.0.10:80 -r 10.244.2.50:8080 -m -w 0',
)

describe('a big number', () => {
  test.each([
    [0n, '        0', '        0'],
    [99_999_999n, ' 99999999', ' 99999999'],
    [100_000_000n, '  100000K', ' 100000000'],
    [999_999_999n, '  999999K', ' 999999999'],
    [1_000_000_000n, '    1000M', ' 1000000000'],
    [99_999_999_999n, '   99999M', ' 99999999999'],
    [100_000_000_000n, '     100G', ' 100000000000'],
    [99_999_999_999_999n, '   99999G', ' 99999999999999'],
    [100_000_000_000_000n, '     100T', ' 100000000000000'],
    [2n ** 64n - 1n, '18446744T', ' 18446744073709551615'],
  ])('%d', (count, short, exact) => {
    expect(bigNumber(count)).toBe(short)
    expect(exactNumber(count)).toBe(exact)
  })
})

describe('which listing it is', () => {
  const titles = (options: ListOptions): string => printOne(server(), options).split('\n', 1).join()

  test.each<[string, ListOptions]>([
    ['Conns', { stats: true, rate: true, thresholds: true, persistentConn: true, tunInfo: true }],
    ['CPS', { rate: true, thresholds: true, persistentConn: true, tunInfo: true }],
    ['Uthreshold', { thresholds: true, persistentConn: true, tunInfo: true }],
    ['PersistConn', { persistentConn: true, tunInfo: true }],
    ['Scheduler Flags', { tunInfo: true, exact: true }],
  ])('%s, where the first of several counts', (title, options) => {
    expect(titles(options)).toContain(title)
  })
})

test('a real server shows half of each of its counters, but for the totals of bytes', () => {
  const count = 2n ** 32n + 7n
  const counters = {
    connections: count,
    inPackets: count,
    outPackets: count,
    inBytes: count,
    outBytes: count,
    connectionRate: count,
    inPacketRate: count,
    outPacketRate: count,
    inByteRate: count,
    outByteRate: count,
  }
  const both = [server({ counters, realServers: [realServer({ counters })] })]
  expect(rowsOf(both, { stats: true })).toEqual([
    'TCP  10.0.0.1:80                     4294M    4294M    4294M    4294M    4294M',
    '  -> 10.1.0.1:80                         7        7        7    4294M    4294M',
  ])
  expect(rowsOf(both, { rate: true, exact: true })).toEqual([
    `TCP  10.0.0.1:80                 ${' 4294967303'.repeat(5)}`,
    `  -> 10.1.0.1:80                 ${'        7'.repeat(5)}`,
  ])
})

describe('flags', () => {
  test.each<[string, Partial<VirtualServer>]>([
    ['rr', {}],
    ['rr persistent 60', { flags: 0x1, timeout: 60 }],
    ['rr persistent 60 mask 255.255.255.0', { flags: 0x1, timeout: 60, netmask: 0xffffff00 }],
    ['rr persistent 60 pe sip', { flags: 0x1, timeout: 60, engine: 'sip' }],
    ['rr', { engine: 'sip', netmask: 0 }],
    ['rr ops', { flags: 0x4 }],
    ['rr (flag-1,flag-3) ops', { flags: 0x2c }],
    ['sh (sh-fallback,sh-port)', { scheduler: 'sh', flags: 0x18 }],
    ['mh (mh-port)', { scheduler: 'mh', flags: 0x30 }],
    ['mh ()', { scheduler: 'mh', flags: 0x20 }],
    ['', { scheduler: '' }],
  ])('%p', (text, parts) => {
    expect(rowsOf([server(parts)])).toEqual([`TCP  10.0.0.1:80 ${text}`])
  })
})

test('192.168.0.0/16 comes before 10.0.0.0/8, since ipvsadm subtracts', () => {
  const table = tableOf('-A -t 10.0.0.1:80', '-A -t 192.168.0.1:80', '-A -t 9.0.0.1:80')
  expect(rowsOf(table).map((row) => row.split(' ')[2])).toEqual([
    '192.168.0.1:80',
    '9.0.0.1:80',
    '10.0.0.1:80',
  ])
})

test('without sorting, the newest real server comes first', () => {
  expect(rowsOf(web, { nosort: true }).map((row) => row.split(/ +/)[2])).toEqual([
    'rr',
    '10.244.2.50:8080',
    '10.244.1.57:8080',
  ])
})

test('a table that was read from the kernel is in its order already', () => {
  expect(rowsOf(web, { nosort: true, dumped: true })).toEqual(rowsOf(web))
})

test('one virtual server comes without the line about the kernel', () => {
  const [first] = web
  expect(first && printOne(first)).toBe(printList(web).split('\n').slice(1).join('\n'))
})

test('what the kernel says of itself is shown', () => {
  const kernel = { version: 0x01020a, size: 2 ** 31 }
  expect(printList([], { kernel })).toMatch(
    /^IP Virtual Server version 1\.2\.10 \(size=-2147483648\)\n/,
  )
})

test('names are cut in the rows of IPv4, and shift those of IPv6', () => {
  const names = { host: () => `${'long-'.repeat(20)}name`, port: () => 'http' }
  const table = tableOf('-A -t 10.0.0.1:80 -s rr', '-A -t [2001:db8::1]:80 -s rr')
  expect(rowsOf(table, { names })).toEqual([
    'TCP  long-long-long-long-long-lon rr',
    `TCP  [${'long-'.repeat(20).slice(0, 58)} rr`,
  ])
})

describe('colour', () => {
  const paint = {
    title: (text: string) => `<title>${text}</title>`,
    server: (text: string) => `<b>${text}</b>`,
    realServer: (text: string, { weight }: RealServer) => (weight === 0 ? `<i>${text}</i>` : text),
  }

  test('is put around what stands there anyway', () => {
    const painted = printList(web, { paint })
    expect(painted).toContain('<b>TCP  10.96.0.10:80</b> rr\n')
    expect(painted).toContain('\n<i>  -> 10.244.2.50:8080             Masq    0 ')
    expect(painted.replace(/<[^>-]+>/g, '')).toBe(printList(web))
  })
})

test('a column of our own stands behind the longest row', () => {
  const beside = {
    title: 'Service',
    of: (_: VirtualServer, realServer: RealServer | undefined) =>
      realServer === undefined ? 'default/web' : realServer.weight === 0 ? 'draining' : '',
  }
  expect(printList(web, { beside }).split('\n').slice(1)).toEqual([
    'Prot LocalAddress:Port Scheduler Flags                                 Service',
    '  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn',
    'TCP  10.96.0.10:80 rr                                                  default/web',
    '  -> 10.244.1.57:8080             Masq    1      0          0         ',
    '  -> 10.244.2.50:8080             Masq    0      0          0          draining',
    '',
  ])
})

function rowsOf(table: Table, options: ListOptions = {}): string[] {
  return printList(table, options).split('\n').slice(3, -1)
}

function server(parts: Partial<VirtualServer> = {}): VirtualServer {
  return {
    family: 'IPv4',
    protocol: 6,
    address: ip('10.0.0.1'),
    port: 80,
    fwmark: 0,
    scheduler: 'rr',
    flags: 0,
    timeout: 0,
    netmask: 0xffffffff,
    engine: undefined,
    realServers: [],
    ...parts,
  }
}

function realServer(parts: Partial<RealServer> = {}): RealServer {
  return {
    address: ip('10.1.0.1'),
    port: 80,
    forwarding: 0,
    weight: 1,
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnel: undefined,
    ...parts,
  }
}

function ip(text: string): IP {
  return parseIP(text) ?? ip('0.0.0.0')
}
