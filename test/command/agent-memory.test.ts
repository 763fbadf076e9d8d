import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from '@jest/globals'
import { type Machine, machineWith, run } from '../support/model-world.ts'
import { manifestText, serviceText, sliceText } from '../support/watched.ts'

// The agent as it is, on a machine in memory. What was measured of very many events is in
// docs/agent.md:
//
//     EVENTS=1000000 npx jest test/command/agent-memory

const events = Number(process.env.EVENTS ?? 5000)

/** So many Services, one of which an event changes; as many events come together. */
const services = 50

test(`an agent takes no more memory after ${events} events`, async () => {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const heap: number[] = []
  const rounds = Math.ceil(events / services)
  let round = 0
  const turn = ({ files, ground }: Machine) => {
    round += 1
    // What the machine remembers is not the agent's.
    ground.takeAsked()
    for (let index = 0; index < services; index++) {
      const name = `s${index}`
      // Some go for a while, most have other endpoints each time, and some another type.
      if ((round + index) % 17 === 0) files.delete(`/m/${name}.yaml`)
      else files.set(`/m/${name}.yaml`, textOf(name, round, index))
    }
    if (round % Math.ceil(rounds / 10) !== 0) return
    collect()
    heap.push(process.memoryUsage().heapUsed)
  }
  const machine = machineWith([], { '/m/last.yaml': serviceText('last') })
  const begun = performance.now()
  const story = new Array<typeof turn>(rounds).fill(turn)
  const { code, said } = await run(machine, ['agent', '-f', '/m', '--resync', '10m'], { story })
  expect({ code, round }).toEqual({ code: 0, round: rounds })
  // It was at work, and not in error.
  expect(machine.kernel.table().length).toBeGreaterThan(services / 2)
  const megabytes = heap.map((bytes) => (bytes / 1e6).toFixed(1))
  // What it says is all kept by the test.
  expect(said.length).toBeLessThan(1000)
  if (process.env.EVENTS !== undefined) {
    const seconds = Math.round((performance.now() - begun) / 1000)
    process.stderr.write(`${events} events in ${seconds} s; MB of heap: ${megabytes.join(' ')}\n`)
  }
  const [first = 0, last = 0] = [heap[1], heap.at(-1)]
  expect(last - first).toBeLessThan(2_000_000)
}, 3_600_000)

function textOf(name: string, round: number, index: number): string {
  const addresses = [1, 2, 3, 4].map((last) => `10.244.${(round * 7 + index) % 250}.${last}`)
  const type = (round + index) % 5 === 0 ? 'NodePort' : 'ClusterIP'
  return manifestText(serviceText(name, { type }), sliceText(name, addresses))
}
