import type { Granted } from '../pool/grant.ts'
import { familiesOf } from '../roster/families.ts'
import { answerOf, type Roster } from '../roster/roster.ts'
import type { View } from '../table/view.ts'

/** What balancers ask on a health-check node port: does anybody on this node answer for a Service? */
export interface HealthCheck {
  readonly namespace: string
  readonly name: string
  readonly port: number
  readonly localEndpoints: number
}

/** Nothing where a Service has no such port, or where this is no node. */
export function healthCheckOf(
  service: Granted,
  roster: Roster,
  view: View,
): HealthCheck | undefined {
  const { type, externalTrafficPolicy, healthCheckNodePort = 0 } = service.spec
  if (type !== 'LoadBalancer' || externalTrafficPolicy !== 'Local') return undefined
  if (healthCheckNodePort === 0 || view.role === 'director') return undefined
  const [family] = familiesOf(service)
  const local = new Set<string>()
  for (const { addressType, endpoints } of answerOf(roster, service).slices) {
    if (addressType !== family) continue
    for (const { address, ready, nodeName } of endpoints) {
      if (ready && nodeName === view.name) local.add(address)
    }
  }
  const { namespace, name } = service
  return { namespace, name, port: healthCheckNodePort, localEndpoints: local.size }
}

/** The answer, byte for byte as kube-proxy gives it. */
export function healthCheckReply(
  { namespace, name, localEndpoints }: HealthCheck,
  isHealthy: boolean,
) {
  const body = [
    '{',
    '\t"service": {',
    `\t\t"namespace": "${namespace}",`,
    `\t\t"name": "${name}"`,
    '\t},',
    `\t"localEndpoints": ${localEndpoints},`,
    `\t"serviceProxyHealthy": ${isHealthy}`,
    '}',
  ].join('\n')
  return {
    status: localEndpoints > 0 && isHealthy ? 200 : 503,
    type: 'application/json',
    body,
    headers: {
      'X-Content-Type-Options': 'nosniff',
      'X-Load-Balancing-Endpoint-Weight': String(localEndpoints),
    },
  }
}

/** By its port; a port belongs to one Service, since all of them come from one pool. */
export function byPort(checks: Iterable<HealthCheck>): ReadonlyMap<number, HealthCheck> {
  return new Map([...checks].map((check) => [check.port, check]))
}
