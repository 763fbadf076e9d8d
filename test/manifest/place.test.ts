import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Part, Path, ReadDocument } from '../../src/manifest/document.ts'
import { placeIn } from '../../src/manifest/place.ts'
import { documentsIn, manifest, manifests, pathsIn, valuesIn } from '../support/documents.ts'
import { jsonValue, lineSoup, printYAML } from '../support/near-yaml.ts'

describe.each([
  [
    'plain YAML',
    `\
kind: Service
metadata:
  name: "web" # the one
spec:
  selector:
  ports:
  - name: http
    port: 80
  - name: https
    'port': 443
  script: |
    one
     two

`,
    'name: http\n    port: 80',
  ],
  [
    'YAML with brackets, anchors and merges',
    `\
kind: &kind Service
metadata: {name: "web"} # the one
spec:
  selector:
  ports:
  - &http
    name: http
    port: 80
  - <<: *http
    name: https
    'port': 443
  script: |
    one
     two

`,
    'name: http\n    port: 80',
  ],
  [
    'JSON',
    `\
{
  "kind": "Service",
  "metadata": { "name": "web" },
  "spec": {
    "selector": null,
    "ports": [
      { "name": "http", "port": 80 },
      { "name": "https", "port": 443 }
    ]
  }
}
`,
    '{ "name": "http", "port": 80 }',
  ],
])('in %s', (language, text, firstPort) => {
  const quoted = (word: string) => (language === 'JSON' ? `"${word}"` : word)
  const [document] = documentsIn(text)

  test.each<[string, Path, Part, string]>([
    ['a value is shown', ['kind'], 'value', quoted('Service')],
    ['a value is shown with its quotes', ['metadata', 'name'], 'value', '"web"'],
    ['a key is shown', ['metadata', 'name'], 'key', quoted('name')],
    ['a value in a list is shown', ['spec', 'ports', 1, 'port'], 'value', '443'],
    ['a mapping over many lines is shown by its key', ['spec'], 'value', quoted('spec')],
    ['a list over many lines is shown by its key', ['spec', 'ports'], 'value', quoted('ports')],
    ['an item of a list is shown as a whole', ['spec', 'ports', 0], 'value', firstPort],
    [
      'what is not there, by the item that it is not in',
      ['spec', 'ports', 0, 'nodePort'],
      'value',
      firstPort,
    ],
    [
      'what is not there, by the key of what it is not in',
      ['spec', 'type'],
      'value',
      quoted('spec'),
    ],
  ])('%s', (_, path, part, expected) => {
    expect(textAt(document, path, part)).toBe(expected)
  })
})

describe('in YAML', () => {
  test.each<[string, string, Path, string]>([
    ['a value that is nothing is shown by its key', 'a:\n  b:\n', ['a', 'b'], 'b'],
    ['an item that is nothing is shown by its list', 'a:\n- b\n-\n', ['a', 1], 'a'],
    ['a block is shown without its margin', 'a: |\n  b\n   c\n\n', ['a'], 'b\n   c'],
    ['a folded block, too', 'a: >-\n\n    b\n    c\n', ['a'], 'b\n    c'],
    ['brackets are shown to where they close', 'a: [b, {c: d}, ] # e\n', ['a'], '[b, {c: d}, ]'],
    ['an alias leads to its anchor', 'a: &x {b: c}\nd: *x\n', ['d', 'b'], 'c'],
    ['an alias itself is shown', 'a: &x {b: c}\nd: *x\n', ['d'], '*x'],
    ['a merge leads to what it merges', 'a: &x {b: c}\nd:\n  <<: *x\n', ['d', 'b'], 'c'],
    ['what a merge overrides is not shown', 'a: &x {b: c}\nd: {b: e, <<: *x}\n', ['d', 'b'], 'c'],
    ['what overrides a merge is shown', 'a: &x {b: c}\nd: {<<: *x, b: e}\n', ['d', 'b'], 'e'],
    [
      'of two merges the first is shown',
      'a: [&x {b: c}, &y {b: e}]\nd: {<<: [*x, *y]}\n',
      ['d', 'b'],
      'c',
    ],
    ['a key is found as kubectl reads it', 'a: {010: b}\n', ['a', '8'], 'b'],
  ])('%s', (_, text, path, expected) => {
    const [document] = documentsIn(text)
    expect(textAt(document, path)).toBe(expected)
  })

  test('places in many documents do not mix', () => {
    const documents = documentsIn('a: 1\n---\na: 2\n---\na: [3]\n---\n{"a": 4}\n')
    const shown = [...documents, ...documents.toReversed()].map((document) =>
      textAt(document, ['a']),
    )
    expect(shown).toEqual(['1', '2', '[3]', '4', '4', '[3]', '2', '1'])
  })
})

describe('everything that was read', () => {
  const inBrackets = jsonValue.map((value) => `a: ${JSON.stringify(value)}\n`)
  const asJSON = jsonValue.map((value) => JSON.stringify({ a: value }, undefined, 2))
  const asBlocks = jsonValue.map((value) => printYAML({ a: value }))

  test.each([
    ['as blocks', asBlocks],
    ['as JSON', asJSON],
    ['in brackets', inBrackets],
  ])('%s stands where its place is', (_, texts) => {
    fc.assert(fc.property(texts, standsInItsPlace), { numRuns: 200 })
  })

  test.each(['by-hand.yaml', 'kubectl.yaml', 'kubectl.json', 'kubectl-list.yaml'])(
    'in %s stands where its place is',
    (name) => standsInItsPlace(manifest(name)),
  )

  test('lies within its text', () => {
    fc.assert(fc.property(lineSoup, liesWithinItsText), { numRuns: 1000 })
    manifests.forEach(liesWithinItsText)
  })
})

function textAt(document: ReadDocument | undefined, path: Path, part?: Part): string {
  if (document === undefined) throw new Error('there is no document')
  const { source, start, end } = placeIn(document.document, path, part).span()
  return source.text.slice(start, end)
}

/** Read alone, the text at the place of a scalar or of a key gives that scalar or key. */
function standsInItsPlace(text: string): void {
  for (const document of documentsIn(text)) {
    for (const [path, value] of pathsIn(document.value)) {
      const key = path.at(-1)
      if (typeof key === 'string') expect(meaning(textAt(document, path, 'key'))).toBe(key)
      if (typeof value === 'object') continue
      const written = textAt(document, path)
      // The lines of a block stand there as they are, but for their margin.
      if (withoutBlanks(written) !== withoutBlanks(value)) expect(meaning(written)).toBe(value)
    }
  }
}

function withoutBlanks(value: unknown): string {
  return String(value).replaceAll(/\s/g, '')
}

function meaning(text: string): unknown {
  return text.startsWith('"') ? JSON.parse(text) : valuesIn(`- ${text}`).flat()[0]
}

function liesWithinItsText(text: string): void {
  for (const document of documentsIn(text)) {
    const { start, end } = document.document
    for (const [path] of pathsIn(document.value)) {
      for (const part of ['key', 'value'] as const) {
        const span = placeIn(document.document, path, part).span()
        expect(start <= span.start && span.start <= span.end && span.end <= end).toBe(true)
      }
    }
  }
}
