import type { Endpoint, EndpointSlice, SlicePort } from '../../src/object/endpoint-slice.ts'
import type { KubernetesObject } from '../../src/object/metadata.ts'
import type { Service, ServicePort, ServiceSpec } from '../../src/object/service.ts'

// Objects as the readers make them, with whatever a test does not care about filled in.

export interface ServiceWish extends Partial<Omit<ServiceSpec, 'ports'>> {
  readonly name: string
  readonly namespace?: string
  readonly labels?: Record<string, string>
  readonly annotations?: Record<string, string>
  readonly ports?: readonly (Partial<ServicePort> & { readonly port: number })[]
  readonly ingress?: Service['ingress']
  readonly fields?: Service['fields']
}

export function service(wish: ServiceWish): Service {
  const { name, namespace, labels, annotations, ports = [], ingress = [], fields, ...spec } = wish
  return {
    ...metadata({ name, namespace, labels, annotations }),
    ingress,
    fields: fields ?? { apiVersion: 'v1', kind: 'Service', metadata: { name } },
    spec: { type: 'ClusterIP', sessionAffinity: 'None', ...spec, ports: ports.map(servicePort) },
  }
}

function servicePort(wish: Partial<ServicePort> & { readonly port: number }): ServicePort {
  return { name: '', protocol: 'TCP', targetPort: wish.port, nodePort: 0, ...wish }
}

export interface SliceWish {
  readonly name?: string
  readonly namespace?: string
  readonly labels?: Record<string, string>
  readonly service?: string
  readonly addressType?: string
  readonly ports?: readonly Partial<SlicePort>[]
  /** Addresses; a `!` behind one means that it is not ready. */
  readonly addresses?: readonly string[]
}

export function slice(wish: SliceWish): EndpointSlice {
  const { service, addressType = 'IPv4', ports = [], addresses = [], name = 'slice' } = wish
  return {
    ...metadata({ ...wish, name }),
    service,
    addressType,
    ports: ports.map((port) => ({
      name: '',
      protocol: 'TCP',
      port: undefined,
      appProtocol: undefined,
      ...port,
    })),
    endpoints: addresses.map(endpoint),
  }
}

function endpoint(text: string): Endpoint {
  return {
    address: text.replace('!', ''),
    otherAddresses: undefined,
    ready: !text.endsWith('!'),
    serving: !text.endsWith('!'),
    terminating: false,
    nodeName: undefined,
    zone: undefined,
    hints: undefined,
    pod: undefined,
  }
}

export function metadata(wish: {
  readonly name: string
  readonly namespace?: string | undefined
  readonly labels?: Record<string, string> | undefined
  readonly annotations?: Record<string, string> | undefined
}): KubernetesObject {
  const { name, namespace = 'default', labels = {}, annotations = {} } = wish
  return { name, namespace, labels, annotations, origin: undefined }
}
