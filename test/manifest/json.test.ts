import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { positionOf, type Source } from '../../src/diagnostic/source.ts'
import { faultsIn } from '../../src/manifest/json-faults.ts'
import { readDocuments } from '../../src/manifest/read.ts'
import { AsciiSource } from '../../src/world/ascii-source.ts'
import {
  complaintsAbout,
  documentsIn,
  linesAbout,
  manifest,
  valuesIn,
} from '../support/documents.ts'
import { jsonValue, mutationsOf } from '../support/near-yaml.ts'

describe('JSON is read', () => {
  test.each<[string, string, unknown[]]>([
    ['as an object', '{"a": 1, "b": [true, null, "c"]}', [{ a: 1, b: [true, null, 'c'] }]],
    [
      'as one object after another',
      '{"a": 1}{"a": 2}\n {"a": 3}\n',
      [{ a: 1 }, { a: 2 }, { a: 3 }],
    ],
    ['between lines of dashes', '{"a": 1}\n---\n{"a": 2}\n', [{ a: 1 }, { a: 2 }]],
    ['beside YAML', '{"a": 1}\n---\na: 2\n', [{ a: 1 }, { a: 2 }]],
    ['behind a byte order mark', '\ufeff{"a": 1}', [{ a: 1 }]],
    ['with brackets and quotes in strings', '{"a": "}\\"{\\\\"}{}', [{ a: '}"{\\' }, {}]],
    [
      'with halves of letters replaced, as Go does',
      '{"a": "\\ud800!\\ud83d\\ude00"}',
      [{ a: '\ufffd!😀' }],
    ],
    ['as YAML where it is YAML in brackets', '{a: b, c: [d]}', [{ a: 'b', c: ['d'] }]],
    ['as YAML where a comma is too many', '{"a": 1,}', [{ a: 1 }]],
  ])('%s', (_, text, values) => {
    expect(valuesIn(text)).toEqual(values)
    expect(linesAbout(text)).toEqual([])
  })

  test('with a key named __proto__', () => {
    const [value] = valuesIn('{"__proto__": {"a": 1}}')
    expect(Object.keys(value as object)).toEqual(['__proto__'])
    expect(({} as Record<string, unknown>).a).toBeUndefined()
  })

  test('as kubectl prints it', () => {
    const text = manifest('kubectl.json')
    expect(documentsIn(text).map(({ value }) => (value as { kind: string }).kind)).toEqual([
      'Node',
      'Node',
      'Service',
      'EndpointSlice',
      'EndpointSlice',
    ])
    expect(linesAbout(text)).toEqual([])
  })
})

describe('what is no JSON is shown where it stops being JSON', () => {
  test.each([
    ['{"a": 1', '0 json-syntax: this "{" is not closed'],
    ['{"a": [1, 2}', '11 json-syntax: expected "," or "]"'],
    ['{"a" 1}', '5 json-syntax: expected ":" after a key'],
    ['{"a": "b', '6 json-syntax: this string is not closed'],
    ['{"a": 1} {"a": "b\nc"', '15 json-syntax: this string is not closed'],
    ['{"a": 1} {"a": "\\q"}', '16 json-syntax: there is no such escape in JSON'],
    ['{"a": "\\q"}', '8 yaml-syntax: unknown escape sequence'],
    ['{"a": "\u0001"}', '7 json-syntax: this string holds a control character'],
    ['{"a": 1} b', '9 json-syntax: expected "{", "[" or the end of the text'],
    ['{"a": 1}, {"a": 2}', '8 json-syntax: expected "{", "[" or the end of the text'],
    [
      '{"a": 1} {"b": tru}',
      '15 json-syntax: tru is no value of JSON: texts stand in double quotes',
    ],
    ['{"a": 1} {"b": 01}', '15 json-syntax: 01 is no value of JSON: texts stand in double quotes'],
    ['{"a": 1e400}', '6 json-syntax: 1e400 is more than a number can be'],
    ['{a: b: c}', '5 yaml-syntax: missed comma between flow collection entries'],
    ['{a: b', '5 yaml-syntax: unexpected end of the stream within a flow collection'],
  ])('%s', (text, line) => {
    expect(linesAbout(text)).toEqual([line])
  })

  test('objects before it are read', () => {
    expect(valuesIn('{"a": 1}\n{"a": 2}\n{"a": \n')).toEqual([{ a: 1 }, { a: 2 }])
  })

  test('an unrendered template is called one', () => {
    expect(complaintsAbout('{{- if .Values.enabled }}\nkind: Service\n{{- end }}\n')).toContain(
      'help: this is a template: render it first, for example with `helm template`',
    )
  })
})

