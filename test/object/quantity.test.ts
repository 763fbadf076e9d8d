import { expect, test } from '@jest/globals'
import { parseQuantity } from '../../src/object/quantity.ts'

test.each([
  ['1', 1],
  ['-1.5', -1.5],
  ['.5', 0.5],
  ['500m', 0.5],
  ['2k', 2000],
  ['2Ki', 2048],
  ['1e3', 1000],
  ['1E', 1e18],
  ['1E2', 100],
  ['', undefined],
  ['1.2.3.4', undefined],
  ['1x', undefined],
  ['web', undefined],
])('%j is %s', (text, value) => {
  expect(parseQuantity(text)).toBe(value)
})
