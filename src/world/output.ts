import { fstatSync, writeSync } from 'node:fs'
import { codeOf } from './files.ts'
import { type Parts, piecesOf } from './pieces.ts'

export interface Output {
  readonly write: (text: Parts) => unknown
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
  let isTTY: boolean | undefined
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
      if (codeOf(error) === 'EAGAIN') makeStream().write(Buffer.from(bytes.subarray(written)))
      else listener(error)
    }
  }
  return {
    write: (text) => {
      // A stream may write later, when the room of a piece has others in it: it gets copies.
      for (const bytes of piecesOf(text)) {
        if (stream === undefined) writeNow(bytes)
        else stream.write(Buffer.from(bytes))
      }
    },
    on: (_, asked) => {
      listener = asked
    },
    get isTTY() {
      // Other devices, such as /dev/null, need no stream.
      isTTY ??= fstatSync(descriptor).isCharacterDevice() && streamOf().isTTY === true
      if (isTTY && stream === undefined) makeStream()
      return isTTY
    },
  }
}
