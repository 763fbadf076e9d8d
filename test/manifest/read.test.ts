import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { readDocuments } from '../../src/manifest/read.ts'
import {
  complaintsAbout,
  diagnosticsOf,
  documentsIn,
  linesAbout,
  manifests,
  valuesIn,
} from '../support/documents.ts'
import { lineSoup, mutationsOf } from '../support/near-yaml.ts'

describe('documents are parted by lines of dashes', () => {
  test.each<[string, string, unknown[]]>([
    ['at the start, between and at the end', '---\na: 1\n---\na: 2\n---\n', [{ a: 1 }, { a: 2 }]],
    ['with comments on them', '--- # one\na: 1\n---# two\na: 2\n', [{ a: 1 }, { a: 2 }]],
    ['with blanks after them', '---  \t\na: 1\n--- \r\na: 2\r\n', [{ a: 1 }, { a: 2 }]],
    ['empty ones are none', '---\n---\n# only this\n---\n\n---\na: 1\n', [{ a: 1 }]],
    ['but null is a document', 'null\n---\n~\n', [null, null]],
    ['an indented line does not part them', 'a: |\n  b\n  ---\n  c\n', [{ a: 'b\n---\nc\n' }]],
    ['behind byte order marks', '\ufeffa: 1\n---\n\ufeffa: 2\n', [{ a: 1 }, { a: 2 }]],
    ['a text of nothing has none', '', []],
    ['nor has a byte order mark', '\ufeff', []],
  ])('%s', (_, text, values) => {
    expect(valuesIn(text)).toEqual(values)
    expect(linesAbout(text)).toEqual([])
  })

  test('each is let go of before the next is read', () => {
    const complaints: string[] = []
    const text = 'a: 1\n---\nb: [\n---\nc: 3\n'
    const documents = readDocuments({ name: 'web.yaml', text }, (it) => complaints.push(it.code))
    expect(documents.next().value).toMatchObject({ value: { a: 1 } })
    expect(complaints).toEqual([])
    expect(documents.next().value).toMatchObject({ value: { c: 3 } })
    expect(complaints).toEqual(['yaml-syntax'])
  })
})

describe('what kubectl does not take is not taken', () => {
  test('a document that begins on the line of dashes', () => {
    expect(valuesIn('a: 1\n--- {a: 2}\nb: 3\n---\na: 4\n')).toEqual([{ a: 1 }, { a: 4 }])
    expect(complaintsAbout('a: 1\n--- {a: 2}\n')).toBe(`\
error[document-separator]: invalid Yaml document separator: {a: 2}
 --> web.yaml:2:5
  |
2 | --- {a: 2}
  |     ^^^^^^ only a comment may stand here
help: begin the document on the next line; where "---" is part of a text, indent the line
`)
  })

  test('a certificate that is not indented', () => {
    expect(linesAbout('a: |\n-----BEGIN CERTIFICATE-----\nMIIB\n')).toEqual([
      '8 document-separator: invalid Yaml document separator: --BEGIN CERTIFICATE-----',
    ])
  })

  test.each([
    [
      'a byte order mark before dashes',
      'a: 1\n\ufeff---\na: 2\n',
      '5 byte-order-mark: a byte order mark before `---` keeps kubectl from seeing where the document ends',
    ],
    [
      'a control character',
      'a: 1\n---\n# \u0007\n',
      '11 control-character: control characters are not allowed, and this is U+0007',
    ],
    [
      'a delete character',
      'a: b\u007f\n',
      '4 control-character: control characters are not allowed, and this is U+007F',
    ],
    [
      'half a letter',
      'a: "\ud800"\n',
      '4 control-character: control characters are not allowed, and this is U+D800',
    ],
    [
      'half a letter as an escape',
      'a: "b\\ud83d\\ude00"\n',
      '3 yaml-syntax: \\ud83d stands for no letter',
    ],
    [
      'a letter beyond all letters',
      'a: "\\U00110000"\n',
      '3 yaml-syntax: \\U00110000 stands for no letter',
    ],
    [
      'a binary file',
      'PK\u0003\u0004\u0000',
      '2 control-character: control characters are not allowed, and this is U+0003',
    ],
    [
      'a file of nothing but NUL',
      '\u0000\u0000',
      '0 not-text: this is a NUL, so the file is binary, not text',
    ],
    ['a directive', '%YAML 1.1\n---\na: 1\n', '10 yaml-syntax: directives end mark is expected'],
    [
      'a tab for indentation',
      'a:\n\tb: c\n',
      '3 yaml-syntax: tab characters must not be used in indentation',
    ],
    ['null as a key', 'a:\n  ~: 1\n', '5 yaml-syntax: null cannot be the key of a mapping'],
    ['nothing as a key', '{a: 1, : 2}', '4 yaml-syntax: null cannot be the key of a mapping'],
    [
      'a mapping as a key',
      'a:\n  {b: c}: 1\n',
      '5 yaml-syntax: the keys of a mapping must be strings, numbers or booleans',
    ],
    [
      'a list as a key',
      '? [a]\n: 1\n',
      '2 yaml-syntax: the keys of a mapping must be strings, numbers or booleans',
    ],
    ['an unknown alias', 'a: *b\n', "3 yaml-syntax: unknown anchor 'b' referenced"],
    [
      'an alias within its own anchor',
      'a: &b [*b]\n',
      "7 yaml-syntax: unknown anchor 'b' referenced",
    ],
    [
      'a number that is none',
      'a: .nan\n',
      '3 yaml-syntax: .nan is no number that JSON, and so Kubernetes, can hold',
    ],
    [
      'a merge of something else',
      'a: {<<: b}\n',
      '4 yaml-syntax: map merge requires map or sequence of maps as the value',
    ],
    [
      'base64 that is none',
      'a: !!binary b\n',
      '12 yaml-syntax: !!binary value contains invalid base64 data',
    ],
  ])('%s', (_, text, line) => {
    expect(linesAbout(text)).toEqual([line])
  })

  test('an unrendered template is called one', () => {
    expect(complaintsAbout('spec:\n  replicas: {{ .Values.replicas }}\n')).toContain(
      'help: this is a template: render it first, for example with `helm template`',
    )
  })

  test('what kubectl silently leaves out is warned of', () => {
    expect(valuesIn('a: 1\n...\na: 2\n')).toEqual([{ a: 1 }])
    expect(linesAbout('a: 1\n...\n# the end\n')).toEqual([])
    expect(complaintsAbout('a: 1\n...\na: 2\n')).toBe(`\
warning[ignored-document]: kubectl reads nothing from here to the next line \`---\`
 --> web.yaml:3:1
  |
3 | a: 2
  | ^ not read
help: put a line \`---\` before it, at the start of the line and with nothing else on it
`)
  })
})

