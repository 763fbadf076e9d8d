import type { Fields } from '../../manifest/document.ts'
import type { Endpoint, EndpointSlice, Hints, SlicePort } from '../../object/endpoint-slice.ts'
import type { EndpointAddress, EndpointPort, Endpoints } from '../../object/endpoints.ts'
import type { KubernetesObject } from '../../object/metadata.ts'
import { present } from './service-fields.ts'

// What the controllers make of pods, as `kubectl get -o yaml` shows it.

export function fieldsOfSlice(slice: EndpointSlice): Fields {
  const { addressType, endpoints, ports, namespace, labels } = slice
  const isMirrored = labels['endpointslice.kubernetes.io/managed-by'] === mirroring
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: metadataOf(slice),
    addressType,
    endpoints: endpoints.map((endpoint) => fieldsOfEndpoint(endpoint, namespace, isMirrored)),
    ports: ports.map(fieldsOfPort),
  }
}

const mirroring = 'endpointslicemirroring-controller.k8s.io'

export function fieldsOfEndpoints(endpoints: Endpoints): Fields {
  const { subsets, namespace } = endpoints
  const fieldsOfAddress = ({ ip, nodeName, pod }: EndpointAddress): Fields =>
    present({ ip, nodeName, targetRef: referenceTo(pod, namespace) })
  return present({
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: metadataOf(endpoints),
    subsets: subsets.map(({ addresses, notReadyAddresses, ports }) =>
      present({
        addresses: addresses.map(fieldsOfAddress),
        notReadyAddresses: notReadyAddresses.map(fieldsOfAddress),
        ports: ports.map((port) => present(port)),
      }),
    ),
  })
}

function metadataOf({ name, namespace, labels, annotations }: KubernetesObject): Fields {
  return present({ name, namespace, labels, annotations })
}

/** The mirroring controller knows no more of an address than whether it is ready. */
function fieldsOfEndpoint(endpoint: Endpoint, namespace: string, isMirrored: boolean): Fields {
  const { address, otherAddresses = [], ready, serving, terminating } = endpoint
  const { nodeName, zone, hints, pod } = endpoint
  return present({
    addresses: [address, ...otherAddresses],
    conditions: isMirrored ? { ready } : { ready, serving, terminating },
    hints: hints && fieldsOfHints(hints),
    nodeName,
    targetRef: referenceTo(pod, namespace),
    zone,
  })
}

function fieldsOfHints({ zones, nodes }: Hints): Fields {
  return present({
    forNodes: nodes.map((name) => ({ name })),
    forZones: zones.map((name) => ({ name })),
  })
}

/** A port without a name has the empty one, which is shown. */
function fieldsOfPort({ name, ...port }: SlicePort | EndpointPort): Fields {
  return { name, ...present(port) }
}

function referenceTo(pod: string | undefined, namespace: string): Fields | undefined {
  return pod === undefined ? undefined : { kind: 'Pod', name: pod, namespace }
}
