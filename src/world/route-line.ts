import type { IP } from '../address/ip.ts'
import type { Link, Route } from '../terrain/link.ts'
import type { Message } from '../wire/message.ts'
import { MessageWriter } from '../wire/message-writer.ts'
import {
  decodeAddress,
  decodeLink,
  decodeRoute,
  type OwnAddress,
  writeAddress,
  writeAddressesQuestion,
  writeArrivalQuestion,
  writeDummy,
  writeLinkDeletion,
  writeLinksQuestion,
  writeRouteQuestion,
} from '../wire/route.ts'
import { batchRoomOf, LostAnswers, type Transport } from './transport.ts'
import { closeTransports, openTransports } from './transports.ts'
import { WorldError } from './world.ts'

/** A line to what knows interfaces, addresses and routes. */
export interface RouteLine {
  readonly links: () => Promise<readonly Link[]>
  readonly addresses: () => Promise<readonly OwnAddress[]>
  /** The ways to addresses; one that is not there is answered with the reason, such as `ENETUNREACH`. */
  readonly routesTo: (addresses: readonly IP[]) => Promise<ReadonlyMap<IP, Route | string>>
  /** Why a packet that comes by an interface is not taken, such as `EXDEV`; nothing where it is. */
  readonly refusalOf: (from: IP, to: IP, index: number) => Promise<string | undefined>
  readonly addDummy: (name: string) => Promise<void>
  readonly deleteLink: (name: string) => Promise<void>
  readonly changeAddresses: (
    verb: 'add' | 'delete',
    index: number,
    addresses: readonly IP[],
  ) => Promise<void>
  readonly close: () => void
}

const attempts = 5

export async function openRouteLine(): Promise<RouteLine> {
  // There is much to tell of an interface. Other answers are short, and there can be very many.
  const help = 'it is Linux, on x86 and ARM, that has what is asked for'
  const ways = await openTransports({ with: 'route', usual: 4096, help })
  const { usual, wide } = ways
  const out = new MessageWriter(0)

  async function dump<T>(
    write: (to: MessageWriter) => void,
    decode: (message: Message) => T | undefined,
  ): Promise<readonly T[]> {
    for (let attempt = 1; ; attempt++) {
      const found: (T | undefined)[] = []
      out.clear()
      write(out)
      const { refused, interrupted } = await exchange(wide, out, (message) => {
        found.push(decode(message))
      })
      refuse(refused, 'its interfaces')
      if (!interrupted || attempt === attempts) return found.filter((one) => one !== undefined)
    }
  }

  /** One message for each; what the kernel refuses is answered by its place among them. */
  async function each<T>(
    all: readonly T[],
    write: (one: T) => void,
    take: (message: Message, one: T) => void,
    refused: (code: string, one: T) => void,
  ): Promise<void> {
    const room = batchRoomOf(usual)
    for (let at = 0; at < all.length; at += out.count) {
      out.clear()
      for (const one of all.slice(at, at + room.messages)) {
        if (out.length > room.bytes) break
        write(one)
      }
      out.acknowledgeLast()
      const placeOf = (sequence: number) => all[at + ((sequence - out.firstSequence) >>> 0)]
      const answer = await exchange(usual, out, (message) => {
        const one = placeOf(message.sequence)
        if (one !== undefined) take(message, one)
      })
      for (const { sequence, code } of answer.refused) {
        const one = placeOf(sequence)
        if (one !== undefined) refused(code, one)
      }
    }
  }

  async function tell(write: (to: MessageWriter) => void, what: string): Promise<void> {
    out.clear()
    write(out)
    out.acknowledgeLast()
    refuse((await exchange(usual, out, () => {})).refused, what)
  }

  return {
    links: () => dump(writeLinksQuestion, decodeLink),
    addresses: () => dump(writeAddressesQuestion, decodeAddress),
    routesTo: async (addresses) => {
      const found = new Map<IP, Route | string>()
      await each(
        addresses,
        (address) => writeRouteQuestion(out, address),
        (message, address) => {
          const route = decodeRoute(message)
          if (route !== undefined) found.set(address, route)
        },
        (code, address) => void found.set(address, code),
      )
      return found
    },
    refusalOf: async (from, to, index) => {
      let refusal: string | undefined
      await each(
        [to],
        (address) => writeArrivalQuestion(out, from, address, index),
        () => {},
        (code) => {
          refusal = code
        },
      )
      return refusal
    },
    addDummy: (name) => tell((to) => writeDummy(to, name), `the interface ${name}`),
    deleteLink: (name) => tell((to) => writeLinkDeletion(to, name), `the interface ${name}`),
    changeAddresses: async (verb, index, addresses) => {
      const trouble: { code: string }[] = []
      await each(
        addresses,
        (address) => writeAddress(out, verb, index, address),
        () => {},
        (code) => {
          // It may have gone meanwhile.
          if (verb === 'add' || code !== 'EADDRNOTAVAIL') trouble.push({ code })
        },
      )
      refuse(trouble, 'the addresses of Services')
    },
    close: () => closeTransports(ways),
  }
}

async function exchange(
  transport: Transport,
  out: MessageWriter,
  take: (message: Message) => void,
): ReturnType<Transport['exchange']> {
  try {
    return await transport.exchange(out.written(), out.lastSequence(), take)
  } catch (error) {
    if (!(error instanceof LostAnswers)) throw error
    throw new WorldError(`the kernel does not tell of its interfaces: ${error.code}`, {
      cause: error,
    })
  }
}

function refuse([first]: readonly { readonly code: string }[], what: string): void {
  if (first === undefined) return
  const { code } = first
  throw new WorldError(
    `the kernel refuses ${what}: ${code}`,
    code === 'EPERM'
      ? { help: 'run it as root, or with CAP_NET_ADMIN' }
      : code === 'EOPNOTSUPP'
        ? { help: 'load the module that makes them: modprobe dummy' }
        : {},
  )
}