test('a repeated key is shown with both of its places', () => {
  expect(complaintsAbout('{\n  "a": {"port": 80, "port": 81}\n}\n')).toBe(`\
error[duplicate-key]: "port" is given twice
 --> web.yaml:2:21
  |
2 |   "a": {"port": 80, "port": 81}
  |                     ^^^^^^ given again here
 --> web.yaml:2:9
  |
2 |   "a": {"port": 80, "port": 81}
  |         ^^^^^^ first given here
`)
})

describe('the items of a very long List', () => {
  /** Long enough that the last ones lie behind what might be YAML. */
  const items = Array.from({ length: 300 }, (_, index) => ({ index, name: 'a'.repeat(300) }))
  const printed = items.map((item) => JSON.stringify(item))
  const listOf = (all: readonly string[]): string =>
    `{"kind": "List", "items": [${all.join(', ')}], "metadata": {}}`
  const withOne = (item: string): string => listOf(printed.with(290, item))

  test('are read one by one', () => {
    const { values, lines } = readThrough(`${listOf(printed)}\n{"a": 1}`)
    expect(values).toEqual([{ kind: 'List', items, metadata: {} }, { a: 1 }])
    expect(lines).toEqual([])
    const [document] = documentsIn(listOf(printed))
    expect(document?.value).toEqual({ kind: 'List', items: [], metadata: {} })
  })

  test.each([
    ['a list by another name', `{"a": [${printed}]}`],
    ['a list in a list', `[{"items": [${printed}]}]`],
    ['a list whose name only ends so', `{"a\\"items": [${printed}]}`],
    ['items that are no objects alone', `{"items": [${printed}, 1]}`],
    ['items given twice', `{"items": [${printed}], "items": [${printed}]}`],
  ])('are read at once in %s', (_, text) => {
    const [document] = documentsIn(text)
    expect(document?.items).toBeUndefined()
    expect(document?.value).toEqual(JSON.parse(text))
  })

  test.each<[string, string, string]>([
    ['a repeated key', '{"a": 1, "a": 2}', 'duplicate-key: "a" is given twice'],
    ['no JSON', '{"a": tru}', 'json-syntax: tru is no value of JSON: texts stand in double quotes'],
    ['too large a number', '{"a": 1e400}', 'json-syntax: 1e400 is more than a number can be'],
  ])('show %s at its place', (_, item, line) => {
    const text = withOne(item)
    const place = text.indexOf(item) + (item.startsWith('{"a": 1,') ? 9 : 6)
    expect(readThrough(text).lines).toEqual([`${place} ${line}`])
  })

  test('and what follows are left alone where one is no JSON', () => {
    const { values } = readThrough(`${withOne('{"a" 1}')}{"a": 1}`)
    expect(values).toEqual([{ kind: 'List', items: items.slice(0, 290), metadata: {} }])
  })

  test('are YAML where one near the beginning is no JSON, as in any other list', () => {
    const text = listOf(printed.with(1, '{index: 1}'))
    expect(complaintsAbout(text)).toBe(
      complaintsAbout(listOf(printed.slice(0, 60).with(1, '{index: 1}'))),
    )
    expect(documentsIn(text)[0]?.document.language).toBe('yaml')
  })

  test('have halves of letters replaced', () => {
    const { values } = readThrough(withOne('{"a": "\\ud800"}'))
    expect((values[0] as { items: unknown[] }).items[290]).toEqual({ a: '\ufffd' })
  })
})

