import { describe, expect, test } from '@jest/globals'
import type { Diagnostic } from '../../src/diagnostic/diagnostic.ts'
import { plain, renderDiagnostic } from '../../src/diagnostic/frame.ts'
import type { Path } from '../../src/manifest/document.ts'
import { placeIn } from '../../src/manifest/place.ts'
import { readDocuments } from '../../src/manifest/read.ts'

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
  ])('%s', (text, value) => {
    expect(valuesOf(`a: ${text}\n`)).toEqual([{ a: value }])
  })
})

test('a merge overrides what stands before it and gives way to what stands after', () => {
  expect(valuesOf('a: {b: 2, <<: {b: 1}}')).toEqual([{ a: { b: 1 } }])
  expect(valuesOf('a: {<<: {b: 1}, b: 2}')).toEqual([{ a: { b: 2 } }])
  expect(valuesOf('a: {<<: [{b: 1}, {b: 3, c: 4}]}')).toEqual([{ a: { b: 1, c: 4 } }])
})

test('a key named __proto__ is a key', () => {
  const [value] = valuesOf('__proto__: {a: 1}\nconstructor: 2\n')
  expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor'])
  expect(({} as Record<string, unknown>).a).toBeUndefined()
})

test('a mistake in one document hides no other', () => {
  expect(valuesOf('a: 1\n---\nb: [\n---\nc: 3\n')).toEqual([{ a: 1 }, { c: 3 }])
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

describe('a place', () => {
  const text = `\
a: 1
---
# the second
base: &base
  ports:
  - name: http
    port: 80
  - { name: https, port: 443 }
copy:
  <<: *base
  empty:
list: [1, [2, 3]]
`
  test.each<[string, Path, string]>([
    ['a scalar', ['base', 'ports', 0, 'port'], '80'],
    ['a field of a flow mapping', ['base', 'ports', 1, 'port'], '443'],
    ['a block mapping is shown by its key', ['base'], 'base'],
    ['through a merge and an alias', ['copy', 'ports', 0, 'name'], 'http'],
    ['an empty value is shown by its key', ['copy', 'empty'], 'empty'],
    ['what is not there, by what is', ['base', 'ports', 0, 'nodePort'], 'name: http\n    port: 80'],
    ['what is not there, by its parent', ['base', 'selector', 'app'], 'base'],
    ['in a list in a list', ['list', 1, 0], '2'],
  ])('%s', (_, path, expected) => {
    const [, second] = documentsIn(text)
    if (second === undefined) throw new Error('no second document')
    const { source, start, end } = placeIn(second.document, path).span()
    expect(source.text.slice(start, end)).toBe(expected)
  })
})

function documentsIn(text: string, diagnostics: Diagnostic[] = []) {
  return [...readDocuments({ name: 'web.yaml', text }, (it) => diagnostics.push(it))]
}

function valuesOf(text: string): unknown[] {
  return documentsIn(text).map(({ value }) => value)
}

function complaintsAbout(text: string): string {
  const diagnostics: Diagnostic[] = []
  documentsIn(text, diagnostics)
  return diagnostics.map((it) => renderDiagnostic(it, plain)).join('')
}
