import { fstatSync, writeSync } from 'node:fs'
import { codeOf } from './files.ts'

/** Of a text so much is turned into bytes at once, in room that is used again: fresh memory is dear. */
const mostUnits = 1 << 16

export interface Output {
  readonly write: (text: string) => unknown
  readonly on: (event: 'error', listener: (error: unknown) => void) => unknown
  readonly isTTY?: boolean
}

/** What we use of a stream of Node's. */
interface Stream extends Omit<Output, 'write'> {
  readonly write: (bytes: Uint8Array) => unknown
}

/**
 * Writes straight into a file descriptor: to make a stream of it takes Node longer than most verbs
 * run. The stream is made when there is no other way: for a terminal, which knows whether it is one,
 * and for a pipe that does not take all at once.
 */
export function outputTo(descriptor: number, streamOf: () => Stream): Output {
  let listener: (error: unknown) => void = (error) => {
    throw error
  }
  let stream: Stream | undefined
  const makeStream = (): Stream => {
    stream = streamOf()
    stream.on('error', listener)
    return stream
  }
  const writeNow = (bytes: Uint8Array): void => {
    let written = 0
    try {
      while (written < bytes.length) written += writeSync(descriptor, bytes, written)
    } catch (error) {
      if (codeOf(error) === 'EAGAIN') makeStream().write(bytes.slice(written))
      else listener(error)
    }
  }
  return {
    write: (text) => {
      for (const bytes of slicesOf(text)) {
        if (stream === undefined) writeNow(bytes)
        else stream.write(bytes.slice())
      }
    },
    on: (_, asked) => {
      listener = asked
    },
    get isTTY() {
      return fstatSync(descriptor).isCharacterDevice() && (stream ?? makeStream()).isTTY === true
    },
  }
}

/** The bytes of a text, piece by piece, each in the room of the one before. */
function* slicesOf(text: string): Generator<Uint8Array> {
  room ??= Buffer.allocUnsafeSlow(3 * (mostUnits + 1))
  for (let at = 0; at < text.length; ) {
    const ordinary = Math.min(at + mostUnits, text.length)
    const end = isFirstOfTwo(text.charCodeAt(ordinary - 1)) ? ordinary + 1 : ordinary
    yield room.subarray(0, room.write(text.slice(at, end)))
    at = end
  }
}

let room: Buffer | undefined

/** Letters beyond the first plane are two units, which belong together. */
function isFirstOfTwo(unit: number): boolean {
  return (unit & 0xfc00) === 0xd800
}
