import { describe, expect, test } from '@jest/globals'
import { isSlip, isSurelySlip } from '../../src/survey/slip.ts'

describe('a slip of the pen', () => {
  test.each([
    ['wbe', 'web', 'two letters swapped'],
    ['Web', 'web', 'another case'],
    ['web_app', 'web-app', 'another sign between the words'],
    ['webapp', 'web-app', 'no sign between the words'],
    ['frontnd', 'frontend', 'a letter too few'],
    ['fronttend', 'frontend', 'a letter too many'],
    ['frantend', 'frontend', 'another letter'],
    ['shop-frontnd', 'shop-frontend', 'in one of several words'],
    ['app.kubernetes.io/nmae', 'app.kubernetes.io/name', 'in a key'],
  ])('%s for %s: %s', (written, meant) => {
    expect(isSlip(written, meant)).toBe(true)
  })
})

describe('no slip, but a sibling', () => {
  test.each([
    ['web-1', 'web-2'],
    ['web1', 'web2'],
    ['web-a', 'web-b'],
    ['web', 'webs'],
    ['api', 'app'],
    ['web-api', 'web-ui'],
    ['blue', 'glue'],
    ['frontend', 'backend'],
    ['reader', 'writer'],
    ['frontnd-bakend', 'frontend-backend'],
    ['web', 'web-canary'],
    ['redis-12', 'redis-21'],
  ])('%s and %s', (one, other) => {
    expect(isSlip(one, other)).toBe(false)
  })
})

test.each([
  ['wbe', 'web', true],
  ['Web', 'web', true],
  ['frontnd', 'frontend', false],
])('whether %s for %s is beyond doubt: %s', (written, meant, sure) => {
  expect(isSurelySlip(written, meant)).toBe(sure)
})
