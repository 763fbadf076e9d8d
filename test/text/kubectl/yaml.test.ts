import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Diagnostic } from '../../../src/diagnostic/diagnostic.ts'
import { readDocuments } from '../../../src/manifest/read.ts'
import { printYAML } from '../../../src/text/kubectl/yaml.ts'

// What stands here was printed by `kubectl annotate --local -o yaml`.

describe('a text needs no quotes unless it would be read as something else', () => {
  test.each([
    ['web', 'web'],
    ['yes', '"yes"'],
    ['y', '"y"'],
    ['off', '"off"'],
    ['~', '"~"'],
    ['', '""'],
    ['010', '"010"'],
    ['0x1f', '"0x1f"'],
    ['0o17', '"0o17"'],
    ['08', '"08"'],
    ['1_000', '"1_000"'],
    ['1e3', '"1e3"'],
    ['.5', '".5"'],
    ['.inf', '".inf"'],
    ['1.2.3.4', '1.2.3.4'],
    ['fd00::1', 'fd00::1'],
    ['80/TCP', '80/TCP'],
    ['12:30', '"12:30"'],
    ['12:75', '12:75'],
    ['2001-12-14', '"2001-12-14"'],
    ['2001-02-30', '2001-02-30'],
    ['2000-02-29', '"2000-02-29"'],
    ['1900-02-29', '1900-02-29'],
    ['2001-2-3 4:5:6', '"2001-2-3 4:5:6"'],
    ['2001-12-14T21:59:43', '2001-12-14T21:59:43'],
    ['2024-01-01T00:00:00Z', '"2024-01-01T00:00:00Z"'],
    ['2001-12-14T21:59:43+24:00', '"2001-12-14T21:59:43+24:00"'],
    ['-', "'-'"],
    ['-a', '-a'],
    ['- a', "'- a'"],
    ['?', "'?'"],
    [':a', ':a'],
    ['a:', "'a:'"],
    ['a: b', "'a: b'"],
    ['a #b', "'a #b'"],
    ['a#b', 'a#b'],
    ['#a', "'#a'"],
    ['it\'s "so"', 'it\'s "so"'],
    ["'", "''''"],
    ['@a', "'@a'"],
    ['---', "'---'"],
    [' a', "' a'"],
    ['a ', "'a '"],
    ['<<', '<<'],
    ['<a>&', '<a>&'],
    ['a\\b', 'a\\b'],
    ['a\tb', '"a\\tb"'],
    ['é', 'é'],
    ['\u0007\u001b', '"\\a\\e"'],
    ['💡', '"\\U0001F4A1"'],
    ['\ufeff', '"\\uFEFF"'],
  ])('%j', (text, printed) => {
    expect(printYAML({ a: text })).toBe(`a: ${printed}\n`)
  })
})

describe('a text of several lines is a block', () => {
  test.each([
    ['without a last line break', 'a\nb', '|-\n  a\n  b\n'],
    ['with one', 'a\nb\n', '|\n  a\n  b\n'],
    ['with several', 'a\n\n\n', '|+\n  a\n\n\n'],
    ['with nothing else', '\n', '|2+\n\n'],
    ['beginning with an empty line', '\na', '|2-\n\n  a\n'],
    ['beginning with a blank', ' a\nb', '|2-\n   a\n  b\n'],
    ['with blanks at the end of a line, in quotes', 'a \nb', '"a \\nb"\n'],
    ['with a tab, in quotes', 'a\tb\nc', '"a\\tb\\nc"\n'],
    ['with a carriage return, in quotes', 'a\r\nb', '"a\\r\\nb"\n'],
  ])('%s', (_, text, printed) => {
    expect(printYAML({ a: text })).toBe(`a: ${printed}`)
  })

  test('and what follows it stands where it belongs', () => {
    expect(printYAML({ a: 'x\n\n', b: ['y\nz\n', 1] })).toBe(
      'a: |+\n  x\n\nb:\n- |\n  y\n  z\n- 1\n',
    )
  })
})

