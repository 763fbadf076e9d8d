import type { Fields } from '../../manifest/document.ts'
import { map } from '../../object/metadata.ts'
import type { Service, ServicePort } from '../../object/service.ts'

/**
 * A granted Service as `kubectl get service -o yaml` shows it: what was given of its metadata, and
 * every default and number filled in.
 */
export function fieldsOfService({
  namespace,
  name,
  fields,
  spec,
  ingress,
  ...rest
}: Service): Fields {
  const { labels, annotations } = rest
  const metadata = { ...map(fields.metadata), name, namespace, labels, annotations }
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: present({ ...metadata, managedFields: undefined }),
    spec: present({
      ...spec,
      ports: spec.ports.map(fieldsOfPort),
      healthCheckNodePort: spec.healthCheckNodePort || undefined,
      publishNotReadyAddresses: spec.publishNotReadyAddresses || undefined,
    }),
    status: { loadBalancer: present({ ingress }) },
  }
}

function fieldsOfPort({ nodePort, ...port }: ServicePort): Fields {
  return present({ ...port, nodePort: nodePort || undefined })
}

/** Without what the server would not store: null, and empty texts, lists and maps. */
export function present(fields: object): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) =>
      typeof value === 'object' && value !== null
        ? Object.keys(value).length > 0
        : value !== undefined && value !== null && value !== '',
    ),
  )
}
