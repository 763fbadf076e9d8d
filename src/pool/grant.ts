import type { Family } from '../address/ip.ts'
import { hasNodePorts, type Service, type ServiceSpec } from '../object/service.ts'
import type { AddressPlan } from './addresses.ts'
import { type FamilyPolicy, isHeadless } from './addressing.ts'
import type { NodePortPlan } from './node-ports.ts'

/** A Service as the API server would store it: wishes are over, every number is a fact. */
export interface Granted extends Service {
  readonly spec: GrantedSpec
}

/** Of the fields that are filled in, those are absent that a Service of the type does not have. */
export interface GrantedSpec extends ServiceSpec {
  readonly ipFamilies?: readonly Family[]
  readonly ipFamilyPolicy?: FamilyPolicy
}

/** The Service with the numbers of its plans, once all of them are granted. */
export function grantOf(service: Service, addresses: AddressPlan, ports: NodePortPlan): Granted {
  const spec =
    service.spec.type === 'ExternalName'
      ? asTyped(service.spec)
      : filledIn(service.spec, addresses, ports)
  const healthCheck = ports.healthCheck?.got
  if (healthCheck !== undefined) spec.healthCheckNodePort = healthCheck
  else delete spec.healthCheckNodePort
  // What is of no use to the type was refused when the Service was validated, or is left over from
  // before an update: then the API server drops it.
  if (!isReachable(spec)) delete spec.externalTrafficPolicy
  if (spec.type !== 'LoadBalancer') {
    delete spec.allocateLoadBalancerNodePorts
    delete spec.loadBalancerClass
  }
  const { namespace, name, labels, annotations, origin, ingress, fields } = service
  return { namespace, name, labels, annotations, origin, spec, ingress, fields }
}

type Filling = { -readonly [K in keyof GrantedSpec]: GrantedSpec[K] }

function filledIn(spec: ServiceSpec, plan: AddressPlan, { byEntry }: NodePortPlan): Filling {
  const ports = spec.ports.map((port, index) => ({ ...port, nodePort: byEntry[index]?.got ?? 0 }))
  const clusterIPs = isHeadless(plan)
    ? plan.clusterIPs
    : plan.needs.map(({ got }, index) => plan.clusterIPs[index] ?? String(got))
  const [clusterIP = ''] = clusterIPs
  const { families: ipFamilies, policy: ipFamilyPolicy } = plan
  return { ...spec, ports, clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy }
}

/** An ExternalName has no addresses, and what it says of node ports is nothing to anybody. */
function asTyped(spec: ServiceSpec): Filling {
  const { clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy, ...rest } = spec
  return rest
}

/** Whether traffic from outside can come in, so that there is a policy for it. */
function isReachable({ type, externalIPs = [] }: ServiceSpec): boolean {
  return hasNodePorts(type) || (type === 'ClusterIP' && externalIPs.length > 0)
}
