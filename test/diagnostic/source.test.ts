import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { lineOf, positionOf, type Source } from '../../src/diagnostic/source.ts'

const line = fc.string({ unit: fc.constantFrom('a', 'ä', '\r', ' '), maxLength: 3 })
const source = fc.record({
  lines: fc.array(line, { minLength: 1, maxLength: 300, size: 'max' }),
  mark: fc.constantFrom('', '\ufeff'),
  linesBefore: fc.constantFrom(undefined, 0, 7),
})

test('every place is in the line and the column that counting finds, whatever was asked before', () => {
  fc.assert(
    fc.property(source, fc.array(fc.nat(), { minLength: 1 }), (parts, wishes) => {
      const { lines, mark, linesBefore = 0 } = parts
      const text = mark + lines.join('\n')
      const asked: Source = { name: 'a', text, linesBefore: parts.linesBefore }
      for (const wish of wishes) {
        const offset = mark.length + (wish % (text.length - mark.length + 1))
        const before = text.slice(mark.length, offset).split('\n')
        const expected = {
          line: linesBefore + before.length,
          column: (before.at(-1) ?? '').length + 1,
        }
        expect(positionOf(asked, offset)).toEqual(expected)
        const written = lines[before.length - 1]?.replace(/\r$/, '')
        expect(lineOf(asked, expected.line)).toBe(written)
      }
      expect(lineOf(asked, linesBefore + lines.length + 1)).toBe('')
    }),
  )
})
