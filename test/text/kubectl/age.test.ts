import { describe, expect, test } from '@jest/globals'
import { ageOf, printDuration, printTime } from '../../../src/text/kubectl/age.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

describe('a duration is cut to what people look at', () => {
  test.each([
    [0, '0s'],
    [119 * second, '119s'],
    [120 * second, '2m'],
    [9 * minute + 59 * second, '9m59s'],
    [10 * minute, '10m'],
    [179 * minute, '179m'],
    [180 * minute, '3h'],
    [3 * hour + 5 * minute, '3h5m'],
    [7 * hour + 59 * minute, '7h59m'],
    [8 * hour, '8h'],
    [47 * hour, '47h'],
    [48 * hour, '2d'],
    [5 * day + 4 * hour, '5d4h'],
    [7 * day + 23 * hour, '7d23h'],
    [8 * day, '8d'],
    [729 * day, '729d'],
    [730 * day, '2y'],
    [731 * day, '2y1d'],
    [8 * 365 * day, '8y'],
    [20 * 365 * day + 100 * day, '20y'],
    [-1 * second, '0s'],
    [-1999, '0s'],
    [-2 * second, '<invalid>'],
  ])('%d ms: %s', (milliseconds, text) => {
    expect(printDuration(milliseconds)).toBe(text)
  })
})

test('an age is counted from the creation', () => {
  const now = Date.parse('2026-01-02T00:00:00Z')
  expect(ageOf('2026-01-01T23:58:44Z', now)).toBe('76s')
  expect(ageOf('2026-01-02T01:00:00+02:00', now)).toBe('60m')
})

test.each([undefined, '0001-01-01T00:00:00Z', 'yesterday'])(
  'nothing is said of the age where the creation is %s',
  (timestamp) => {
    expect(ageOf(timestamp, 0)).toBe('<unknown>')
  },
)

test.each([0, 1_700_000_000_999, 951_782_399_000, 253_402_300_799_000])(
  'a moment is written in whole seconds: %d',
  (milliseconds) => {
    const moment = new Date(milliseconds)
    expect(printTime(moment)).toBe(`${moment.toISOString().slice(0, 19)}Z`)
  },
)
