import type { Message } from '../wire/message.ts'

/** A way to the kernel's generic netlink. */
export interface Transport {
  /**
   * Sends messages that stand one after another, and waits until the kernel has answered the last
   * of them: with an acknowledgement, a refusal or the end of a dump. What it answers besides goes
   * to `take`, which may keep none of it. One exchange at a time.
   */
  readonly exchange: (
    messages: Uint8Array,
    lastSequence: number,
    take: (message: Message) => void,
  ) => Promise<Answer>
  /** How many bytes of unread answers the kernel keeps for us before it drops some. */
  readonly answerRoom: () => number
  /** How many bytes may be sent at once. */
  readonly sendRoom: () => number
  readonly close: () => void
}

export interface Answer {
  readonly refused: readonly Refused[]
  /** What was dumped changed meanwhile, so that it may be read twice or not at all. */
  readonly interrupted: boolean
}

export interface Refused {
  readonly sequence: number
  /** Such as `EEXIST`. */
  readonly code: string
}

/**
 * The answers did not arrive, so nobody knows what the kernel has done. `code` is `ENOBUFS` where it
 * had no room for them, `ETIMEDOUT` where it took too long.
 */
export class LostAnswers extends Error {
  readonly code: string

  constructor(code: string, cause?: unknown) {
    super(`the kernel's answers are lost: ${code}`, { cause })
    this.name = 'LostAnswers'
    this.code = code
  }
}

/**
 * An answer, such as a refusal, which carries its request back, takes up to so much of the kernel's
 * room. A batch is kept so small that every message of it could be answered without an answer being
 * lost, which this program might not survive (see netlink.ts).
 */
const bytesOfAnswer = 1024

export const bytesOfBatch = 60_000

/** How much may go out at once. */
export interface BatchRoom {
  readonly messages: number
  /** A batch that has come to more is full. */
  readonly bytes: number
}

export function batchRoomOf(transport: Transport): BatchRoom {
  return {
    messages: Math.max(1, Math.floor(transport.answerRoom() / bytesOfAnswer)),
    bytes: Math.min(bytesOfBatch, transport.sendRoom() / 2),
  }
}
