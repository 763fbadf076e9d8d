import { getSystemErrorName } from 'node:util'
import { RawNetlinkSocket } from 'netlink/dist/raw.js'
import { eachMessage, errorNumberOf, type Message, messageType } from '../wire/message.ts'
import { type Answer, LostAnswers, type Refused, type Transport } from './transport.ts'

// The one file that knows the package `netlink`. An exception in one of its callbacks ends the
// process, and so do a socket closed inside one and an 'error' event without a listener. It has no
// deadlines, and after an error its socket may be closed without our doing. So nothing in here
// throws in a callback, sockets are closed in a turn of their own, and one that had trouble is
// never used again.
//
// One thing cannot be caught: if the kernel drops an answer because there are too many unread, the
// package as a rule ends the process (it makes an error of a system call without a name). Whoever
// sends must know that all answers fit into `answerRoom`.

export interface NetlinkOptions {
  /** Whom to speak to: what is registered with generic netlink, or what knows interfaces and routes. */
  readonly with?: keyof typeof protocols
  /** How long a datagram may be. The package clears so much memory for each one. */
  readonly datagram: number
  /** Unread answers that the kernel is asked to keep. It gives no more than rmem_max allows. */
  readonly receiveBuffer?: number
  /** Milliseconds without a word from the kernel after which answers count as lost. */
  readonly deadline?: number
}

const protocols = { generic: 16, route: 0 } as const
const defaultReceiveBuffer = 4 * 1024 * 1024
const defaultDeadline = 20_000

interface Pending {
  readonly socket: RawNetlinkSocket
  readonly lastSequence: number
  readonly take: (message: Message) => void
  readonly refused: Refused[]
  readonly timer: NodeJS.Timeout
  readonly resolve: (answer: Answer) => void
  readonly reject: (reason: unknown) => void
  interrupted: boolean
}

export function openNetlink(options: NetlinkOptions): Transport {
  const { datagram, receiveBuffer, deadline } = options
  let pending: Pending | undefined
  let current: RawNetlinkSocket | undefined

  function socket(): RawNetlinkSocket {
    if (current === undefined) {
      const opened = open(protocols[options.with ?? 'generic'], datagram, receiveBuffer)
      opened.on('message', (bytes) => receive(opened, bytes))
      opened.on('truncatedMessage', () => lose(opened, 'EMSGSIZE'))
      opened.on('error', (error) => lose(opened, error.code ?? 'EIO', error))
      current = opened
    }
    return current
  }

  function receive(from: RawNetlinkSocket, bytes: Uint8Array): void {
    const exchange = pending
    if (exchange?.socket !== from) return
    exchange.timer.refresh()
    try {
      eachMessage(bytes, (message) => {
        exchange.interrupted ||= message.interrupted
        if (message.type === messageType.error || message.type === messageType.done) {
          const number = errorNumberOf(message)
          if (number !== 0) {
            exchange.refused.push({ sequence: message.sequence, code: codeOf(number) })
          }
          if (message.sequence === exchange.lastSequence) finish(exchange)
        } else exchange.take(message)
      })
    } catch (error) {
      lose(from, 'EBADMSG', error)
    }
  }

  function finish({ timer, refused, interrupted, resolve }: Pending): void {
    pending = undefined
    clearTimeout(timer)
    resolve({ refused, interrupted })
  }

  function lose(from: RawNetlinkSocket, code: string, cause?: unknown): void {
    if (current === from) retire()
    if (pending?.socket !== from) return
    const { timer, reject } = pending
    pending = undefined
    clearTimeout(timer)
    reject(new LostAnswers(code, cause))
  }

  function retire(): void {
    const old = current
    current = undefined
    setImmediate(() => old?.close())
  }

  return {
    exchange: (messages, lastSequence, take) =>
      new Promise((resolve, reject) => {
        if (pending !== undefined) throw new Error('an exchange with the kernel is still going on')
        const through = socket()
        // The socket itself keeps no process alive: the timer does, as long as it waits.
        const timer = setTimeout(() => lose(through, 'ETIMEDOUT'), deadline ?? defaultDeadline)
        pending = {
          socket: through,
          lastSequence,
          take,
          refused: [],
          timer,
          resolve,
          reject,
          interrupted: false,
        }
        through.send(messages, {}, (error) => {
          if (error !== undefined) lose(through, error.code, error)
        })
      }),
    answerRoom: () => socket().getRecvBufferSize(),
    sendRoom: () => socket().getSendBufferSize(),
    close: retire,
  }
}

function open(
  protocol: number,
  datagram: number,
  receiveBuffer = defaultReceiveBuffer,
): RawNetlinkSocket {
  try {
    const socket = new RawNetlinkSocket(protocol, {
      messagePeeking: false,
      msgBufferSize: datagram,
      recvBufferSize: receiveBuffer,
      sendBufferSize: 0,
    })
    socket.unref()
    return socket
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'EIO'
    throw new LostAnswers(code, cause)
  }
}

function codeOf(number: number): string {
  return getSystemErrorName(-number)
}