/** All that is read, as whoever goes through it sees it. */
function readThrough(
  text: string,
  source: Source = { name: 'list.json', text },
): { readonly values: unknown[]; readonly lines: string[] } {
  const values: unknown[] = []
  const lines: string[] = []
  for (const { value, items } of readDocuments(source, ({ at, code, message }) => {
    lines.push(`${at?.span().start} ${code}: ${message}`)
  })) {
    values.push(items === undefined ? value : { ...(value as object), items: [...items] })
  }
  return { values, lines }
}

describe('for any text', () => {
  const printed = jsonValue.map((value) => JSON.stringify([value], undefined, 1))
  const nearJSON = printed.chain((text) => mutationsOf([text]))

  test('a fault is found where JSON.parse finds one, and nowhere else', () => {
    fc.assert(
      fc.property(fc.oneof(nearJSON, printed, fc.string()), (text) => {
        const { syntax, end } = faultsIn(text, 0, text.length)
        const isJSON = syntax === undefined && /^[ \t\r\n]*$/.test(text.slice(end))
        expect(isJSON).toBe(parses(text))
      }),
      { numRuns: 1000 },
    )
  })

  test('bytes are read as letters are', () => {
    const items = fc.array(jsonValue, { minLength: 0, maxLength: 3 })
    const more = 'a'.repeat(1000)
    const list = items.map((some) => Array.from({ length: 80 }, () => ({ some, more })))
    const long = list.map((items) => JSON.stringify({ items, kind: 'List' }, undefined, 1))
    const nearLong = long.chain((text) => mutationsOf([text]))
    fc.assert(
      fc.property(fc.oneof(nearJSON, printed, long, nearLong), (text) => {
        const ascii = text.replace(/[^\0-\x7f]/g, '?')
        const source = new AsciiSource('list.json', Buffer.from(ascii))
        expect(readThrough(ascii, source)).toStrictEqual(readThrough(ascii))
      }),
      { numRuns: 300 },
    )
  })

  test('a place in a long List is on the line that counting finds', () => {
    const before = fc.constantFrom('', '\n\n ', 'a: 1\n---\n', '{"a": 1}\n', '{"a": 1} ', '\ufeff')
    const item = fc.dictionary(fc.string({ maxLength: 3 }), jsonValue, { maxKeys: 3 })
    const items = fc.array(item, { minLength: 65, maxLength: 90 })
    fc.assert(
      fc.property(before, items, fc.nat(2), fc.array(fc.nat()), (head, items, indent, wishes) => {
        const long = items.map((item) => ({ ...item, long: 'a'.repeat(1200) }))
        const text = `${head}${JSON.stringify({ items: long, kind: 'List' }, undefined, indent)}\n`
        const ascii = text.replace(/[^\0-\x7f]/g, '?')
        const sources = [{ name: 'a', text }, new AsciiSource('a', Buffer.from(ascii))]
        for (const source of sources) {
          readThrough(text, source)
          const start = source.text.startsWith('\ufeff') ? 1 : 0
          for (const wish of wishes) {
            const offset = start + (wish % (text.length - start))
            const lines = source.text.slice(start, offset).split('\n')
            const expected = { line: lines.length, column: (lines.at(-1) ?? '').length + 1 }
            expect(positionOf(source, offset)).toEqual(expected)
          }
        }
      }),
      { numRuns: 60 },
    )
  })

  test('what was printed is read again', () => {
    fc.assert(
      fc.property(fc.array(jsonValue, { maxLength: 3 }), (values) => {
        const lists = values.map((value) => [value])
        const text = lists.map((list) => JSON.stringify(list)).join('\n')
        expect(valuesIn(text)).toStrictEqual(JSON.parse(JSON.stringify(lists)))
      }),
      { numRuns: 200 },
    )
  })
})

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
