import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Table } from '../../src/table/virtual-server.ts'
import { largeTable, rulesOf } from '../support/large-table.ts'
import { anyTable } from '../support/tables.ts'
import type { Inside } from './inside.ts'
import { inLab, insideAlone } from './lab.ts'

inLab('reading the kernel', (lab) => {
  test('gives back 55,000 rules, in a few questions or in many', () => {
    const { rules, ...found } = insideAlone(loadMany)
    expect(found).toEqual({
      tried: 55_000,
      refusals: 0,
      missing: { listed: 0, whole: 0 },
      questions: { listed: 1, whole: 5002 },
    })
    expect(sorted(rules)).toEqual(sorted(rulesOf(largeTable(5000, 10))))
  })

  test('says the same from /proc as over netlink, but for what /proc does not know', async () => {
    const namespace = await lab.namespace()
    const tables = fc.sample(anyTable, { numRuns: 40, seed: 7 })
    const found = await namespace.inside(readBoth, tables)
    for (const { listed, whole } of found) {
      expect(listed).toEqual(
        whole.map((server) => ({
          ...server,
          realServers: server.realServers.map((realServer) =>
            server.realServers.some(({ forwarding }) => forwarding === 2)
              ? realServer
              : { ...realServer, upperThreshold: 0, lowerThreshold: 0 },
          ),
        })),
      )
    }
  })

  test('is not misled by virtual servers of other namespaces, which /proc mixes up', async () => {
    const others = await lab.namespace()
    const namespace = await lab.namespace()
    const rules = rulesOf(largeTable(500, 3))
    await others.ipvsadm(['-R'], { stdin: rules })
    await namespace.ipvsadm(['-R'], { stdin: rules })
    const missing = await namespace.inside(async ({ openKernel, changesBetween, largeTable }) => {
      const kernel = await openKernel()
      const table = await kernel.readTable('listed')
      kernel.close()
      return changesBetween(table, largeTable(500, 3))
    }, undefined)
    expect(missing).toEqual([])
  })

  test('finds all that stays while others come and go', async () => {
    const namespace = await lab.namespace()
    await namespace.ipvsadm(['-R'], { stdin: rulesOf(largeTable(300, 2)) })
    const [missing] = await Promise.all([
      namespace.inside(readOften, 12),
      namespace.inside(churn, 4000),
    ])
    expect(missing).toEqual(missing.map(() => 0))
  })
})

async function loadMany(tools: Inside) {
  const { openKernel, changesBetween, largeTable, countedTransports, ipvsadm } = tools
  const { transports, count } = countedTransports()
  const kernel = await openKernel(transports)
  const wished = largeTable(5000, 10)
  const { tried, refusals } = await kernel.perform(changesBetween([], wished))
  const questions: Record<string, number> = {}
  const missing: Record<string, number> = {}
  for (const depth of ['listed', 'whole'] as const) {
    const before = count()
    const table = await kernel.readTable(depth)
    missing[depth] = changesBetween(table, wished).length
    questions[depth] = count() - before
  }
  kernel.close()
  return { tried, refusals: refusals.length, missing, questions, rules: ipvsadm(['-Sn']) }
}

async function readBoth({ openKernel, changesBetween }: Inside, tables: readonly Table[]) {
  const kernel = await openKernel()
  const found: { listed: Table; whole: Table }[] = []
  for (const table of tables) {
    await kernel.flush()
    await kernel.perform(changesBetween([], table))
    found.push({ listed: await kernel.readTable('listed'), whole: await kernel.readTable('whole') })
  }
  kernel.close()
  return found
}

/** How many changes would be needed to what stays, in each of some readings. */
async function readOften({ openKernel, changesBetween, largeTable }: Inside, times: number) {
  const kernel = await openKernel()
  const wished = largeTable(300, 2)
  const missing: number[] = []
  for (let i = 0; i < times; i++) {
    const table = await kernel.readTable(i % 2 === 0 ? 'whole' : 'listed')
    missing.push(changesBetween(table, wished).filter(({ verb }) => verb !== 'delete').length)
  }
  kernel.close()
  return missing
}

async function churn({ openKernel, changesBetween, largeTable }: Inside, milliseconds: number) {
  const kernel = await openKernel()
  const others = largeTable(400, 0).map((server) => ({ ...server, port: 81 }))
  const end = Date.now() + milliseconds
  while (Date.now() < end) {
    await kernel.perform(changesBetween([], others), { batch: 50 })
    await kernel.perform(changesBetween(others, []), { batch: 50 })
  }
  kernel.close()
}

function sorted(text: string): string[] {
  return text.split('\n').sort()
}
