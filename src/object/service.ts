import type { Protocol } from '../address/port.ts'
import type { Fields } from '../manifest/document.ts'
import {
  type KubernetesObject,
  list,
  map,
  optional,
  readMetadata,
  type Strings,
  strings,
  text,
  texts,
} from './metadata.ts'
import type { Origin } from './written.ts'

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

/** Reads a Service and fills in what the API server fills in while it decodes. */
export function readService(
  fields: Fields,
  namespace: string,
  origin: Origin | undefined,
): Service {
  const spec = readSpec(map(fields.spec))
  const balancer = map(map(fields.status).loadBalancer)
  const metadata = readMetadata(fields, namespace, origin)
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    labels: metadata.labels,
    annotations: metadata.annotations,
    origin,
    spec,
    ingress: list(balancer.ingress).map((entry) => readIngress(map(entry), spec.type)),
    fields,
  }
}

// The defaults come in the server's order, since some build on others: SetDefaults_Service. Values
// that no type here allows were let through by decoding; validation reports them, and they stand.

function readSpec(fields: Fields): ServiceSpec {
  const sessionAffinity = (text(fields.sessionAffinity) ?? 'None') as ServiceSpec['sessionAffinity']
  const type = (text(fields.type) ?? 'ClusterIP') as ServiceType
  const externalIPs = texts(fields.externalIPs)
  const externalTrafficPolicy =
    text(fields.externalTrafficPolicy) ??
    (isReachableFromOutside(type, externalIPs) ? 'Cluster' : undefined)
  const internalTrafficPolicy =
    optional<string>(fields.internalTrafficPolicy) ??
    (hasNodePorts(type) || type === 'ClusterIP' ? 'Cluster' : undefined)
  const allocateLoadBalancerNodePorts =
    optional<boolean>(fields.allocateLoadBalancerNodePorts) ??
    (type === 'LoadBalancer' ? true : undefined)
  return present<ServiceSpec>({
    type,
    ports: list(fields.ports).map((port) => readPort(map(port))),
    selector: some(strings(fields.selector)),
    clusterIP: text(fields.clusterIP),
    clusterIPs: some(texts(fields.clusterIPs)),
    ipFamilies: some(texts(fields.ipFamilies)),
    ipFamilyPolicy: optional(fields.ipFamilyPolicy),
    externalIPs: some(externalIPs),
    externalName: text(fields.externalName),
    externalTrafficPolicy: externalTrafficPolicy as TrafficPolicy | undefined,
    internalTrafficPolicy: internalTrafficPolicy as TrafficPolicy | undefined,
    sessionAffinity,
    sessionAffinityConfig: readAffinity(sessionAffinity, map(fields.sessionAffinityConfig)),
    healthCheckNodePort: (fields.healthCheckNodePort as number | null) || undefined,
    publishNotReadyAddresses: optional(fields.publishNotReadyAddresses),
    allocateLoadBalancerNodePorts,
    loadBalancerClass: optional(fields.loadBalancerClass),
    loadBalancerIP: text(fields.loadBalancerIP),
    loadBalancerSourceRanges: some(texts(fields.loadBalancerSourceRanges)),
    trafficDistribution: optional(fields.trafficDistribution),
  })
}

function readPort(fields: Fields): ServicePort {
  const port = (fields.port ?? 0) as number
  const targetPort = optional<number | string>(fields.targetPort)
  return present<ServicePort>({
    name: text(fields.name) ?? '',
    protocol: (text(fields.protocol) ?? 'TCP') as Protocol,
    port,
    targetPort: targetPort === 0 || targetPort === '' ? port : (targetPort ?? port),
    nodePort: (fields.nodePort ?? 0) as number,
    appProtocol: optional(fields.appProtocol),
  })
}

/** What is written beside `None` is thrown away; what is missing beside `ClientIP` is three hours. */
function readAffinity(
  affinity: string,
  config: Fields,
): ServiceSpec['sessionAffinityConfig'] | undefined {
  const timeout = map(config.clientIP).timeoutSeconds as number | null | undefined
  const timeoutSeconds = timeout ?? (affinity === 'ClientIP' ? 10800 : undefined)
  if (affinity === 'None' || timeoutSeconds === undefined) return undefined
  return { clientIP: { timeoutSeconds } }
}

function readIngress(fields: Fields, type: ServiceType): Ingress {
  const ip = text(fields.ip)
  const standard = ip !== undefined && type === 'LoadBalancer' ? 'VIP' : undefined
  return present<Ingress>({
    ip,
    hostname: text(fields.hostname),
    ipMode: optional<Ingress['ipMode']>(fields.ipMode) ?? standard,
  })
}

/** Whether packets from outside the cluster can reach a Service. */
export function isReachableFromOutside(
  type: ServiceType,
  externalIPs: readonly string[] | undefined,
): boolean {
  return hasNodePorts(type) || (type === 'ClusterIP' && (externalIPs ?? []).length > 0)
}

/** An object without the fields that have no value. */
function present<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  const found: Partial<T> = {}
  for (const key in fields) if (fields[key] !== undefined) found[key] = fields[key]
  return found as T
}

/** A list or map that has something in it; the server does not tell empty from absent. */
function some<T extends object>(value: T): T | undefined {
  return Object.keys(value).length === 0 ? undefined : value
}
