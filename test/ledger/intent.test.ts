import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  type Intent,
  intentAfter,
  intentBack,
  leftOf,
  ownedDuring,
  parseIntent,
  printIntent,
} from '../../src/ledger/intent.ts'
import { type HeldServer, withEntries } from '../../src/ledger/ledger.ts'
import { wholeOf } from '../../src/world/pieces.ts'
import {
  anyEntry,
  anyLedger,
  entryWith,
  ledgerText,
  ledgerWith,
  placesIn,
} from '../support/ledgers.ts'

const anyIntent: fc.Arbitrary<Intent> = fc
  .record({
    entries: fc.uniqueArray(anyEntry, { selector: ({ name }) => name }),
    removed: fc.subarray(['default/web', 'shop/web']),
    drains: fc.option(
      anyLedger.map(({ drains }) => drains),
      { nil: undefined },
    ),
    also: fc.array(anyEntry, { maxLength: 2 }),
  })
  .map(({ entries, removed, ...rest }) => {
    return { ...rest, entries: entries.filter(({ name }) => !removed.includes(name)), removed }
  })

describe('an intent', () => {
  test('is read as it was printed', () => {
    fc.assert(
      fc.property(anyIntent, (intent) => {
        expect(parseIntent(wholeOf(printIntent(intent)))).toEqual(intent)
      }),
    )
  })

  test.each(['', '{', '[]', '{"kind":"Ledger"}', '{"kind":"Intent","entries":[{}]}'])(
    'is none where the text is %j',
    (text) => {
      expect(parseIntent(text)).toBeUndefined()
    },
  )
})

describe('while changes are begun and not ended', () => {
  test('all that an entry had and is to have is ours', () => {
    fc.assert(
      fc.property(anyLedger, anyIntent, (ledger, intent) => {
        const owned = ownedDuring(ledger, intent)
        for (const entry of [...ledger.entries.values(), ...intent.entries, ...intent.also]) {
          const ours = placesIn(owned.entries.get(entry.name) ?? { servers: [] })
          expect(ours).toEqual(expect.arrayContaining(placesIn(entry)))
        }
      }),
    )
  })

  test('nothing else is ours', () => {
    fc.assert(
      fc.property(anyLedger, anyIntent, (ledger, intent) => {
        const all = [...ledger.entries.values(), ...intent.entries, ...intent.also].flatMap(
          placesIn,
        )
        const ours = [...ownedDuring(ledger, intent).entries.values()].flatMap(placesIn)
        expect(all).toEqual(expect.arrayContaining(ours))
      }),
    )
  })

  test('an entry is set up as it is to be', () => {
    const before = entryWith({ servers: [server('10.96.0.1', 'rr', ['10.0.0.1:80'])] })
    const after = entryWith({ servers: [server('10.96.0.1', 'wrr', ['10.0.0.2:80'])], set: 'new' })
    const owned = ownedDuring(ledgerWith([before]), { entries: [after], removed: [], also: [] })
    expect(owned.entries.get('default/web')).toEqual(
      entryWith({
        servers: [server('10.96.0.1', 'wrr', ['10.0.0.2:80', '10.0.0.1:80'])],
        set: 'new',
      }),
    )
  })

  test('what others begin remembers what may be left', () => {
    fc.assert(
      fc.property(anyLedger, anyIntent, anyIntent, (ledger, first, second) => {
        const both = ownedDuring(ledger, intentAfter(first, second))
        for (const entry of [...first.entries, ...first.also, ...second.entries]) {
          const ours = placesIn(both.entries.get(entry.name) ?? { servers: [] })
          expect(ours).toEqual(expect.arrayContaining(placesIn(entry)))
        }
      }),
    )
  })
})

describe('what could be neither ended nor undone', () => {
  test('is to be as it was before', () => {
    fc.assert(
      fc.property(anyLedger, anyIntent, (ledger, intent) => {
        const back = withEntries(withEntries(ledger, intent), intentBack(ledger, intent))
        expect(ledgerText(back)).toBe(ledgerText(ledger))
      }),
    )
  })

  test('is ours as long as it may be there', () => {
    fc.assert(
      fc.property(anyLedger, anyIntent, (ledger, intent) => {
        const owned = ownedDuring(ledger, intentBack(ledger, intent))
        for (const entry of intent.entries) {
          const ours = placesIn(owned.entries.get(entry.name) ?? { servers: [] })
          expect(ours).toEqual(expect.arrayContaining(placesIn(entry)))
        }
      }),
    )
  })
})

test('a drain that was begun is left to do wherever the real server is', () => {
  const web = entryWith({ servers: [server('10.96.0.1', 'rr', ['10.0.0.1:80'])] })
  const other = entryWith({ name: 'other', servers: [server('10.96.0.2', 'rr', ['10.0.0.2:80'])] })
  const drains = new Map([['10.0.0.1', { since: '2026-01-01' }]])
  const intent: Intent = { entries: [], removed: [], also: [], drains }
  expect(leftOf(intent, ledgerWith([web, other]))).toEqual({ entries: [web], removed: [], drains })
  expect(leftOf(intent, ledgerWith([web, other], { drains })).entries).toEqual([])
})

function server(address: string, scheduler: string, realServers: readonly string[]): HeldServer {
  return { protocol: 'TCP', address, port: 80, scheduler, realServers }
}
