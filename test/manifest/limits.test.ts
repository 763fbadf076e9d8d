import { describe, expect, test } from '@jest/globals'
import { plain, renderDiagnostic } from '../../src/diagnostic/frame.ts'
import { diagnosticsOf, documentsIn, linesAbout } from '../support/documents.ts'

// Each of these texts once brought some reader of YAML down. A second is more than any may take.

describe('aliases', () => {
  const levels = 'bcdefghij'.split('')

  test('that multiply are stopped', () => {
    const lists = levels.map((name, index) => {
      const before = String.fromCharCode(name.charCodeAt(0) - 1)
      return `${name}: &${name} [${Array(9).fill(`*${before}`)}]${index < 0 ? '' : '\n'}`
    })
    expect(linesAbout(`a: &a [1]\n${lists.join('')}`)).toEqual([
      expect.stringMatching(
        /alias-bomb: the aliases of this document unfold into more than 1000000 values/,
      ),
    ])
  })

  test('that multiply through merges are stopped', () => {
    const keys = Array.from({ length: 1000 }, (_, index) => `k${index}: 1`)
    const merges = Array(1001).fill('- <<: *a\n').join('')
    expect(linesAbout(`a: &a {${keys.join(', ')}}\nb:\n${merges}`)).toEqual([
      expect.stringMatching(/alias-bomb/),
    ])
  })

  test('that stack levels on levels are stopped', () => {
    const steps = Array.from({ length: 9 }, (_, index) => {
      const within = index === 0 ? '1' : `*a${index - 1}`
      return `a${index}: &a${index} ${'['.repeat(50)}${within}${']'.repeat(50)}\n`
    })
    expect(linesAbout(steps.join(''))).toEqual([
      expect.stringMatching(/too-deep: this document is nested more than 200 levels deep/),
    ])
  })

  test('that repeat a few labels are not', () => {
    const labels = 'labels: &labels {app: web, tier: front}\n'
    expect(
      linesAbout(labels + Array.from({ length: 5000 }, (_, n) => `a${n}: *labels\n`).join('')),
    ).toEqual([])
  })
})

describe('nesting', () => {
  const nested = {
    'of brackets': (depth: number) => `a: ${'['.repeat(depth)}${']'.repeat(depth)}`,
    'of braces': (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
    'of brackets in JSON': (depth: number) => '['.repeat(depth) + ']'.repeat(depth),
    'of brackets that do not close': (depth: number) => `a: ${'['.repeat(depth)}`,
    'of dashes': (depth: number) => `${'- '.repeat(depth)}a`,
    'of mappings': (depth: number) =>
      Array.from({ length: depth }, (_, level) => `${' '.repeat(level)}a:\n`).join(''),
  }

  test.each(Object.entries(nested))('%s of 10,000 levels is stopped', (_, text) => {
    expect(linesAbout(text(10_000))).toEqual([
      expect.stringMatching(/too-deep: this document is nested more than 200 levels deep/),
    ])
  })

  test.each(Object.entries(nested).filter(([name]) => !name.includes('not close')))(
    '%s of 190 levels is read',
    (_, text) => {
      expect(linesAbout(text(190))).toEqual([])
      expect(documentsIn(text(190))).toHaveLength(1)
    },
  )
})

describe('size', () => {
  test('a document of 100 million letters without a line end is read or refused, not died of', () => {
    expect(linesAbout('a'.repeat(100_000_000))).toEqual([
      '0 document-too-large: this document is larger than 64 MiB',
    ])
  })

  test('more than 256 MiB are refused unseen', () => {
    expect(linesAbout(`a: 1\n---\n{${' '.repeat(256 * 1024 * 1024)}}`)).toEqual([
      '9 document-too-large: this document is larger than 256 MiB',
    ])
  })

  test.each([
    ['in brackets', `a: [${'{},'.repeat(10_000_001)}]`],
    ['in JSON', `[${'{},'.repeat(10_000_001)}{}]`],
  ])('more than 10 million values %s are refused', (_, text) => {
    expect(linesAbout(text)).toEqual([
      expect.stringMatching(/too-many-values: this document holds more than 10000000 values/),
    ])
  })

  test.each([
    ['documents', '[\n---\n'],
    ['lines of dashes', '---a\n'],
    ['repeated keys', 'a: b\na: c\n---\n'],
  ])('of more than 10,000 faults in %s the rest is not told', (_, text) => {
    const lines = linesAbout(text.repeat(10_100))
    expect(lines).toHaveLength(10_001)
    expect(lines.at(-1)).toMatch(/too-many-faults: more than 10000 faults in this file/)
  })

  test('the frame of a fault in a long line is short', () => {
    const [diagnostic] = diagnosticsOf(`${'a'.repeat(1_000_000)}: b: c\n`)
    if (diagnostic === undefined) throw new Error('there is no diagnostic')
    expect(renderDiagnostic(diagnostic, plain).length).toBeLessThan(600)
  })
})
