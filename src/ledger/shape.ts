/** What a value is made of. Fields of a map that are not named may be anything; any may be absent. */
export type Shape =
  | 'text'
  | 'number'
  | 'flag'
  /** A map from text to text. */
  | 'texts'
  /** A list, each of whose values is of one shape. */
  | readonly [Shape]
  | { readonly [field: string]: Shape }

/** Whether a value is of a shape. null is as good as absent, which is how Kubernetes has it. */
export function isShaped(value: unknown, shape: Shape): boolean {
  if (value === undefined || value === null) return true
  switch (shape) {
    case 'text':
      return typeof value === 'string'
    case 'number':
      return typeof value === 'number'
    case 'flag':
      return typeof value === 'boolean'
    case 'texts':
      return isRecord(value) && Object.values(value).every((one) => isShaped(one, 'text'))
  }
  if (isList(shape)) return Array.isArray(value) && value.every((one) => isShaped(one, shape[0]))
  if (!isRecord(value)) return false
  for (const field in shape) {
    if (!isShaped(value[field], shape[field] ?? {})) return false
  }
  return true
}

/** As much of a stored Service as anybody relies on. */
export const serviceShape: Shape = {
  metadata: {
    name: 'text',
    namespace: 'text',
    creationTimestamp: 'text',
    labels: 'texts',
    annotations: 'texts',
  },
  spec: {
    ...{ type: 'text', clusterIP: 'text', clusterIPs: ['text'], externalIPs: ['text'] },
    ...{ ipFamilies: ['text'], ipFamilyPolicy: 'text', selector: 'texts', externalName: 'text' },
    ...{ externalTrafficPolicy: 'text', internalTrafficPolicy: 'text', sessionAffinity: 'text' },
    ...{ sessionAffinityConfig: { clientIP: { timeoutSeconds: 'number' } } },
    ...{ healthCheckNodePort: 'number', publishNotReadyAddresses: 'flag' },
    ...{ allocateLoadBalancerNodePorts: 'flag', loadBalancerClass: 'text', loadBalancerIP: 'text' },
    ...{ loadBalancerSourceRanges: ['text'], trafficDistribution: 'text' },
    ports: [
      { name: 'text', protocol: 'text', appProtocol: 'text', ...numbers('port', 'nodePort') },
    ],
  },
  status: {
    loadBalancer: {
      ingress: [{ ip: 'text', hostname: 'text', ipMode: 'text' }],
    },
  },
}

/** As much of a held virtual server. */
export const serverShape: Shape = {
  ...{ protocol: 'text', address: 'text', family: 'text', scheduler: 'text', engine: 'text' },
  ...{ kind: 'text', servicePort: 'text' },
  ...numbers('port', 'fwmark', 'flags', 'timeout', 'netmask', 'line'),
}

function numbers(...fields: readonly string[]): { readonly [field: string]: Shape } {
  return Object.fromEntries(fields.map((field) => [field, 'number']))
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape)
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
