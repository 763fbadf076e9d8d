import type { ApiObject, Resource } from './reflection.ts'

// Of what an API server tells, only what is read: a newer one has fields that nobody here knows of.

/** What `true` stands for is taken as it is. */
interface Shape {
  readonly [field: string]: true | Shape | readonly [Shape]
}

const metadata: Shape = {
  ...{ name: true, namespace: true, labels: true, annotations: true },
  deletionTimestamp: true,
}

const shapes: Readonly<Record<Resource['kind'], Shape>> = {
  Service: {
    metadata,
    spec: {
      ...{ type: true, selector: true, clusterIP: true, clusterIPs: true, ipFamilies: true },
      ...{ ipFamilyPolicy: true, externalIPs: true, externalName: true },
      ...{ externalTrafficPolicy: true, internalTrafficPolicy: true, healthCheckNodePort: true },
      ...{ sessionAffinity: true, sessionAffinityConfig: { clientIP: { timeoutSeconds: true } } },
      ...{ publishNotReadyAddresses: true, allocateLoadBalancerNodePorts: true },
      ...{ loadBalancerClass: true, loadBalancerSourceRanges: true, trafficDistribution: true },
      ports: [{ name: true, protocol: true, port: true, targetPort: true, nodePort: true }],
    },
    status: { loadBalancer: { ingress: [{ ip: true, hostname: true, ipMode: true }] } },
  },
  EndpointSlice: {
    metadata,
    addressType: true,
    ports: [{ name: true, protocol: true, port: true }],
    endpoints: [
      {
        addresses: true,
        conditions: { ready: true, serving: true, terminating: true },
        ...{ nodeName: true, zone: true, targetRef: { kind: true, namespace: true, name: true } },
        hints: { forZones: [{ name: true }], forNodes: [{ name: true }] },
      },
    ],
  },
  Node: {
    metadata,
    spec: { podCIDR: true, podCIDRs: true, unschedulable: true },
    status: {
      addresses: [{ type: true, address: true }],
      // Everything else about a condition changes all the time.
      conditions: [{ type: true, status: true }],
    },
  },
}

/** The text of an object as a manifest would have it. */
export function textOf({ kind, apiVersion }: Resource, object: ApiObject): string {
  return JSON.stringify({ apiVersion, kind, ...(pick(object, shapes[kind]) as object) })
}

function pick(value: unknown, shape: Shape): unknown {
  if (typeof value !== 'object' || value === null) return value
  const picked: Record<string, unknown> = {}
  for (const [field, wanted] of Object.entries(shape)) {
    const found = (value as ApiObject)[field]
    if (found === undefined || found === null) continue
    if (wanted === true) picked[field] = found
    else if (!isListShape(wanted)) picked[field] = pick(found, wanted)
    else if (Array.isArray(found)) picked[field] = found.map((one) => pick(one, wanted[0]))
  }
  return picked
}

function isListShape(shape: Shape | readonly [Shape]): shape is readonly [Shape] {
  return Array.isArray(shape)
}
