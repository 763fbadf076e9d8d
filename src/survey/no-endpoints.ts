import { noEndpoints } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import { nameOf } from '../object/metadata.ts'
import type { Service } from '../object/service.ts'
import { answerOf } from '../roster/roster.ts'
import { missesIn } from './selector-matches-nothing.ts'
import { at, type Surveyed } from './surveyed.ts'
import type { WrittenEndpoints } from './written-endpoints.ts'

/**
 * A Service has endpoints where others have. Slices for Services with a selector are made by
 * Kubernetes: where there are some, the input was read from a cluster, and one that lacks them lacks
 * endpoints. Slices for the others are written by hand, and so they should be for each of those.
 */
export function servicesHaveEndpoints(surveyed: Surveyed, report: Report): void {
  const { cluster, written, roster } = surveyed
  if (written.length === 0) return
  const isEmpty = emptinessOf(written)
  const answered = new Set([...isEmpty.keys()].map(groupOf))
  const lacking = cluster.services.filter((service) => {
    if (service.spec.type === 'ExternalName' || !answered.has(groupOf(service))) return false
    return isEmpty.get(service) ?? answerOf(roster, service).by === 'nobody'
  })
  if (lacking.length === 0) return
  // A selector that is wrong is the reason, and is said to be wrong.
  const explained = new Set(missesIn(surveyed).map(({ service }) => service))
  for (const service of lacking) {
    if (explained.has(service)) continue
    const said = noEndpoints(nameOf(service), isEmpty.has(service) ? 'empty' : 'none')
    report(said.at(at(service, ['metadata', 'name'])))
  }
}

/** Of each Service whose endpoints are written, whether there are none in them. */
function emptinessOf(written: readonly WrittenEndpoints[]): Map<Service, boolean> {
  const found = new Map<Service, boolean>()
  for (const { kind, object, service } of written) {
    if (service === undefined) continue
    const isEmpty =
      kind === 'EndpointSlice' ? object.endpoints.length === 0 : object.subsets.length === 0
    found.set(service, isEmpty && found.get(service) !== false)
  }
  return found
}

/** Services of a namespace, those with a selector apart from those without. */
function groupOf({ namespace, spec }: Service): string {
  return spec.selector === undefined ? namespace : `${namespace} with a selector`
}
