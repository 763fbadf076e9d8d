import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Diagnostic } from '../../src/diagnostic/diagnostic.ts'
import type { Document } from '../../src/manifest/document.ts'
import { placeIn } from '../../src/manifest/place.ts'
import { notPlain, PlainReader } from '../../src/manifest/plain.ts'
import { readTree } from '../../src/manifest/tree.ts'
import { documentsIn, manifest, pathsIn } from '../support/documents.ts'
import { jsonValue, lineSoup, mutationsOf, printYAML } from '../support/near-yaml.ts'

// The plain reader is a shortcut. What it reads, the reader of all YAML must read the same way, and
// what it does not take costs time and nothing else.

function readPlain(text: string): unknown {
  return new PlainReader(text).read(0, text.length)
}

describe('the plain dialect has', () => {
  test.each<[string, string, unknown]>([
    ['mappings', 'a: b\nc: d\n', { a: 'b', c: 'd' }],
    ['mappings in mappings', 'a:\n  b: c\nd: e\n', { a: { b: 'c' }, d: 'e' }],
    ['lists', '- a\n- b\n', ['a', 'b']],
    ['lists in mappings', 'a:\n  - b\n  - c\n', { a: ['b', 'c'] }],
    ['lists as deep as their key', 'a:\n- b\n- c\nd: e\n', { a: ['b', 'c'], d: 'e' }],
    ['mappings beside a dash', '- a: b\n  c: d\n', [{ a: 'b', c: 'd' }]],
    ['mappings a little further from it', '-   a: b\n    c: d\n', [{ a: 'b', c: 'd' }]],
    ['mappings below it', '-\n  a: b\n', [{ a: 'b' }]],
    [
      'values that are nothing',
      'a:\nb: ~\nc: null\nd:\n-\n',
      { a: null, b: null, c: null, d: [null] },
    ],
    ['numbers', 'a: 80\nb: -1\nc: 1.5\nd: 0\n', { a: 80, b: -1, c: 1.5, d: 0 }],
    ['booleans', 'a: true\nb: false\n', { a: true, b: false }],
    ['addresses', 'a: 10.96.0.1\nb: fd00::1\nc: ::1\n', { a: '10.96.0.1', b: 'fd00::1', c: '::1' }],
    ['times', 'a: 2026-01-01T00:00:00Z\n', { a: '2026-01-01T00:00:00Z' }],
    ['double quotes', 'a: "b: c # d"\n"e f": ""\n', { a: 'b: c # d', 'e f': '' }],
    ['escapes that JSON has too', 'a: "b\\n\\"c\\"\\\\"\n', { a: 'b\n"c"\\' }],
    ['single quotes', "a: 'it''s'\n'b': '\"'\n", { a: "it's", b: '"' }],
    ['brackets with nothing in them', 'a: []\nb: {}\nc:\n  {}\n', { a: [], b: {}, c: {} }],
    ['comments', '# a\na: b # c\n  # d\nc: "d" # e\n', { a: 'b', c: 'd' }],
    ['blocks of lines', 'a: |\n  b\n   c\n\n  d\n\ne: f\n', { a: 'b\n c\n\nd\n', e: 'f' }],
    ['blocks without a last line end', 'a:\n- |-\n  # b\n\n', { a: ['# b'] }],
    ['blocks that begin with blank lines', 'a: |\n\n \n  b\n', { a: '\n\nb\n' }],
    ['blocks of no lines', 'a: |\nb: |-\n\n', { a: '', b: '' }],
    ['line ends of Windows', 'a:\r\n- b\r\n\r\nc: "d"\r\n', { a: ['b'], c: 'd' }],
    ['a last line that does not end', 'a:\n  b: c', { a: { b: 'c' } }],
    ['letters of all the world', 'a: größer\n名前: "ウェブ"\n', { a: 'größer', 名前: 'ウェブ' }],
  ])('%s', (_, text, value) => {
    expect(readPlain(text)).toEqual(value)
    expect(differences(text)).toEqual([])
  })
})

