import type { Cluster } from '../../src/object/cluster.ts'
import type { Endpoint, EndpointSlice, SlicePort } from '../../src/object/endpoint-slice.ts'
import type { Endpoints } from '../../src/object/endpoints.ts'
import type { KubernetesObject } from '../../src/object/metadata.ts'
import type { Node } from '../../src/object/node.ts'
import type { Container, ContainerPort, Pod } from '../../src/object/pod.ts'
import type { ServicePort } from '../../src/object/service.ts'
import type { Workload } from '../../src/object/workload.ts'
import type { Granted, GrantedSpec } from '../../src/pool/grant.ts'

// Objects as they are after reading, for tests that are about what comes later. Each builder fills
// in what a test does not care about.

/** A cluster after the pools: its Services have all their numbers. */
export interface GrantedCluster extends Cluster {
  readonly services: readonly Granted[]
}

export function clusterOf(parts: Partial<GrantedCluster>): GrantedCluster {
  return {
    services: [],
    slices: [],
    endpoints: [],
    pods: [],
    nodes: [],
    namespaces: [],
    workloads: [],
    objects: 0,
    passedOver: new Map(),
    ...parts,
  }
}

function metadata(name: string): KubernetesObject {
  return { namespace: 'default', name, labels: {}, annotations: {}, origin: undefined }
}

type ServiceParts = Partial<Omit<Granted, 'spec'>> & {
  readonly spec?: Partial<Omit<GrantedSpec, 'ports'>>
  readonly ports?: readonly Partial<ServicePort>[]
}

export function serviceOf({ spec, ports = [{}], ...rest }: ServiceParts): Granted {
  return {
    ...metadata('web'),
    ingress: [],
    fields: {},
    ...rest,
    spec: {
      type: 'ClusterIP',
      sessionAffinity: 'None',
      clusterIP: '172.20.1.1',
      ...spec,
      ports: ports.map(servicePortOf),
    },
  }
}

export function servicePortOf(parts: Partial<ServicePort>): ServicePort {
  const { port = 80 } = parts
  return { name: 'p80', protocol: 'TCP', port, targetPort: port, nodePort: 0, ...parts }
}

type SliceParts = Partial<Omit<EndpointSlice, 'ports'>> & {
  readonly ports?: readonly Partial<SlicePort>[]
}

export function sliceOf({ ports = [{}], ...rest }: SliceParts): EndpointSlice {
  return {
    ...metadata('web-abcde'),
    service: 'web',
    addressType: 'IPv4',
    endpoints: [],
    ...rest,
    ports: ports.map((parts) => ({
      name: 'p80',
      protocol: 'TCP',
      port: 80,
      appProtocol: undefined,
      ...parts,
    })),
  }
}

export function endpointOf(address: string, parts: Partial<Endpoint> = {}): Endpoint {
  return {
    address,
    otherAddresses: undefined,
    ready: true,
    serving: true,
    terminating: false,
    nodeName: undefined,
    zone: undefined,
    hints: undefined,
    pod: undefined,
    ...parts,
  }
}

export function endpointsOf(parts: Partial<Endpoints>): Endpoints {
  return { ...metadata('web'), subsets: [], ...parts }
}

export function nodeOf(name: string, parts: Partial<Node> = {}): Node {
  return {
    ...metadata(name),
    namespace: '',
    addresses: [],
    podCIDRs: [],
    ready: 'True',
    unschedulable: false,
    zone: undefined,
    info: {},
    creationTimestamp: undefined,
    ...parts,
  }
}

export function podOf(name: string, parts: Partial<Pod> = {}): Pod {
  return {
    ...metadata(name),
    labels: { app: 'web' },
    hostNetwork: false,
    containers: [],
    nodeName: undefined,
    podIPs: ['10.244.1.5'],
    phase: 'Running',
    ready: true,
    terminating: false,
    creationTimestamp: undefined,
    ...parts,
  }
}

export function containerOf(
  ports: readonly Partial<ContainerPort>[],
  parts: Partial<Container> = {},
): Container {
  return {
    name: 'main',
    path: ['containers', 0],
    sidecar: false,
    readinessProbe: undefined,
    ...parts,
    ports: ports.map((port) => ({
      name: undefined,
      protocol: 'TCP',
      containerPort: 80,
      hostPort: undefined,
      hostIP: undefined,
      ...port,
    })),
  }
}

export function workloadOf(name: string, parts: Partial<Workload> = {}): Workload {
  return {
    ...metadata(name),
    kind: 'Deployment',
    replicas: 1,
    template: { labels: { app: 'web' }, annotations: {}, hostNetwork: false, containers: [] },
    ...parts,
  }
}
