import type { Path } from '../manifest/document.ts'
import type { Cluster } from '../object/cluster.ts'
import { type EndpointSlice, serviceNameLabel } from '../object/endpoint-slice.ts'
import type { Endpoints } from '../object/endpoints.ts'
import { nameOf } from '../object/metadata.ts'
import type { Service } from '../object/service.ts'
import { isMirrored } from '../roster/mirror.ts'

/** Endpoints that somebody wrote down, in the newer form or in the older one, beside their Service. */
export type WrittenEndpoints = Joined &
  (
    | { readonly kind: 'EndpointSlice'; readonly object: EndpointSlice }
    | { readonly kind: 'Endpoints'; readonly object: Endpoints }
  )

interface Joined {
  readonly serviceName: string
  /** Absent where it is not in the input. */
  readonly service: Service | undefined
}

/** All of them that count for a Service: where there are slices, Endpoints do not. */
export function writtenEndpoints(
  { slices, endpoints }: Cluster,
  services: ReadonlyMap<string, Service>,
): readonly WrittenEndpoints[] {
  const written: WrittenEndpoints[] = []
  const sliced = new Set<string>()
  for (const object of slices) {
    const { namespace, service: serviceName } = object
    if (serviceName === undefined) continue
    const id = `${namespace}/${serviceName}`
    if (endpoints.length > 0) sliced.add(id)
    written.push({ kind: 'EndpointSlice', object, serviceName, service: services.get(id) })
  }
  for (const object of endpoints) {
    const id = nameOf(object)
    if (sliced.has(id) || !isMirrored(object)) continue
    written.push({ kind: 'Endpoints', object, serviceName: object.name, service: services.get(id) })
  }
  return written
}

/** The way to the name of the Service. */
export function serviceNamePath({ kind }: WrittenEndpoints): Path {
  return kind === 'Endpoints' ? ['metadata', 'name'] : ['metadata', 'labels', serviceNameLabel]
}
