// The Services of a town, in the words of kubectl.

export interface ServiceWish {
  readonly name: string
  readonly pods?: readonly Pod[]
  /** In the order of the families: IPv4, IPv6. */
  readonly clusterIPs: readonly string[]
  readonly nodePort?: number
  readonly type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer'
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP'
  readonly spec?: Readonly<Record<string, unknown>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly ingress?: readonly string[]
  /** Annotations of pods. */
  readonly weights?: Readonly<Partial<Record<Pod, number>>>
}

export type Pod = 'web-1' | 'web-2' | 'web-3'

export const homes = {
  'web-1': { node: 'node-a', ips: ['10.244.1.57', 'fd00:244:1::57'] },
  'web-2': { node: 'node-a', ips: ['10.244.1.58', 'fd00:244:1::58'] },
  'web-3': { node: 'node-b', ips: ['10.244.2.50', 'fd00:244:2::50'] },
} as const

const targetPorts = { TCP: 8080, UDP: 5353, SCTP: 9999 } as const

/** One document of JSON for each object: the nodes, the Services, their slices. */
export function manifestsOf(services: readonly ServiceWish[]): string {
  const objects = [
    ...nodes,
    ...services.flatMap((service) => [serviceOf(service), ...slicesOf(service)]),
  ]
  return objects.map((object) => `${JSON.stringify(object)}\n---\n`).join('')
}

const nodes = [
  node('node-a', ['192.168.10.10', 'fd00:10::10'], ['10.244.1.0/24', 'fd00:244:1::/64']),
  node('node-b', ['192.168.10.11', 'fd00:10::11'], ['10.244.2.0/24', 'fd00:244:2::/64']),
]

function node(name: string, ips: readonly string[], podCIDRs: readonly string[]): object {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name },
    spec: { podCIDR: podCIDRs[0], podCIDRs },
    status: {
      addresses: ips.map((address) => ({ type: 'InternalIP', address })),
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  }
}

function serviceOf(wish: ServiceWish): object {
  const { name, clusterIPs, nodePort, type, protocol = 'TCP', spec, annotations, ingress } = wish
  const usual = nodePort === undefined ? 'ClusterIP' : 'NodePort'
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default', ...(annotations === undefined ? {} : { annotations }) },
    spec: {
      type: type ?? usual,
      clusterIP: clusterIPs[0],
      clusterIPs,
      ipFamilies: clusterIPs.map((ip) => (ip.includes(':') ? 'IPv6' : 'IPv4')),
      ipFamilyPolicy: clusterIPs.length > 1 ? 'RequireDualStack' : 'SingleStack',
      ports: [
        {
          port: 80,
          targetPort: targetPorts[protocol],
          protocol,
          ...(nodePort === undefined ? {} : { nodePort }),
        },
      ],
      ...spec,
    },
    ...(ingress === undefined
      ? {}
      : { status: { loadBalancer: { ingress: ingress.map((ip) => ({ ip })) } } }),
  }
}

function slicesOf(wish: ServiceWish): readonly object[] {
  const { name, pods = ['web-1', 'web-2', 'web-3'], clusterIPs, protocol = 'TCP', weights } = wish
  return clusterIPs.flatMap((clusterIP) => {
    const isNew = clusterIP.includes(':')
    // A weight is said of a slice: one for each pod, then.
    const parts = weights === undefined ? [pods] : pods.map((pod) => [pod])
    return parts.map((part, index) => {
      const weight = weights?.[part[0] ?? 'web-1']
      return {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: {
          name: `${name}-${isNew ? 'v6' : 'v4'}-${index}`,
          namespace: 'default',
          labels: { 'kubernetes.io/service-name': name },
          ...(weight === undefined
            ? {}
            : { annotations: { 'nodeport.io/weight': String(weight) } }),
        },
        addressType: isNew ? 'IPv6' : 'IPv4',
        ports: [{ name: '', port: targetPorts[protocol], protocol }],
        endpoints: part.map((pod) => ({
          addresses: [homes[pod].ips[isNew ? 1 : 0]],
          conditions: { ready: true },
          nodeName: homes[pod].node,
          targetRef: { kind: 'Pod', name: pod, namespace: 'default' },
        })),
      }
    })
  })
}
