const mostUnits = 1 << 16

let room: Buffer | undefined

/**
 * The bytes of a text, piece by piece, each in the room of the one before: a long text is not to
 * stand in memory twice, and memory that was never used is dear.
 */
export function* piecesOf(text: string): Generator<Uint8Array> {
  room ??= Buffer.allocUnsafeSlow(3 * (mostUnits + 1))
  for (let at = 0; at < text.length; ) {
    const ordinary = Math.min(at + mostUnits, text.length)
    const end = isFirstOfTwo(text.charCodeAt(ordinary - 1)) ? ordinary + 1 : ordinary
    yield room.subarray(0, room.write(text.slice(at, end)))
    at = end
  }
}

/** Letters beyond the first plane are two units, which belong together. */
function isFirstOfTwo(unit: number): boolean {
  return (unit & 0xfc00) === 0xd800
}
