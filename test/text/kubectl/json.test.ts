import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { printJSON } from '../../../src/text/kubectl/json.ts'

// What stands here was printed by `kubectl annotate --local -o json`.

test('keys stand in the order of their bytes, four blanks in', () => {
  expect(printJSON({ b: [1, [], {}], a10: null, a2: 'x', 10: true, 9: 1.5 })).toBe(`\
{
    "10": true,
    "9": 1.5,
    "a10": null,
    "a2": "x",
    "b": [
        1,
        [],
        {}
    ]
}
`)
  expect(printJSON({ '\u{10000}': 1, '\uffee': 2 })).toBe(
    '{\n    "\uffee": 2,\n    "\u{10000}": 1\n}\n',
  )
})

test('letters that could be markup are escaped as Go does', () => {
  expect(printJSON('<a href="x">&\u2028\u0001\b\t\u007f💡')).toBe(
    '"\\u003ca href=\\"x\\"\\u003e\\u0026\\u2028\\u0001\\b\\t\u007f💡"\n',
  )
})

test('fields that are undefined are absent', () => {
  expect(printJSON({ a: undefined, b: 1 })).toBe('{\n    "b": 1\n}\n')
})

test('what was printed reads as the value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(printJSON(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})