describe('a line is broken at the first single blank after 80 columns', () => {
  const word = 'abcd '
  test.each([
    ['plain', word.repeat(20).trim(), `${word.repeat(16).trim()}\n  abcd abcd abcd abcd`],
    ['in single quotes', `#${word.repeat(18)}`, `'#${word.repeat(16).trim()}\n  abcd abcd '`],
    ['in double quotes', `\t${word.repeat(18)}`, `"\\t${word.repeat(16).trim()}\n  abcd abcd "`],
    ['in double quotes before blanks', `\t${'abcd  '.repeat(15)}`, undefined],
  ])('%s', (_, text, printed) => {
    const lines = printYAML({ a: text })
    if (printed !== undefined) expect(lines).toBe(`a: ${printed}\n`)
    expect(readBack(lines)).toEqual([{ a: text }])
  })
})

describe('a number', () => {
  test.each([
    [80, '80'],
    [-1, '-1'],
    [1.5, '1.5'],
    [123456.5, '123456.5'],
    [1234567.5, '1.2345675e+06'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [1e19, '10000000000000000000'],
    [1e20, '1e+20'],
    [-(2 ** 63), '-9.223372036854776e+18'],
    [1e300, '1e+300'],
  ])('%d', (value, printed) => {
    expect(printYAML(value)).toBe(`${printed}\n`)
  })
})

describe('collections', () => {
  test('keys stand in order, numbers in them as numbers, letters after the rest', () => {
    const keys = ['b', 'a10', 'a2', 'a', 'A', 'a-b', 'aa', '_', '1', '01', '10', '9']
    const value = Object.fromEntries(keys.map((key) => [key, null]))
    expect(printYAML(value).replaceAll(': null', '').split('\n')).toEqual([
      '_',
      '"1"',
      '"01"',
      '"9"',
      '"10"',
      'A',
      'a',
      'a-b',
      'a2',
      'a10',
      'aa',
      'b',
      '',
    ])
  })

  test('lists stand below the key they belong to', () => {
    const value = { a: [1, [2, [3]], { b: [4], c: {} }, [], null], d: { e: { f: true } } }
    expect(printYAML(value)).toBe(`\
a:
- 1
- - 2
  - - 3
- b:
  - 4
  c: {}
- []
- null
d:
  e:
    f: true
`)
  })

  test('a long key and one of several lines are announced', () => {
    const long = 'k'.repeat(129)
    expect(printYAML({ [long]: [1], 'a\nb': { c: 'd', e: 1 } })).toBe(`\
? |-
  a
  b
: c: d
  e: 1
? ${long}
: - 1
`)
  })

  test('a key that would merge is quoted', () => {
    expect(printYAML({ '<<': { a: 1 } })).toBe('"<<":\n  a: 1\n')
  })

  test('fields that are undefined are absent', () => {
    expect(printYAML({ a: undefined, b: { c: undefined } })).toBe('b: {}\n')
  })
})

test('what was printed reads as the value', () => {
  const words = [
    '<<',
    'yes',
    '1e3',
    '---',
    'a\n',
    '\n ',
    '#',
    '- ',
    'x '.repeat(60),
    '\u2028',
    'k'.repeat(200),
  ]
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...'ab01 :-#\n\t\'"{[,|.?~') }),
    fc.array(fc.constantFrom(...words)).map((parts) => parts.join('')),
  )
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.jsonValue(),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(text, tie('value'), { maxKeys: 4 }),
    ),
  }))
  fc.assert(
    fc.property(value, (it) => {
      const json: unknown = JSON.parse(JSON.stringify(it))
      expect(readBack(printYAML(json))).toEqual([json])
    }),
    { numRuns: 200 },
  )
})

function readBack(text: string): unknown[] {
  const diagnostics: Diagnostic[] = []
  const documents = [...readDocuments({ name: 'printed', text }, (it) => diagnostics.push(it))]
  expect(diagnostics).toEqual([])
  return documents.map(({ value }) => value)
}
