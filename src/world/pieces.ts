/** A text, or what it is put together from: there it need not stand in memory as a whole. */
export type Parts = string | Iterable<string>

export function wholeOf(text: Parts): string {
  return typeof text === 'string' ? text : [...text].join('')
}

const mostUnits = 1 << 16

/** A unit takes three bytes at most. */
const bytesOfUnit = 3

/** Not worth the room. */
const short = 4096

let room: Buffer | undefined

/**
 * The bytes of a text, piece by piece, each in the room of the one before: a long text is not to
 * stand in memory twice, and memory that was never used is dear.
 */
export function* piecesOf(text: Parts): Generator<Uint8Array> {
  if (typeof text === 'string' && text.length < short) {
    yield Buffer.from(text)
    return
  }
  room ??= Buffer.allocUnsafeSlow(bytesOfUnit * (mostUnits + 1))
  let filled = 0
  for (const part of typeof text === 'string' ? [text] : text) {
    for (let at = 0; at < part.length; ) {
      const end = endOfPiece(part, at)
      const piece = end - at === part.length ? part : part.slice(at, end)
      if (filled + bytesOfUnit * piece.length > room.length) {
        yield room.subarray(0, filled)
        filled = 0
      }
      filled += room.write(piece, filled)
      at = end
    }
  }
  if (filled > 0) yield room.subarray(0, filled)
}

function endOfPiece(text: string, start: number): number {
  const ordinary = Math.min(start + mostUnits, text.length)
  return isFirstOfTwo(text.charCodeAt(ordinary - 1)) ? ordinary + 1 : ordinary
}

/** Letters beyond the first plane are two units, which belong together. */
function isFirstOfTwo(unit: number): boolean {
  return (unit & 0xfc00) === 0xd800
}
