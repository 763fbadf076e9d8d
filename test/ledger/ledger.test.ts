import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { emptyLedger, heldIdentity, parseLedger, withEntries } from '../../src/ledger/ledger.ts'
import { anyLedger, entryWith, ledgerText, ledgerWith } from '../support/ledgers.ts'

const server = {
  ...{ protocol: 'TCP', address: '10.96.0.10', port: 80 },
  ...{ scheduler: 'rr', realServers: ['10.244.1.57:80'] },
}
const web = entryWith({ servers: [server] })

describe('a ledger', () => {
  test('has one entry a line, sorted by name', () => {
    const shop = entryWith({ name: 'shop/web' })
    const rules = entryWith({ name: 'default/api' })
    expect(ledgerText(ledgerWith([shop, web, rules]))).toBe(
      [
        '{"apiVersion":"nodeport.io/v1","kind":"Ledger","drains":{},"files":{},"entries":[',
        '{"name":"default/api","set":"default","servers":[]},',
        '{"name":"default/web","set":"default","servers":[{"protocol":"TCP","address":"10.96.0.10","port":80,"scheduler":"rr","realServers":["10.244.1.57:80"]}]},',
        '{"name":"shop/web","set":"default","servers":[]}',
        ']}\n',
      ].join('\n'),
    )
  })

  test('may be empty', () => {
    expect(parseLedger(ledgerText(emptyLedger))).toEqual(emptyLedger)
  })

  test('is printed the same, whatever order it was made in', () => {
    const drains = [
      ['10.0.0.1:80', { since: '2026' }],
      ['10.0.0.2:80', { since: '2026' }],
    ] as const
    const files = [
      ['a.yaml', 1],
      ['b.yaml', 2],
    ] as const
    const one = ledgerWith([], { drains: new Map(drains), files: new Map(files) })
    const other = ledgerWith([], {
      drains: new Map(drains.toReversed()),
      files: new Map(files.toReversed()),
    })
    expect(ledgerText(one)).toBe(ledgerText(other))
  })

  test('is read as it was printed', () => {
    fc.assert(
      fc.property(anyLedger, (ledger) => {
        expect(parseLedger(ledgerText(ledger))).toEqual(ledger)
      }),
    )
  })
})

describe('a ledger that somebody has edited', () => {
  const entries = ['default/a', 'default/b', 'default/c'].map((name) => entryWith({ name }))
  const text = ledgerText(ledgerWith(entries))
  const changed = { entries: [entryWith({ name: 'default/b', set: 'other' })], removed: [] }

  function changedIn(edited: string): string {
    const read = parseLedger(edited)
    if (typeof read === 'string') throw new Error(read)
    return ledgerText(withEntries(read, changed))
  }

  test.each([
    ['without a change', text],
    ['with its lines broken otherwise', text.replaceAll(',"set"', ',\n"set"')],
    [
      'with two entries on a line',
      text.replace('},\n{"name":"default/c"', '},{"name":"default/c"'),
    ],
    ['with entries in another order', printEntries(text.split('\n').toSpliced(1, 3), entries)],
    ['with the line ends of Windows', text.replaceAll('\n', '\r\n')],
    ['with blanks behind its lines', text.replaceAll('\n', '  \n')],
    ['with blanks before its commas', text.replaceAll('},\n', '} ,\n')],
    ['with all of it on one line', text.replaceAll('\n', '')],
  ])('%s gets one entry replaced', (_, edited) => {
    expect(changedIn(edited)).toBe(
      text.replace('"default/b","set":"default"', '"default/b","set":"other"'),
    )
  })
})

/** The lines around the entries, with those of them in reverse. */
function printEntries([head, tail]: readonly string[], entries: readonly object[]): string {
  const lines = entries.toReversed().map((entry) => JSON.stringify(entry))
  return `${head}\n${lines.join(',\n')}\n${tail}\n`
}

describe('a text that somebody has had his hands on is refused where', () => {
  const lines = (...entries: readonly unknown[]) =>
    JSON.stringify({ apiVersion: 'nodeport.io/v1', kind: 'Ledger', entries })

  const withSpec = (spec: object) => ({ ...web, service: { spec } })
  const withMetadata = (metadata: object) => ({ ...web, service: { metadata } })

  test.each([
    ['it is no JSON', '{"kind', /JSON/],
    ['it still has the marks of a merge', '<<<<<<< ours\n{}', /JSON/],
    ['it is a list', '[]', 'this is no ledger'],
    ['it is something else', '{"kind":"Service"}', 'this is no ledger'],
    ['it is of another version', '{"kind":"Ledger","apiVersion":"v2"}', /nodeport.io\/v1/],
    ['it has no entries', '{"kind":"Ledger","apiVersion":"nodeport.io/v1"}', 'it has no entries'],
    ['an entry has no name', lines(web, { set: 'a', servers: [] }), /^entry 2 does not say/],
    ['an entry has no servers', lines({ name: 'a', set: 'a' }), /^entry 1 does not say/],
    ['a Service is null', lines({ ...web, service: null }), /^entry 1/],
    ['its ports are no list', lines(withSpec({ ports: 'http' })), /^entry 1/],
    ['a port of it is no number', lines(withSpec({ ports: [{ port: '80' }] })), /^entry 1/],
    ['its labels are no texts', lines(withMetadata({ labels: { app: 7 } })), /^entry 1/],
    ['an address is null', lines({ ...web, servers: [{ ...server, address: null }] }), /^entry 1/],
    ['a port is a text', lines({ ...web, servers: [{ ...server, port: '80' }] }), /^entry 1/],
    ['a server has no scheduler', lines({ ...web, servers: [{}] }), /^entry 1/],
    [
      'a real server has no address',
      lines({ ...web, servers: [{ ...server, realServers: [{ weight: 1 }] }] }),
      /^entry 1/,
    ],
    ['what drains is no list', lines({ ...web, draining: {} }), /^entry 1/],
    ['a Service stands in it twice', lines(web, web), '"default/web" stands in it twice'],
    [
      'two Services have one virtual server, as two branches may have it that git merges',
      lines(web, { ...web, name: 'shop/web' }),
      'TCP 10.96.0.10:80 belongs to both "default/web" and "shop/web"',
    ],
  ])('%s', (_, text, sentence) => {
    expect(parseLedger(text)).toEqual(
      typeof sentence === 'string' ? sentence : expect.stringMatching(sentence),
    )
  })
})

test('a changed ledger has entries replaced, added and taken away', () => {
  const ledger = ledgerWith([web, entryWith({ name: 'gone' })])
  const added = entryWith({ name: 'new' })
  const changed = { ...web, set: 'other' }
  expect(withEntries(ledger, { entries: [changed, added], removed: ['gone'] })).toEqual(
    ledgerWith([changed, added]),
  )
})

test.each([
  [server, 'TCP 10.96.0.10:80'],
  [{ ...server, protocol: 'UDP', address: 'fd00::1' }, 'UDP [fd00::1]:80'],
  [{ scheduler: 'rr', fwmark: 7, realServers: [] }, 'FWM 7'],
  [{ scheduler: 'rr', fwmark: 7, family: 'IPv6', realServers: [] } as const, 'FWM 7 IPv6'],
])('the identity of %j is %s', (held, identity) => {
  expect(heldIdentity(held)).toBe(identity)
})
