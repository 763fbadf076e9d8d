import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { isOver, parseTrial, printTrial } from '../../src/ledger/trial.ts'
import { anyLedger } from '../support/ledgers.ts'

const until = '2026-01-01T12:00:00.000Z'

test('a trial is read as it was printed', () => {
  fc.assert(
    fc.property(anyLedger, (before) => {
      const trial = { until, boot: 'a', drainTimeout: 900_000, before }
      expect(parseTrial(printTrial(trial))).toEqual(trial)
    }),
  )
})

test.each(['', '[]', '{}', '{"kind":"Trial"}', '{"kind":"Trial","before":"{}"}'])(
  'there is none where the text is %j',
  (text) => {
    expect(parseTrial(text)).toBeUndefined()
  },
)

test.each([
  ['in time', '2026-01-01T11:59:59.999Z', 'a', false],
  ['when its time has come', until, 'a', true],
  ['after another boot', '2026-01-01T11:00:00.000Z', 'b', true],
])('%s it is over: %s', (_, now, boot, over) => {
  const before = { entries: new Map(), drains: new Map(), files: new Map() }
  expect(isOver({ until, boot: 'a', drainTimeout: 0, before }, new Date(now), boot)).toBe(over)
})
