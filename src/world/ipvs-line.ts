import { readFileSync } from 'node:fs'
import { control } from '../wire/ipvs.ts'
import type { Message } from '../wire/message.ts'
import { MessageWriter } from '../wire/message-writer.ts'
import { decodeFamilyId, writeFamilyQuestion } from '../wire/settings.ts'
import { type Answer, LostAnswers, type Transport } from './transport.ts'
import { WorldError } from './world.ts'

/** A line to the kernel's IPVS: single questions, and dumps. */
export interface IpvsLine {
  readonly transport: Transport
  /** The number that IPVS has among the families of generic netlink; it differs from boot to boot. */
  readonly family: number
  /** Asks one thing. Answers what the kernel refused it with, if it did. */
  readonly ask: (write: Write, take?: (message: Message) => void) => Promise<string | undefined>
  /** Reads a list, again where it was disturbed. */
  readonly dump: <T>(write: Write, decode: Decode<T>, through?: Transport) => Promise<T[]>
}

export type Write = (out: MessageWriter, family: number) => void
type Decode<T> = (message: Message) => T | undefined

const dumpAttempts = 5

export async function openIpvsLine(transport: Transport): Promise<IpvsLine> {
  const out = new MessageWriter(0)
  const family = await findFamily(transport, out)

  async function send(write: Write, through: Transport, take: (message: Message) => void) {
    out.clear()
    write(out, family)
    return exchange(through, out, take)
  }

  return {
    transport,
    family,
    ask: async (write, take = () => {}) => {
      const { refused } = await send(
        (to) => {
          write(to, family)
          to.acknowledgeLast()
        },
        transport,
        take,
      )
      return codeFrom(refused)
    },
    dump: async (write, decode, through = transport) => {
      for (let attempt = 1; ; attempt++) {
        const found: ReturnType<typeof decode>[] = []
        try {
          const { refused, interrupted } = await send(write, through, (message) => {
            found.push(decode(message))
          })
          const code = codeFrom(refused)
          if (code !== undefined) throw refusedQuestion(code)
          if (!interrupted || attempt === dumpAttempts) {
            return found.filter((entry) => entry !== undefined)
          }
        } catch (error) {
          if (!(error instanceof LostAnswers) || attempt === dumpAttempts) throw unanswered(error)
        }
      }
    },
  }
}

/** Whoever asks for the family makes the kernel load the module, where there is one. */
async function findFamily(transport: Transport, out: MessageWriter): Promise<number> {
  let family = 0
  writeFamilyQuestion(out, 'IPVS')
  out.acknowledgeLast()
  const { refused } = await exchange(transport, out, (message) => {
    if (message.type === control.id) family = decodeFamilyId(message)
  })
  if (family !== 0) return family
  const code = codeFrom(refused)
  if (code !== 'ENOENT') throw refusedQuestion(code ?? 'EPROTO')
  throw new WorldError('this kernel has no IPVS', {
    help: 'load its module: modprobe ip_vs (in a container: on the host)',
  })
}

function exchange(
  transport: Transport,
  out: MessageWriter,
  take: (message: Message) => void,
): Promise<Answer> {
  return transport.exchange(out.written(), out.lastSequence(), take)
}

function codeFrom(refused: Answer['refused']): string | undefined {
  return refused[0]?.code
}

/** The kernel refuses something that is not about a rule. */
export function refusedQuestion(code: string): WorldError {
  return code === 'EPERM'
    ? noPermission()
    : new WorldError(`the kernel refuses what IPVS is asked: ${code}`)
}

/** Trouble on the way to the kernel, for people; anything else is passed on as it is. */
export function unanswered(error: unknown): unknown {
  if (!(error instanceof LostAnswers)) return error
  const { code } = error
  const message =
    code === 'ENOBUFS'
      ? 'the kernel has no room for its answers'
      : code === 'ETIMEDOUT'
        ? 'the kernel does not answer'
        : `the way to the kernel is disturbed: ${code}`
  const help = code === 'ENOBUFS' ? 'give it more: sysctl net.core.rmem_max=4194304' : undefined
  return new WorldError(message, { ...(help === undefined ? {} : { help }), cause: error })
}

/** IPVS listens only to who is root for the whole machine, not just in a container of its own. */
function noPermission(): WorldError {
  return isOwnUserNamespace()
    ? new WorldError('IPVS does not obey the root of a user namespace', {
        help: 'run it as root of the machine itself: rootless containers and unshare -U will not do',
      })
    : new WorldError('IPVS can be seen and changed by root alone', {
        help: 'run it as root, or with CAP_NET_ADMIN',
      })
}

function isOwnUserNamespace(): boolean {
  try {
    const [line = ''] = readFileSync('/proc/self/uid_map', 'utf8').split('\n')
    const [inside, outside, count] = line.trim().split(/\s+/).map(Number)
    return !(inside === 0 && outside === 0 && count === 0xffffffff)
  } catch {
    return false
  }
}