describe('the plain dialect does not have', () => {
  test.each([
    ['anchors', 'a: &x b\n'],
    ['aliases', 'a: *x\n'],
    ['tags', 'a: !!str 80\n'],
    ['merges', 'a:\n  <<: b\n'],
    ['brackets with something in them', 'a: [b]\n'],
    ['folded blocks', 'a: >\n  b\n'],
    ['scalars over many lines', 'a: b\n  c\n'],
    ['scalars on a line of their own', 'a:\n  b\n'],
    ['quotes over many lines', 'a: "b\n  c"\n'],
    ['blocks that say how they are indented', 'a: |2\n   b\n'],
    ['lists beside a dash', '- - a\n'],
    ['keys that are marked', '? a\n: b\n'],
    ['keys that are not text', '8080: a\n'],
    ['keys that objects are born with', 'constructor: a\n'],
    ['keys given twice', 'a: b\na: c\n'],
    ['tabs', 'a:\tb\n'],
    ['escapes that JSON does not have', 'a: "\\x41"\n'],
    ['escapes of halves of letters', 'a: "\\ud83d\\ude00"\n'],
    ['values that YAML 1.1 and 1.2 read differently', 'a: 0644\n'],
    ['words that YAML 1.1 and 1.2 read differently', 'a: yes\n'],
    ['numbers that are none', 'a: .nan\n'],
    ['the end of a document', 'a: b\n...\n'],
    ['directives', '%YAML 1.1\n'],
    ['scalars alone', 'a\n'],
    ['nothing at all', '# a\n\n'],
    ['mistakes: a key without a colon', 'a: b\nc\n'],
    ['mistakes: a colon too many', 'a: b: c\n'],
    ['mistakes: a line indented too far', 'a: b\n  c: d\n'],
    ['mistakes: a line between two levels', 'a:\n    b: c\n  d: e\n'],
    ['mistakes: a list in a mapping', 'a: b\n- c\n'],
    ['mistakes: a quote that does not close', 'a: "b\n'],
    ['mistakes: a word after a quote', 'a: "b" c\n'],
  ])('%s', (_, text) => {
    expect(readPlain(text)).toBe(notPlain)
  })
})

test.each(['by-hand.yaml', 'kubectl.yaml', 'kubectl-list.yaml'])('%s is plain', (name) => {
  const languages = documentsIn(manifest(name)).map(({ document }) => document.language)
  expect(new Set(languages)).toEqual(new Set(['plain']))
})

test('a rendered chart is plain but for what is in brackets, folded or merged', () => {
  const languages = documentsIn(manifest('helm.yaml')).map(({ document }) => document.language)
  expect(languages).toEqual(['plain', 'plain', 'plain', 'yaml'])
})

describe('both readers agree', () => {
  const documents = ['by-hand.yaml', 'helm.yaml', 'kubectl-list.yaml', 'kubectl.yaml'].flatMap(
    (name) => manifest(name).split(/^---\n/m),
  )

  test('on lines that have nothing to do with each other', () => {
    fc.assert(fc.property(lineSoup, agree), { numRuns: 1500 })
  })

  test('on manifests with a few letters changed', () => {
    fc.assert(fc.property(mutationsOf(documents), agree), { numRuns: 300 })
  })

  test('on documents that are like others before them', () => {
    const several = fc.array(mutationsOf(documents), { minLength: 2, maxLength: 5 })
    fc.assert(
      fc.property(several, (texts) => {
        const whole = texts.map((text) => (text.endsWith('\n') ? text : `${text}\n`))
        const reader = new PlainReader(whole.join(''))
        let start = 0
        for (const text of whole) {
          expect(reader.read(start, start + text.length)).toEqual(readPlain(text))
          start += text.length
        }
      }),
      { numRuns: 500 },
    )
  })

  test('on any value as it is printed', () => {
    fc.assert(
      fc.property(
        jsonValue.map((value) => printYAML(value)),
        agree,
      ),
      { numRuns: 1000 },
    )
  })
})

function agree(text: string): void {
  expect(differences(text)).toEqual([])
}

/** What the two readers make of a text, where it is not the same: values, and all their places. */
function differences(text: string): unknown[] {
  if (/^---|\r(?!\n)|\p{Surrogate}/mu.test(text) || text.includes('\u0007')) return []
  const value = readPlain(text)
  if (value === notPlain) return []
  const told: Diagnostic[] = []
  const yaml: Document = {
    source: { name: '', text },
    start: 0,
    end: text.length,
    language: 'yaml',
  }
  const read = readTree(yaml, (diagnostic) => told.push(diagnostic))
  if (read === undefined || told.length + read.disputed.length > 0) return [value, read, told]
  if (JSON.stringify(read.value) !== JSON.stringify(value)) return [value, read.value]
  expect(value).toStrictEqual(read.value)
  return [...pathsIn(value)]
    .flatMap(([path]) => [[path, 'key'] as const, [path, 'value'] as const])
    .filter(([path, part]) => {
      const one = placeIn({ ...yaml, language: 'plain' }, path, part).span()
      const other = placeIn(yaml, path, part).span()
      return one.start !== other.start || one.end !== other.end
    })
}
