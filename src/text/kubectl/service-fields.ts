import type { Fields } from '../../manifest/document.ts'
import { map } from '../../object/metadata.ts'
import type { Service, ServicePort } from '../../object/service.ts'

const none: Fields = {}

/**
 * A granted Service as `kubectl get service -o yaml` shows it: what was given of its metadata, every
 * default and number filled in, and whatever else its metadata is to have.
 */
export function fieldsOfService(service: Service, metadata: Fields = none): Fields {
  const { namespace, name, labels, annotations, spec, ingress } = service
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: present(map(service.fields.metadata), {
      name,
      namespace,
      labels,
      annotations,
      managedFields: undefined,
      ...metadata,
    }),
    spec: present(spec, {
      ports: spec.ports.map(fieldsOfPort),
      healthCheckNodePort: spec.healthCheckNodePort || undefined,
      publishNotReadyAddresses: spec.publishNotReadyAddresses || undefined,
    }),
    status: { loadBalancer: present({ ingress }) },
  }
}

function fieldsOfPort(port: ServicePort): Fields {
  return present(port, { nodePort: port.nodePort || undefined })
}

/**
 * Without what the server would not store: null, and empty texts, lists and maps. Some fields may be
 * given otherwise; they keep their places.
 */
export function present(fields: object, otherwise: Fields = none): Fields {
  const given = fields as Fields
  const found: Record<string, unknown> = {}
  for (const key in given) {
    const value = Object.hasOwn(otherwise, key) ? otherwise[key] : given[key]
    if (isSaid(value)) found[key] = value
  }
  for (const key in otherwise) {
    if (!Object.hasOwn(given, key) && isSaid(otherwise[key])) found[key] = otherwise[key]
  }
  return found
}

function isSaid(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) {
    return value !== undefined && value !== null && value !== ''
  }
  for (const _ in value) return true
  return false
}
