import { localWithoutEndpoints } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import type { Endpoint } from '../object/endpoint-slice.ts'
import { nameOf } from '../object/metadata.ts'
import { isHeadless, type Service } from '../object/service.ts'
import { answerOf } from '../roster/roster.ts'
import { at, type Surveyed } from './surveyed.ts'

const policies = ['externalTrafficPolicy', 'internalTrafficPolicy'] as const

/** Where a traffic policy is Local, endpoints say their node, and one is on the node asked for. */
export function localHasEndpoints(surveyed: Surveyed, report: Report): void {
  const { node } = surveyed.facts
  for (const service of surveyed.cluster.services) {
    const policy = policies.find((it) => service.spec[it] === 'Local')
    if (policy === undefined || isHeadless(service)) continue
    const endpoints = endpointsOf(surveyed, service)
    if (endpoints.length === 0) continue
    const isFar = ({ nodeName }: Endpoint): boolean =>
      node === undefined ? nodeName === undefined : nodeName !== node
    if (!endpoints.every(isFar)) continue
    const said = localWithoutEndpoints(policy, nameOf(service), node)
    report(said.at(at(service, ['spec', policy])))
  }
}

/** Those that answer; made up pods count where there are Nodes for them to be on. */
function endpointsOf({ roster, cluster }: Surveyed, service: Service): readonly Endpoint[] {
  const { by, slices } = answerOf(roster, service)
  if (by === 'simulation' && cluster.nodes.length === 0) return []
  return slices.flatMap(({ endpoints }) => endpoints).filter(({ ready }) => ready)
}
