import { beforeAll, expect, test } from '@jest/globals'
import type { Table } from '../../src/table/virtual-server.ts'
import { readRecorded, recordedCases, recordedTable } from '../support/recorded-table.ts'
import { inLab } from './lab.ts'

// Addresses and marks that are further apart than half of all are ordered in a circle by ipvsadm, so
// that its order depends on where the kernel happens to keep them.
const circles = ['041', '060', '063', '064', '066', '068', '069']

// The others were recorded with traffic (T), or are ipvsadm's words for answers no kernel gives (S).
const cases = recordedCases
  .filter((name) => /^\d/.test(name))
  .map((name) => ({ name, table: recordedTable(name) }))

inLab('what was recorded, put into a kernel by us,', (lab) => {
  let results: Awaited<ReturnType<typeof playAll>> = []

  beforeAll(async () => {
    results = await playAll()
  }, 120_000)

  async function playAll() {
    const namespace = await lab.namespace()
    return namespace.inside(
      async ({ openKernel, changesBetween, ipvsadm }, tables: Table[]) => {
        const kernel = await openKernel()
        const found = []
        for (const table of tables) {
          ipvsadm(['-C'])
          const { refusals } = await kernel.perform(changesBetween([], table))
          found.push({
            refusals: refusals.map(({ index, code }) => ({ index, code })),
            rules: ipvsadm(['-Sn']),
            list: ipvsadm(['-Ln']),
            thresholds: ipvsadm(['-Ln', '--thresholds']),
            missing: changesBetween(await kernel.readTable('whole'), table).length,
          })
        }
        kernel.close()
        return found
      },
      cases.map(({ table }) => oldestFirst(table)),
      { milliseconds: 90_000 },
    )
  }

  test.each(cases.map(({ name }, index) => ({ name, index })))('$name', ({ name, index }) => {
    const stable = circles.includes(name.slice(0, 3)) ? sortedLines : (text: string) => text
    const { refusals, rules, list, thresholds, missing } = results[index] ?? {}
    expect({ refusals, missing }).toEqual({ refusals: [], missing: 0 })
    expect(stable(rules ?? '')).toBe(stable(readRecorded(name, 'Sn.txt')))
    expect(stable(list ?? '')).toBe(stable(readRecorded(name, 'Ln.txt')))
    if (name.includes('threshold')) {
      expect(thresholds).toBe(readRecorded(name, 'Ln-thresholds.txt'))
    }
  })
})

/** The kernel lists the newest first. */
function oldestFirst(table: Table): Table {
  return table.map((server) => ({ ...server, realServers: server.realServers.toReversed() }))
}

function sortedLines(text: string): string {
  return text.split('\n').sort().join('\n')
}
