import { describe, expect, test } from '@jest/globals'
import { writeRequest } from '../../src/wire/encode-change.ts'
import { command, control } from '../../src/wire/ipvs.ts'
import { eachMessage } from '../../src/wire/message.ts'
import { MessageWriter } from '../../src/wire/message-writer.ts'
import { openIpvsLine } from '../../src/world/ipvs-line.ts'
import { type Answer, LostAnswers, type Transport } from '../../src/world/transport.ts'

const calm: Answer = { refused: [], interrupted: false }
const interrupted: Answer = { refused: [], interrupted: true }

describe('a dump', () => {
  test.each<[string, (Answer | Error)[], number]>([
    ['is read once where nothing disturbs it', [calm], 1],
    ['is read again when it was interrupted', [interrupted, interrupted, calm], 3],
    ['is read again when answers were lost', [new LostAnswers('ENOBUFS'), calm], 2],
    ['is believed at last', Array.from({ length: 9 }, () => interrupted), 5],
  ])('%s', async (_, answers, times) => {
    const { transport, count } = answering(answers)
    const line = await openIpvsLine(transport)
    expect(await line.dump(getAll, ({ sequence }) => sequence)).toEqual([1 + times])
    expect(count()).toBe(1 + times)
  })

  test.each<[string, Answer | Error, string]>([
    ['ENOBUFS', new LostAnswers('ENOBUFS'), 'the kernel has no room for its answers'],
    ['ETIMEDOUT', new LostAnswers('ETIMEDOUT'), 'the kernel does not answer'],
    ['EPERM', refusedWith('EPERM'), 'IPVS can be seen and changed by root alone'],
    ['EBUSY', refusedWith('EBUSY'), 'the kernel refuses what IPVS is asked: EBUSY'],
  ])('that ends with %s for good is told in a sentence', async (_, answer, sentence) => {
    const { transport } = answering(Array.from({ length: 5 }, () => answer))
    const line = await openIpvsLine(transport)
    await expect(line.dump(getAll, () => 1)).rejects.toThrow(sentence)
  })
})

function getAll(out: MessageWriter, family: number): void {
  writeRequest(out, family, { command: command.getService, dump: true })
}

function refusedWith(code: string): Answer {
  return { refused: [{ sequence: 2, code }], interrupted: false }
}

/** Says which family it is, and then what it is told to say, with one message each time. */
function answering(answers: readonly (Answer | Error)[]): {
  transport: Transport
  count: () => number
} {
  let exchanges = 0
  const transport: Transport = {
    exchange: async (_, lastSequence, take) => {
      const answer = exchanges === 0 ? calm : answers[exchanges - 1]
      exchanges += 1
      const out = new MessageWriter(0, lastSequence)
      out.begin(exchanges === 1 ? control.id : 28, 1, 0)
      out.put(control.familyId, 28, 'IPv4')
      out.end()
      eachMessage(out.written(), take)
      if (answer === undefined || answer instanceof Error) throw answer
      return answer
    },
    answerRoom: () => 1 << 20,
    sendRoom: () => 1 << 20,
    close: () => {},
  }
  return { transport, count: () => exchanges }
}
