import { fstatSync, writeSync } from 'node:fs'
import { codeOf } from './files.ts'

/** What we use of a stream of Node's. */
export interface Output {
  readonly write: (text: string | Uint8Array) => unknown
  readonly on: (event: 'error', listener: (error: unknown) => void) => unknown
  readonly isTTY?: boolean
}

/**
 * Writes straight into a file descriptor: to make a stream of it takes Node longer than most verbs
 * run. The stream is made when there is no other way: for a terminal, which knows whether it is one,
 * and for a pipe that does not take all at once.
 */
export function outputTo(descriptor: number, streamOf: () => Output): Output {
  let listener: (error: unknown) => void = (error) => {
    throw error
  }
  let stream: Output | undefined
  const makeStream = (): Output => {
    stream = streamOf()
    stream.on('error', listener)
    return stream
  }
  return {
    write: (text) => {
      if (stream !== undefined) return stream.write(text)
      const bytes = Buffer.from(text)
      let written = 0
      try {
        while (written < bytes.length) written += writeSync(descriptor, bytes, written)
        return true
      } catch (error) {
        if (codeOf(error) === 'EAGAIN') return makeStream().write(bytes.subarray(written))
        return listener(error)
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
