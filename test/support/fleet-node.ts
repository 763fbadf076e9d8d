import { resolve } from 'node:path'
import { printRules } from '../../src/text/ipvsadm/rules.ts'
import { wholeOf } from '../../src/world/pieces.ts'
import { takeUpWatch, type Watchpost } from '../../src/world/watchpost.ts'
import { type Machine, machineWith, type Ran, run } from './model-world.ts'

// A node of a fleet: an agent with a kernel in memory, and with the real etcd and a real clock.

export interface FleetNode {
  readonly machine: Machine
  readonly rules: () => readonly string[]
  /** Ends the agent, and answers what it said. */
  readonly end: () => Promise<Ran>
}

export function startNode(
  name: string,
  from: string,
  machine: Machine = machineWith([]),
  words: readonly string[] = [],
): FleetNode {
  Object.defineProperty(machine, 'now', { get: () => new Date(), configurable: true })
  let isOver = false
  const real = takeUpWatch({ cwd: '/', pid: process.pid, env: {} })
  const post: Watchpost = {
    ...real,
    signals: () => (isOver ? ['SIGTERM'] : []),
    jot: (path, text) => void machine.files.set(resolve('/', path), wholeOf(text)),
    stampOf: (path) => machine.files.get(resolve('/', path)) ?? '',
    listen: async () => ({ close: () => {} }),
    notify: () => {},
    ask: async ({ address }) => !machine.deaf.has(address),
  }
  const rhythm = ['--rules-only', '--listen', 'none', '--min-interval', '10ms']
  const all = ['agent', '--from', from, '--node', name, '--node-ip', '192.168.10.10', ...rhythm]
  const ran = run(machine, [...all, ...words], { post })
  return {
    machine,
    rules: () => printRules(machine.kernel.table()).split('\n').filter(Boolean).sort(),
    end: async () => {
      isOver = true
      post.stir()
      return await ran
    },
  }
}
