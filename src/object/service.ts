import type { Protocol } from '../address/port.ts'
import type { Fields } from '../manifest/document.ts'
import type { KubernetesObject, Strings } from './metadata.ts'

export type ServiceType = 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName'
export type TrafficPolicy = 'Cluster' | 'Local'

/**
 * A Service as the API server has it after decoding: the static defaults are filled in, the numbers
 * are wishes. The fields are those of Kubernetes, by their names.
 */
export interface Service extends KubernetesObject {
  readonly spec: ServiceSpec
  /** `status.loadBalancer.ingress`: for us an input, since there is no cloud to fill it in. */
  readonly ingress: readonly Ingress[]
  /** The object as written, for printing what nobody here interprets. */
  readonly fields: Fields
}

export interface ServiceSpec {
  readonly type: ServiceType
  readonly ports: readonly ServicePort[]
  /** Absent also when written as `{}`: the API server does not tell them apart. */
  readonly selector?: Strings
  readonly clusterIP?: string
  readonly clusterIPs?: readonly string[]
  readonly ipFamilies?: readonly string[]
  readonly ipFamilyPolicy?: string
  readonly externalIPs?: readonly string[]
  readonly externalName?: string
  readonly externalTrafficPolicy?: TrafficPolicy
  readonly internalTrafficPolicy?: TrafficPolicy
  readonly sessionAffinity: 'None' | 'ClientIP'
  readonly sessionAffinityConfig?: { readonly clientIP: { readonly timeoutSeconds: number } }
  readonly healthCheckNodePort?: number
  readonly publishNotReadyAddresses?: boolean
  readonly allocateLoadBalancerNodePorts?: boolean
  readonly loadBalancerClass?: string
  readonly loadBalancerIP?: string
  readonly loadBalancerSourceRanges?: readonly string[]
  readonly trafficDistribution?: string
}

export interface ServicePort {
  /** `''` where a Service has one port without a name. */
  readonly name: string
  readonly protocol: Protocol
  readonly port: number
  readonly targetPort: number | string
  /** The number wished for; 0 leaves it to the pool. */
  readonly nodePort: number
  readonly appProtocol?: string
}

export interface Ingress {
  readonly ip?: string
  readonly hostname?: string
  readonly ipMode?: 'VIP' | 'Proxy'
}

export function isHeadless({ spec }: Service): boolean {
  return spec.clusterIP === 'None'
}

/** Whether Services of a type have node ports. */
export function hasNodePorts(type: ServiceType): boolean {
  return type === 'NodePort' || type === 'LoadBalancer'
}
