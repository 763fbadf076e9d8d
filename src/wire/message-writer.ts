import type { Family } from '../address/ip.ts'
import type { Field } from './ipvs.ts'
import { littleEndian } from './kind.ts'

/** From <linux/netlink.h>. */
export const messageFlag = {
  request: 0x1,
  multi: 0x2,
  ack: 0x4,
  interrupted: 0x10,
  replace: 0x100,
  exclusive: 0x200,
  dump: 0x300,
  create: 0x400,
} as const

/** struct nlmsghdr, then struct genlmsghdr. */
export const headerLength = 16
export const genericHeaderLength = 4

// The longest message that is ever written is far below this.
const room = 1024

/** Writes messages one after another into one buffer, which grows where it must. */
export class MessageWriter {
  bytes: Uint8Array
  view: DataView
  /** How much is written. */
  length = 0
  /** How many messages that is. */
  count = 0
  /** The number of the first message; the others follow. */
  firstSequence: number
  #start = 0

  constructor(capacity: number, firstSequence = 1) {
    this.bytes = new Uint8Array(Math.max(capacity, room))
    this.view = new DataView(this.bytes.buffer)
    this.firstSequence = firstSequence
  }

  /** Forgets what was written; numbers go on where they were. */
  clear(): void {
    this.firstSequence = (this.firstSequence + this.count) >>> 0
    this.length = 0
    this.count = 0
  }

  /** The number of the message written last. */
  lastSequence(): number {
    return (this.firstSequence + this.count - 1) >>> 0
  }

  begin(family: number, command: number, flags: number): void {
    const at = this.beginPlain(family, flags, genericHeaderLength)
    this.view.setUint8(at, command)
    this.view.setUint8(at + 1, 1)
  }

  /** The same where no generic header follows but another struct; answers where that stands. */
  beginPlain(type: number, flags: number, struct: number): number {
    if (this.bytes.length - this.length < room) this.#grow()
    const { view, length } = this
    this.#start = length
    view.setUint16(length + 4, type, littleEndian)
    view.setUint16(length + 6, flags, littleEndian)
    view.setUint32(length + 8, this.firstSequence + this.count, littleEndian)
    view.setUint32(length + 12, 0, littleEndian)
    const at = length + headerLength
    this.bytes.fill(0, at, at + struct)
    this.length = at + struct
    return at
  }

  end(): void {
    this.view.setUint32(this.#start, this.length - this.#start, littleEndian)
    this.count += 1
  }

  /** Asks the kernel to say so when it has come to the message written last. */
  acknowledgeLast(): void {
    const at = this.#start + 6
    this.view.setUint16(at, this.view.getUint16(at, littleEndian) | messageFlag.ack, littleEndian)
  }

  /** Begins an attribute that holds others; `close` ends it. */
  open(type: number): number {
    const at = this.length
    this.view.setUint16(at + 2, type, littleEndian)
    this.length = at + 4
    return at
  }

  close(at: number): void {
    this.view.setUint16(at, this.length - at, littleEndian)
  }

  /** Answers where the value stands. */
  put<T>({ type, kind }: Field<T>, value: T, family: Family): number {
    const at = this.length
    const size = kind.write(this.view, at + 4, value, family)
    this.view.setUint16(at, size + 4, littleEndian)
    this.view.setUint16(at + 2, type, littleEndian)
    let end = at + 4 + size
    for (; (end & 3) !== 0; end++) this.view.setUint8(end, 0)
    this.length = end
    return at + 4
  }

  /** Repeats the message written last, under a number of its own; answers how far it was moved. */
  again(): number {
    if (this.bytes.length - this.length < room) this.#grow()
    const { length } = this
    const size = length - this.#start
    this.bytes.copyWithin(length, this.#start, length)
    this.view.setUint32(length + 8, this.firstSequence + this.count, littleEndian)
    this.#start = length
    this.length = length + size
    this.count += 1
    return size
  }

  /** What is written. It is overwritten after `clear`. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.length)
  }

  #grow(): void {
    const larger = new Uint8Array(2 * this.bytes.length)
    larger.set(this.bytes)
    this.bytes = larger
    this.view = new DataView(larger.buffer)
  }
}
