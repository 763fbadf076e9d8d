import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { plain, renderPlace } from '../../src/diagnostic/frame.ts'
import { TextLetters } from '../../src/diagnostic/letters.ts'
import { lineOf, noteLine, positionOf, type Source, spanIn } from '../../src/diagnostic/source.ts'
import { AsciiSource } from '../../src/world/ascii-source.ts'

const short = fc.string({ unit: fc.constantFrom('a', 'ä', '\r', ' '), maxLength: 3 })
const long = fc.nat(10_000).map((length) => 'b'.repeat(length))
const line = fc.oneof({ weight: 30, arbitrary: short }, long)
const source = fc.record({
  lines: fc.array(line, { minLength: 1, maxLength: 300, size: 'max' }),
  mark: fc.constantFrom('', '\ufeff'),
  linesBefore: fc.constantFrom(undefined, 0, 7),
  isEndNoted: fc.boolean(),
})

test('every place is in the line and the column that counting finds, whatever was asked before', () => {
  fc.assert(
    fc.property(source, fc.array(fc.nat(), { minLength: 1 }), (parts, wishes) => {
      const { lines, mark, linesBefore = 0 } = parts
      const text = mark + lines.join('\n')
      const asked: Source = { name: 'a', text, linesBefore: parts.linesBefore }
      const start = text.length - (lines.at(-1) ?? '').length
      if (parts.isEndNoted) noteLine(asked, text.length, { line: lines.length - 1, start })
      const ascii = new AsciiSource('a', Buffer.from(text.replace(/[^\0-\x7f]/g, '?')))
      for (const wish of wishes) {
        const offset = mark.length + (wish % (text.length - mark.length + 1))
        const before = text.slice(mark.length, offset).split('\n')
        const expected = {
          line: linesBefore + before.length,
          column: (before.at(-1) ?? '').length + 1,
        }
        expect(positionOf(asked, offset)).toEqual(expected)
        const written = lines[before.length - 1]?.replace(/\r$/, '')
        expect(lineOf(asked, expected.line, 20_000)).toBe(written)
        expect(lineOf(asked, expected.line, 2)).toBe(written?.slice(0, 2))
        if (mark !== '') continue
        const line = before.length
        expect(positionOf(ascii, offset)).toEqual({ ...expected, line })
        expect(lineOf(ascii, line, 20_000)).toBe(written?.replaceAll('ä', '?'))
      }
      expect(lineOf(asked, linesBefore + lines.length + 1, 1)).toBe('')
    }),
  )
})

test('many places in one long line cost no more than a way through it and some letters each', () => {
  const letters = new Counted('a'.repeat(1_000_000))
  const source: Source = { name: 'a', text: '', letters }
  const offsets = Array.from({ length: 1000 }, (_, index) => (index * 7919 * 131) % 1_000_000)
  for (const offset of offsets) {
    expect(positionOf(source, offset)).toEqual({ line: 1, column: offset + 1 })
    expect(lineOf(source, 1, 7)).toBe('aaaaaaa')
    const frame = renderPlace(spanIn(source, offset, offset + 5), '', (text) => text, plain)
    expect(frame.length).toBeLessThan(400)
  }
  expect(letters.visited).toBeLessThan(1_000_000 + offsets.length * 20_000)
})

test('many places before one whose line was noted cost some letters each', () => {
  const letters = new Counted('aaaaaaaaa\n'.repeat(100_000))
  const source: Source = { name: 'a', text: '', letters }
  noteLine(source, 1_000_000, { line: 100_000, start: 1_000_000 })
  for (let offset = 0; offset < 1_000_000; offset += 500) {
    expect(positionOf(source, offset)).toEqual({ line: offset / 10 + 1, column: 1 })
    expect(lineOf(source, offset / 10 + 1, 20)).toBe('aaaaaaaaa')
  }
  expect(letters.visited).toBeLessThan(2000 * 20_000)
})

class Counted extends TextLetters {
  visited = 0

  override code(at: number): number {
    this.visited += 1
    return super.code(at)
  }

  override slice(start: number, end: number): string {
    this.visited += end - start
    return super.slice(start, end)
  }

  override lineAfter(at: number, before?: number): number | undefined {
    const found = super.lineAfter(at, before)
    this.visited += (found ?? before ?? this.length) - at
    return found
  }
}
