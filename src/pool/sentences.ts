import type { Path } from '../manifest/document.ts'
import { addressPath } from './addressing.ts'
import type { Draft } from './draft.ts'
import { internal, invalid } from './field-error.ts'
import type { Need } from './need.ts'

/** Where the wish for a number is written, or would be. */
export function pathOf({ service }: Draft, { kind, written }: Need<unknown>): Path {
  if (kind === 'clusterIP') return addressPath(service.spec, written)
  return kind === 'nodePort' ? ['spec', 'ports', written, kind] : ['spec', kind]
}

/** What the API server says when it cannot grant a wish. */
export function refusal(draft: Draft, need: Need<unknown>, reason: string): string {
  const { kind, index, wish } = need
  if (kind === 'nodePort') return invalid(`spec.ports[${index}].nodePort`, wish, reason)
  if (kind === 'healthCheckNodePort') {
    return internal(`failed to allocate requested HealthCheck NodePort ${wish}: ${reason}`)
  }
  // What the server has not drawn yet is in its list as well.
  const { clusterIPs = [], families = [] } = draft.addresses ?? {}
  const values = families.map((_, place) => clusterIPs[place] ?? '')
  return invalid('spec.clusterIPs', values, `failed to allocate IP ${values[index]}: ${reason}`)
}

/** What it says when there is nothing left to draw. */
export function exhaustion({ service }: Draft, { kind }: Need<unknown>): string {
  if (kind === 'nodePort') return internal('failed to allocate a nodePort: range is full')
  if (kind === 'healthCheckNodePort') {
    return internal('failed to allocate a HealthCheck NodePort 0: range is full')
  }
  return internal(`failed to allocate a serviceIP for Service "${service.name}": range is full`)
}
