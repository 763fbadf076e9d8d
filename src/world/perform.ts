import { type Change, sameRealServer, sameServer } from '../table/change.ts'
import { identityOf, type VirtualServer } from '../table/virtual-server.ts'
import { ChangeWriter } from '../wire/encode-change.ts'
import { MessageWriter } from '../wire/message-writer.ts'
import { type IpvsLine, refusedQuestion, unanswered } from './ipvs-line.ts'
import { readServer } from './read-table.ts'
import { batchRoomOf, bytesOfBatch, LostAnswers, type Transport } from './transport.ts'

/** What became of changes. */
export interface Performed {
  /** So many changes the kernel has seen, the first ones; all but those refused are made. */
  readonly tried: number
  readonly refusals: readonly Refusal[]
}

export interface Refusal {
  readonly change: Change
  /** The place of the change among all. */
  readonly index: number
  /** Such as `EEXIST`. */
  readonly code: string
}

export interface PerformOptions {
  /** Goes on after a refusal; else no batch follows the one that had it. */
  readonly keepGoing?: boolean
  /** At most so many changes go out at once, if as many may. */
  readonly batch?: number
  /** Asked before each batch: is this the moment to stop? */
  readonly stop?: () => boolean
}

/** Sends changes in batches, in order, of which only the last message asks for an answer. */
export async function performChanges(
  line: IpvsLine,
  changes: readonly Change[],
  { keepGoing = false, batch, stop }: PerformOptions,
): Promise<Performed> {
  const { transport } = line
  const out = new MessageWriter(bytesOfBatch + 2048)
  const writer = new ChangeWriter(out, line.family)
  const room = batchRoomOf(transport)
  const most = Math.min(batch ?? room.messages, room.messages)
  const refusals: Refusal[] = []
  let tried = 0
  while (tried < changes.length && (keepGoing || refusals.length === 0) && !stop?.()) {
    const first = tried
    writer.clear()
    for (let change = changes[tried]; change !== undefined; change = changes[tried]) {
      if (out.count === most || out.length > room.bytes) break
      writer.write(change)
      tried += 1
    }
    out.acknowledgeLast()
    for (const { index, code } of await sendBatch(line, out, () => changes.slice(first, tried))) {
      const change = changes[first + index]
      if (change !== undefined) refusals.push({ change, index: first + index, code })
    }
  }
  return { tried, refusals }
}

type Blame = { readonly index: number; readonly code: string }

async function sendBatch(
  line: IpvsLine,
  out: MessageWriter,
  changes: () => readonly Change[],
): Promise<readonly Blame[]> {
  try {
    return await blameIn(line.transport, out)
  } catch (error) {
    if (!(error instanceof LostAnswers)) throw error
    return await findOut(line, changes())
  }
}

async function blameIn(transport: Transport, out: MessageWriter): Promise<readonly Blame[]> {
  const { firstSequence } = out
  const { refused } = await transport.exchange(out.written(), out.lastSequence(), () => {})
  return refused.map(({ sequence, code }) => {
    // Whether somebody may change the table does not depend on the change.
    if (code === 'EPERM') throw refusedQuestion(code)
    return { index: (sequence - firstSequence) >>> 0, code }
  })
}

/**
 * The answers to a batch are lost, so the table is asked: a change whose effect is not seen there
 * is sent again, alone, and this time the answer is heard.
 */
async function findOut(line: IpvsLine, changes: readonly Change[]): Promise<readonly Blame[]> {
  const out = new MessageWriter(0)
  const writer = new ChangeWriter(out, line.family)
  const live = new Map<string, VirtualServer | undefined>()
  const blame: Blame[] = []
  try {
    for (const { server } of changes) {
      const identity = identityOf(server)
      if (!live.has(identity)) live.set(identity, await readServer(line, server, 'whole'))
    }
    for (const [index, change] of changes.entries()) {
      if (isSeen(change, live.get(identityOf(change.server)))) continue
      writer.clear()
      writer.write(change)
      out.acknowledgeLast()
      const [found] = await blameIn(line.transport, out)
      if (found !== undefined) blame.push({ index, code: found.code })
    }
  } catch (error) {
    throw unanswered(error)
  }
  return blame
}

function isSeen(change: Change, live: VirtualServer | undefined): boolean {
  switch (change.verb) {
    case 'delete':
      return live === undefined
    case 'add':
    case 'edit':
      return live !== undefined && sameServer(live, change.server)
    case 'attach':
    case 'adjust':
    case 'detach': {
      const { address, port } = change.realServer
      const found = live?.realServers.find((real) => real.address === address && real.port === port)
      if (change.verb === 'detach') return live !== undefined && found === undefined
      return found !== undefined && sameRealServer(found, change.realServer)
    }
  }
}
