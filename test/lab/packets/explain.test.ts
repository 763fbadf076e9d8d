import { beforeAll, expect, test } from '@jest/globals'
import { inPacketLab } from '../lab.ts'
import {
  type Client,
  clients,
  compare,
  destinations,
  type Flow,
  foundAskedTown,
} from './told-and-heard.ts'
import type { Town } from './town.ts'

// What nodeport says of flows of all kinds through a machine that is well.

inPacketLab('what is explained', (lab) => {
  let town: Town
  beforeAll(async () => {
    town = await foundAskedTown(lab)
  }, 270_000)

  test.each([0, 10, 20, 30, 40])('is what packets do, of ten in fifty flows: %d', async (from) => {
    await compare(town, drawn(50).slice(from, from + 10))
  })

  test('is told in words, with the connections that are known', async () => {
    await town.ask('client', ['tcp:192.168.10.10:30310'])
    const words = ['explain', '192.168.10.100 -> 192.168.10.10:30310']
    const { stdout } = await town.nodeport('node-a', words)
    expect(stdout).toMatch(/^192\.168\.10\.100 -> 192\.168\.10\.10:30310\n/)
    expect(stdout).toContain('10.244.1.57:8080  answers, and sees 192.168.10.100\n')
    expect(stdout).toContain('Client:   is answered\n')
    expect(stdout).toMatch(/Known: {4}from port \d+ to 10\.244\.1\.5[78]:8080 {2}\w+, for \d+ s\n/)
  })
})

/** The same fifty each time, none twice. */
function drawn(count: number): readonly Flow[] {
  const names = Object.keys(clients) as Client[]
  const all = names.flatMap((client) => destinations.map((target) => ({ client, target })))
  let seed = 20260101
  const keyed = all.map((flow) => {
    seed = (seed * 1103515245 + 12345) % 2147483648
    return { flow, key: seed }
  })
  const shuffled = keyed.sort((a, b) => a.key - b.key).map(({ flow }) => flow)
  expect(shuffled.length).toBeGreaterThanOrEqual(count)
  return shuffled.slice(0, count)
}
