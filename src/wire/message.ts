import { littleEndian } from './kind.ts'
import { genericHeaderLength, headerLength, messageFlag } from './message-writer.ts'

/** One message among others in a datagram: where its attributes stand, and what its header says. */
export interface Message {
  readonly view: DataView
  readonly start: number
  readonly end: number
  readonly type: number
  readonly sequence: number
  readonly interrupted: boolean
}

/** From <linux/netlink.h>. */
export const messageType = { error: 2, done: 3 } as const

/** Goes through the messages of a datagram. */
export function eachMessage(datagram: Uint8Array, visit: (message: Message) => void): void {
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength)
  let at = 0
  while (at + headerLength <= view.byteLength) {
    const length = view.getUint32(at, littleEndian)
    if (length < headerLength || at + length > view.byteLength) {
      throw new RangeError(`a netlink message of ${length} bytes`)
    }
    const type = view.getUint16(at + 4, littleEndian)
    visit({
      view,
      start: at + headerLength + (type < 16 ? 0 : genericHeaderLength),
      end: at + length,
      type,
      sequence: view.getUint32(at + 8, littleEndian),
      interrupted: (view.getUint16(at + 6, littleEndian) & messageFlag.interrupted) !== 0,
    })
    at += (length + 3) & ~3
  }
}

/** The number of the error in an answer, 0 for an acknowledgement or a dump that ended well. */
export function errorNumberOf({ view, start, end }: Message): number {
  return start + 4 <= end ? -view.getInt32(start, littleEndian) : 0
}
