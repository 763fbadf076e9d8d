import { inRange, printRange } from '../address/port.ts'
import { nodePortEphemeral } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import { needNameOf, nodePortNumbers } from './node-port-wish.ts'
import { at, type Surveyed } from './surveyed.ts'

/** A node port is not one that hosts take for connections of their own. */
export function nodePortNotEphemeral(surveyed: Surveyed, report: Report): void {
  const { cluster, facts, freeNodePort } = surveyed
  const { range, reserved } = facts.ephemeral
  for (const wish of nodePortNumbers(cluster.services)) {
    const { port, service, path } = wish
    if (!inRange(range, port) || !inRange(facts.pools.nodePorts, port)) continue
    if (reserved.some((block) => inRange(block, port))) continue
    const free = freeNodePort(needNameOf(wish))
    report(nodePortEphemeral(port, printRange(range), free).at(at(service, path)))
  }
}