describe('line ends', () => {
  test.each([
    ['of Windows', 'a: |\r\n  b\r\nc:\r\n- d\r\n'],
    ['of old Macs', 'a: |\r  b\rc:\r- d\r'],
    ['of every kind', 'a: |\r\n  b\rc:\n- d\r'],
  ])('%s are line ends', (_, text) => {
    expect(valuesIn(text)).toEqual([{ a: 'b\n', c: ['d'] }])
  })
})

describe('bytes that are no text', () => {
  function linesAboutBad(text: string): string[] {
    const lines: string[] = []
    const source = { name: 'web.yaml', text, firstBad: text.indexOf('\ufffd') }
    const values = [
      ...readDocuments(source, ({ at, code }) => lines.push(`${at?.span().start} ${code}`)),
    ]
    return [...lines, ...values.map(({ value }) => JSON.stringify(value))]
  }

  test('are shown where they stand, and hide no other document', () => {
    expect(linesAboutBad('a: 1\n---\nb: \ufffd\ufffd\n---\nc: 3\n')).toEqual([
      '12 not-text',
      '{"a":1}',
      '{"c":3}',
    ])
    expect(linesAboutBad('{"a": "\ufffd"}')).toEqual(['7 not-text'])
  })

  test('are not the replacement characters that somebody wrote', () => {
    expect(valuesIn('a: \ufffd\n')).toEqual([{ a: '\ufffd' }])
    expect(linesAbout('a: \ufffd\n')).toEqual([])
  })
})

describe('no text whatsoever', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(lineSoup).map((soups) => soups.join('---\n')),
    mutationsOf(manifests),
    fc.string({ unit: fc.constantFrom(...'{}[]",: \n-a1&*|>\'#!?\\') }),
  )

  test('makes the reader throw, and all that it reports has a place', () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const { at, message } of diagnosticsOf(text)) {
          const { start, end } = at?.span() ?? { start: -1, end: -1 }
          expect([message, 0 <= start && start <= end && end <= text.length]).toEqual([
            message,
            true,
          ])
        }
      }),
      { numRuns: 1500 },
    )
  })

  test('gives a document outside of it', () => {
    fc.assert(
      fc.property(texts, (text) => {
        let last = 0
        for (const { document } of documentsIn(text)) {
          expect(last <= document.start && document.start <= document.end).toBe(true)
          last = document.end
        }
        expect(last <= text.length).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})
