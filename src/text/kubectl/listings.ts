import type { Fields } from '../../manifest/document.ts'
import type { Cluster } from '../../object/cluster.ts'
import type { EndpointSlice } from '../../object/endpoint-slice.ts'
import type { Endpoints } from '../../object/endpoints.ts'
import { type Kind, kinds } from '../../object/kinds.ts'
import { type KubernetesObject, nameOf } from '../../object/metadata.ts'
import type { Pod } from '../../object/pod.ts'
import type { Service } from '../../object/service.ts'
import { endpointsOf } from '../../roster/endpoints.ts'
import { indexPods, selectPods } from '../../roster/pod-index.ts'
import { answerOf, type Roster } from '../../roster/roster.ts'
import { fieldsOfEndpoints, fieldsOfSlice } from './endpoint-fields.ts'
import { endpointSlices, endpoints } from './endpoints.ts'
import { nodes } from './nodes.ts'
import { pods } from './pods.ts'
import { type Entry, type Listing, listing, type ResourceNames } from './resource.ts'
import { fieldsOfService } from './service-fields.ts'
import { services } from './services.ts'
import { fieldsAsWritten, fieldsOfSimulatedPod } from './written-fields.ts'

/** What there is to be shown, of manifests or of the ledger. */
export interface Known {
  /** With every number granted. */
  readonly services: readonly Service[]
  readonly roster: Roster
  /** What was written; the ledger holds nothing of it. */
  readonly cluster: Cluster | undefined
}

/** What can be asked for, in the order in which help lists it. */
export const resources: readonly ResourceNames[] = [
  services,
  endpoints,
  endpointSlices,
  nodes,
  pods,
]

/**
 * All objects of a kind, as a cluster would have them: what the controllers make of pods is made
 * where nobody wrote it. Answers nothing where nothing is known of the kind.
 */
export function listingOf(names: ResourceNames, known: Known): Listing | undefined {
  switch (names) {
    case services:
      return listing(services, known.services.map(withFields(fieldsOfService)))
    case endpoints:
      return listing(endpoints, allEndpoints(known))
    case endpointSlices:
      return listing(endpointSlices, allSlices(known))
    case nodes:
      return known.cluster && listing(nodes, known.cluster.nodes.map(asWritten(kinds.Node)))
    default:
      return known.cluster && listing(pods, allPods(known.cluster, known.roster))
  }
}

function allEndpoints({ services, roster, cluster }: Known): readonly Entry<Endpoints>[] {
  const written = cluster?.endpoints ?? []
  const made = services.flatMap((service) =>
    hasMadeEndpoints(service, roster) ? (endpointsOf(roster, service) ?? []) : [],
  )
  return [
    ...written.map(asWritten<Endpoints>(kinds.Endpoints)),
    ...made.map(withFields(fieldsOfEndpoints)),
  ]
}

/** Nobody makes Endpoints of slices; it is the pods that a selector names that make both. */
function hasMadeEndpoints(service: Service, { endpoints }: Roster): boolean {
  const { selector, type } = service.spec
  return selector !== undefined && type !== 'ExternalName' && !endpoints.has(nameOf(service))
}

function allSlices({ services, roster, cluster }: Known): readonly Entry<EndpointSlice>[] {
  const written = cluster?.slices ?? []
  const made = services.flatMap((service) =>
    cluster !== undefined && roster.slices.has(nameOf(service))
      ? []
      : answerOf(roster, service).slices,
  )
  return [
    ...written.map(asWritten<EndpointSlice>(kinds.EndpointSlice)),
    ...made.map(withFields(fieldsOfSlice)),
  ]
}

/** Pods that were written, and those of workloads that have none among these. */
function allPods({ pods, workloads }: Cluster, roster: Roster): readonly Entry<Pod>[] {
  const index = indexPods(pods.filter(({ podIPs }) => podIPs.length > 0))
  const running = new Set(
    workloads
      .filter(({ namespace, template }) => selectPods(index, namespace, template.labels).length > 0)
      .map(({ origin }) => origin),
  )
  const made = new Set([...roster.simulated().values()].flat())
  return [
    ...pods.map(asWritten<Pod>(kinds.Pod)),
    ...[...made].filter(({ origin }) => !running.has(origin)).map(withFields(fieldsOfSimulatedPod)),
  ]
}

function asWritten<T extends KubernetesObject>(kind: Kind): (object: T) => Entry<T> {
  return withFields((object) => fieldsAsWritten(object, kind))
}

function withFields<T extends KubernetesObject>(
  fieldsOf: (object: T) => Fields,
): (object: T) => Entry<T> {
  return (object) => ({ object, fields: fieldsOf(object) })
}
