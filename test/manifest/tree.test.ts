import { describe, expect, test } from '@jest/globals'
import { complaintsAbout, documentsIn, valuesIn } from '../support/documents.ts'

describe('a scalar is what kubectl reads', () => {
  test.each([
    ['010', 8],
    ['0o17', 15],
    ['1_000', 1000],
    ['0b101', 5],
    ['-0x1F', -31],
    ['08', 8],
    ['1e3', 1000],
    ['1.', 1],
    ['.5_0', 0.5],
    ['._5', '._5'],
    ['1_', 1],
    ['_1', '_1'],
    ['1e400', '1e400'],
    ['12:30', '12:30'],
    ['2001-12-14', '2001-12-14'],
    ['yes', true],
    ['off', false],
    ['y', true],
    ['~', null],
    ['', null],
    ['"010"', '010'],
    ['!!str 80', '80'],
    ['!!int "80"', 80],
    ['!foo 5', '5'],
    ['!!binary aGVsbG8=', 'hello'],
    ['!!binary w6k=', 'é'],
    ['"\\x41\\u00e9\\U0001F600"', 'Aé😀'],
  ])('%s', (text, value) => {
    expect(valuesIn(`a: ${text}\n`)).toEqual([{ a: value }])
  })
})

test('a merge overrides what stands before it and gives way to what stands after', () => {
  expect(valuesIn('a: {b: 2, <<: {b: 1}}')).toEqual([{ a: { b: 1 } }])
  expect(valuesIn('a: {<<: {b: 1}, b: 2}')).toEqual([{ a: { b: 2 } }])
  expect(valuesIn('a: {<<: [{b: 1}, {b: 3, c: 4}]}')).toEqual([{ a: { b: 1, c: 4 } }])
})

test('a key named __proto__ is a key', () => {
  const [value] = valuesIn('__proto__: {a: 1}\nconstructor: 2\n')
  expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor'])
  expect(({} as Record<string, unknown>).a).toBeUndefined()
})

test('a mistake in one document hides no other', () => {
  expect(valuesIn('a: 1\n---\nb: [\n---\nc: 3\n')).toEqual([{ a: 1 }, { c: 3 }])
})

test('a repeated key is shown with both of its places', () => {
  expect(complaintsAbout('port: 80\nname: web\nport: 81\n')).toBe(`\
error[duplicate-key]: "port" is given twice
 --> web.yaml:3:1
  |
3 | port: 81
  | ^^^^ given again here
 --> web.yaml:1:1
  |
1 | port: 80
  | ^^^^ first given here
`)
})

test('a document from a Helm chart names its template', () => {
  expect(complaintsAbout('a: 1\n---\n# Source: web/templates/svc.yaml\nb: c: d\n')).toBe(`\
error[yaml-syntax]: bad indentation of a mapping entry
 --> web.yaml:4:5 (web/templates/svc.yaml)
  |
4 | b: c: d
  |     ^
`)
})

describe('kubectl and YAML 1.2 disagree about', () => {
  test.each([
    [
      'an octal number',
      'a: 0644\n',
      [{ path: ['a'], part: 'value', text: '0644', kubectl: 420, yaml12: 644 }],
    ],
    [
      'a word',
      'a: [on]\n',
      [{ path: ['a', 0], part: 'value', text: 'on', kubectl: true, yaml12: 'on' }],
    ],
    [
      'a key',
      'a: {y: 1}\n',
      [{ path: ['a', 'true'], part: 'key', text: 'y', kubectl: true, yaml12: 'y' }],
    ],
    [
      'a merge',
      'a: {b: 2, <<: {b: 1}}\n',
      [{ path: ['a', 'b'], part: 'value', text: '<<', kubectl: 1, yaml12: 2 }],
    ],
    ['nothing in quotes', 'a: "0644"\nb: \'on\'\n', []],
    ['nothing with a tag', 'a: !!int 0644\n', []],
  ])('%s', (_, text, disputed) => {
    expect(documentsIn(text)[0]?.disputed).toEqual(disputed)
  })
})
