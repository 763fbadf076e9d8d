import { inRange, printRange } from '../address/port.ts'
import { nodePortDynamicBand } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import { nodePortBands } from '../pool/node-port-pool.ts'
import { nodePortsOf } from '../pool/node-ports.ts'
import { nodePortNumbers } from './node-port-wish.ts'
import { at, type Surveyed } from './surveyed.ts'

/** A node port that is chosen by hand lies in the static band. */
export function nodePortInStaticBand({ cluster, facts }: Surveyed, report: Report): void {
  const bands = nodePortBands(facts.pools.nodePorts)
  if (bands.static === undefined) return
  const band = printRange(bands.static)
  for (const { service, name, port, path } of nodePortNumbers(cluster.services)) {
    if (!inRange(bands.dynamic, port) || holds(facts.held.get(name), port)) continue
    report(nodePortDynamicBand(port, band).at(at(service, path)))
  }
}

/** What a Service has already nobody else can be given. */
function holds(spec: Parameters<typeof nodePortsOf>[0] | undefined, port: number): boolean {
  return spec !== undefined && nodePortsOf(spec).includes(port)
}
