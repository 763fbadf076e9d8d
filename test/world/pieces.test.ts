import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { piecesOf, wholeOf } from '../../src/world/pieces.ts'

/** Longer than a piece, and with letters of one to four bytes wherever it is cut. */
const anyText = fc
  .tuple(fc.string({ unit: 'binary' }), fc.constantFrom(0, 1, 9, 65_535, 65_536, 65_537, 200_000))
  .map(([text, before]) => `${'a'.repeat(before)}${text}`)

/** A text, or its bytes. */
const anyPart = anyText.chain((text) => fc.constantFrom(text, new TextEncoder().encode(text)))

test('the pieces of a text, or of its parts, are its bytes', () => {
  fc.assert(
    fc.property(anyText, fc.array(anyPart, { maxLength: 4 }), (text, parts) => {
      const whole = Buffer.concat(parts.map((part) => Buffer.from(part)))
      expect(bytesOf(piecesOf(text)).equals(Buffer.from(text))).toBe(true)
      expect(bytesOf(piecesOf(parts)).equals(whole)).toBe(true)
      expect(wholeOf(parts)).toBe(whole.toString())
    }),
    { numRuns: 200 },
  )
})

/** Copied as they come: the next piece stands where the one before it stood. */
function bytesOf(pieces: Iterable<Uint8Array>): Buffer {
  return Buffer.concat(Array.from(pieces, (piece) => Buffer.from(piece)))
}
