import { expect, test } from '@jest/globals'
import { ipFromWords } from '../../src/address/ip.ts'
import { openRouteLine } from '../../src/world/route-line.ts'

/** Root gets more room for the answers than the questions have to go out. */
test('the ways to twenty thousand addresses are asked for, and no question is lost', async () => {
  const addresses = Array.from({ length: 20_000 }, (_, index) => ipFromWords([0x7f00_0001 + index]))
  const line = await openRouteLine()
  try {
    const ways = await line.routesTo(addresses)
    expect([...ways.keys()]).toEqual(addresses)
    const refused = [...ways.values()].filter((way) => typeof way === 'string')
    expect(refused).toEqual([])
  } finally {
    line.close()
  }
})
