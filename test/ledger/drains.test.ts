import { expect, test } from '@jest/globals'
import { addressIn, drainAt, entriesAt, lastingDrains } from '../../src/ledger/drains.ts'
import { entryWith, ledgerWith } from '../support/ledgers.ts'

const now = new Date('2026-01-01T12:00:00Z')
const forever = { since: '2026-01-01T00:00:00Z' }
const over = { ...forever, until: '2026-01-01T12:00:00Z' }
const lasting = { ...forever, until: '2026-01-01T12:00:01Z' }

test.each([
  ['its place', '10.0.0.1:80', forever, true],
  ['its address', '10.0.0.1', forever, true],
  ['another port', '10.0.0.1:81', forever, false],
  ['another address', '10.0.0.11', forever, false],
  ['its place, for a while', '10.0.0.1:80', lasting, true],
  ['its place, until now', '10.0.0.1:80', over, false],
])('10.0.0.1:80 is drained by %s: %s', (_, key, drain, is) => {
  expect(drainAt(new Map([[key, drain]]), '10.0.0.1:80', now)).toBe(is ? drain : undefined)
})

test('an address stays drained when the time of one of its ports is over', () => {
  const drains = new Map([
    ['10.0.0.1:80', over],
    ['10.0.0.1', forever],
  ])
  expect(drainAt(drains, '10.0.0.1:80', now)).toBe(forever)
  expect([...lastingDrains(drains, now).keys()]).toEqual(['10.0.0.1'])
})

test.each([
  ['10.0.0.1:80', '10.0.0.1'],
  ['[fd00::1]:80', 'fd00::1'],
])('the address in %s is %s', (place, address) => {
  expect(addressIn(place)).toBe(address)
})

test('only the entries are concerned that have the real server', () => {
  const server = { scheduler: 'rr', realServers: ['10.0.0.1:80', { at: '[fd00::1]:80' }] }
  const ledger = ledgerWith([entryWith({ servers: [server] }), entryWith({ name: 'other' })])
  const names = (...places: readonly string[]) =>
    entriesAt(ledger, new Set(places)).map(({ name }) => name)
  expect(names('10.0.0.1:80')).toEqual(['default/web'])
  expect(names('fd00::1')).toEqual(['default/web'])
  expect(names('10.0.0.1:81', '10.0.0.2')).toEqual([])
})
