/**
 * A text, or what it is put together from: there it need not stand in memory as a whole. Parts that
 * are bytes already are UTF-8, and no part ends within a letter.
 */
export type Parts = string | Iterable<Part>
type Part = string | Uint8Array

export function wholeOf(text: Parts): string {
  if (typeof text === 'string') return text
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const texts = Array.from(text, (part) => (typeof part === 'string' ? part : decoder.decode(part)))
  return texts.join('')
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
      const most = typeof part === 'string' ? bytesOfUnit * (end - at) : end - at
      if (filled + most > room.length) {
        yield room.subarray(0, filled)
        filled = 0
      }
      filled += put(room, part, at, end, filled)
      at = end
    }
  }
  if (filled > 0) yield room.subarray(0, filled)
}

/** Writes what stands between two places into the room; how many bytes that is. */
function put(room: Buffer, part: Part, start: number, end: number, to: number): number {
  const isWhole = end - start === part.length
  if (typeof part === 'string') return room.write(isWhole ? part : part.slice(start, end), to)
  room.set(isWhole ? part : part.subarray(start, end), to)
  return end - start
}

function endOfPiece(part: Part, start: number): number {
  const ordinary = Math.min(start + mostUnits, part.length)
  if (typeof part !== 'string') return ordinary
  return isFirstOfTwo(part.charCodeAt(ordinary - 1)) ? ordinary + 1 : ordinary
}

/** Letters beyond the first plane are two units, which belong together. */
function isFirstOfTwo(unit: number): boolean {
  return (unit & 0xfc00) === 0xd800
}
