import { expect, test } from '@jest/globals'
import type { Change } from '../../src/table/change.ts'
import { realServerWith, serverWith } from '../support/tables.ts'
import type { Inside } from './inside.ts'
import { inLab, insideAlone } from './lab.ts'

inLab('trouble with the kernel', (lab) => {
  test.each([
    ['there is hardly any room for its answers', performWithoutRoom],
    ['its answers are lost', performUnheard],
  ])('does not hide which changes it refused, though %s', async (_, perform) => {
    const namespace = await lab.namespace()
    const ports = Array.from({ length: 400 }, (_, port) => port)
    // Every third is there already and differs, so that it is refused.
    const there = ports.filter((port) => port % 3 === 0)
    const rules = there.map((port) => `-A -t 10.96.0.1:${port} -s sh -p 5\n`).join('')
    await namespace.ipvsadm(['-R'], { stdin: rules })
    const changes = ports.flatMap((port): Change[] => {
      const server = serverWith({ port, flags: 1, timeout: 5 })
      return [
        { verb: 'add', server },
        { verb: 'attach', server, realServer: realServerWith({ port }) },
      ]
    })
    expect(await namespace.inside(perform, changes)).toEqual({
      tried: 800,
      refused: there.map((port) => [2 * port, 'EEXIST']),
    })
    expect((await namespace.ipvsadm(['-Ln'])).match(/->/g)).toHaveLength(401)
  })

  test('ends when it does not answer', async () => {
    const trouble = await lab.inside(async ({ openNetlink }) => {
      const transport = openNetlink({ datagram: 8192, deadline: 100 })
      const question = new Uint8Array(20)
      new DataView(question.buffer).setUint32(0, 20, true)
      try {
        return JSON.stringify(await transport.exchange(question, 1, () => {}))
      } catch (error) {
        return String(error)
      } finally {
        transport.close()
      }
    }, undefined)
    expect(trouble).toBe("LostAnswers: the kernel's answers are lost: ETIMEDOUT")
  })

  test('is told in one sentence to who is not root', async () => {
    const changes: Change[] = [{ verb: 'add', server: serverWith({}) }]
    const trouble = await lab.inside(async ({ openKernel, troubleOf }, wanted) => {
      process.setuid?.(65534)
      const kernel = await openKernel()
      return [
        await troubleOf(kernel.readFacts()),
        await troubleOf(kernel.readTable('listed')),
        await troubleOf(kernel.perform(wanted)),
      ]
    }, changes)
    const sentence =
      'IPVS can be seen and changed by root alone; run it as root, or with CAP_NET_ADMIN'
    expect(trouble).toEqual([sentence, sentence, sentence])
  })

  test('is told to who is root in a user namespace only', async () => {
    const trouble = await lab.inside(
      async ({ openKernel, troubleOf }) => {
        const kernel = await openKernel()
        return troubleOf(kernel.readFacts())
      },
      undefined,
      { by: ['unshare', '-Urn'] },
    )
    expect(trouble).toContain('IPVS does not obey the root of a user namespace')
  })

  test('is told where a module is missing', async () => {
    const namespace = await lab.namespace()
    const reasons = await namespace.inside(refuse, [
      { verb: 'add', server: serverWith({ scheduler: 'twos' }) },
      { verb: 'add', server: serverWith({ engine: 'none-such', flags: 1, timeout: 9 }) },
    ])
    expect(reasons).toEqual([
      {
        message: 'TCP 10.96.0.1:80: the kernel has no scheduler "twos"',
        help: 'load its module: modprobe ip_vs_twos',
      },
      {
        message: 'TCP 10.96.0.1:80: the kernel has no scheduler "rr" or no engine "none-such"',
        help: 'load their modules: modprobe -a ip_vs_rr ip_vs_pe_none-such',
      },
    ])
  })

  test('is told where there is no IPVS at all', () => {
    const trouble = insideAlone(({ openKernel, troubleOf }) => troubleOf(openKernel()), {
      before: 'rm /run/modules/lib/modules/*',
    })
    expect(trouble).toBe(
      'this kernel has no IPVS; load its module: modprobe ip_vs (in a container: on the host)',
    )
  })
})

/** The kernel gives a socket room for no fewer than 2304 bytes, which is three refusals. */
async function performWithoutRoom({ openKernel, openNetlink }: Inside, changes: readonly Change[]) {
  const usual = openNetlink({ datagram: 8192, receiveBuffer: 1 })
  const kernel = await openKernel({ usual, wide: openNetlink({ datagram: 32768 }) })
  const { tried, refusals } = await kernel.perform(changes, { keepGoing: true })
  kernel.close()
  return { tried, refused: refusals.map(({ index, code }) => [index, code]) }
}

/** What the kernel answers to long batches does not arrive. */
async function performUnheard(
  { openKernel, openNetlink, LostAnswers }: Inside,
  changes: readonly Change[],
) {
  const usual = openNetlink({ datagram: 8192 })
  const deaf: typeof usual = {
    ...usual,
    exchange: async (messages, ...rest) => {
      const answer = await usual.exchange(messages, ...rest)
      if (messages.length > 1000) throw new LostAnswers('ENOBUFS')
      return answer
    },
  }
  const kernel = await openKernel({ usual: deaf, wide: openNetlink({ datagram: 32768 }) })
  const { tried, refusals } = await kernel.perform(changes, { keepGoing: true })
  kernel.close()
  return { tried, refused: refusals.map(({ index, code }) => [index, code]) }
}

async function refuse({ openKernel, reasonOf }: Inside, changes: readonly Change[]) {
  const kernel = await openKernel()
  const { refusals } = await kernel.perform(changes, { keepGoing: true })
  kernel.close()
  return refusals.map(reasonOf)
}
