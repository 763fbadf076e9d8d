import type { Family } from '../address/ip.ts'
import { immutableField } from '../diagnostic/complaints.ts'
import type { Path } from '../manifest/document.ts'
import { nameOf } from '../object/metadata.ts'
import type { Service, ServiceSpec, ServiceType } from '../object/service.ts'
import { type AddressPlan, planAddresses } from './addresses.ts'
import { invalid } from './field-error.ts'
import type { Refuse } from './need.ts'
import { type NodePortPlan, planNodePorts } from './node-ports.ts'

/** A Service on its way to its numbers. */
export interface Draft {
  readonly service: Service
  /** Its place among the Services as they were given. */
  readonly index: number
  /** `default/web` */
  readonly name: string
  /** What the ledger holds for it. */
  held: ServiceSpec | undefined
  /** Absent where the Service is refused, here or before. */
  addresses: AddressPlan | undefined
  ports: NodePortPlan | undefined
  refused: boolean
}

/**
 * Finds out what every Service needs, in the order in which they are served: by name. Of several
 * with one name, the first in the text is the one that the ledger knows.
 */
export function draftAll(
  services: readonly Service[],
  held: ReadonlyMap<string, ServiceSpec>,
  families: readonly Family[],
  refuse: Refuse,
): readonly Draft[] {
  const drafts = services.map(newDraft)
  drafts.sort((a, b) => compare(a.name, b.name) || compareTwins(a.service, b.service))
  for (const [rank, draft] of drafts.entries()) {
    if (drafts[rank - 1]?.name !== draft.name) draft.held = held.get(draft.name)
    plan(draft, families, refuse)
  }
  return drafts
}

function newDraft(service: Service, index: number): Draft {
  return {
    service,
    index,
    name: nameOf(service),
    held: undefined,
    addresses: undefined,
    ports: undefined,
    refused: false,
  }
}

function plan(draft: Draft, families: readonly Family[], refuse: Refuse): void {
  if (!types.has(draft.service.spec.type)) return
  checkClass(draft, refuse)
  draft.addresses = planAddresses(draft, families, refuse)
  draft.ports = planNodePorts(draft, refuse)
}

/** A Service that failed its validation may say anything. */
const types: ReadonlySet<ServiceType> = new Set([
  'ClusterIP',
  'NodePort',
  'LoadBalancer',
  'ExternalName',
])

function checkClass(draft: Draft, refuse: Refuse): void {
  const { spec } = draft.service
  if (spec.type !== 'LoadBalancer' || draft.held?.type !== 'LoadBalancer') return
  const held = draft.held.loadBalancerClass
  if (spec.loadBalancerClass === held) return
  const path = ['spec', 'loadBalancerClass']
  const message = invalid(path.join('.'), spec.loadBalancerClass, 'may not change once set')
  refuse(draft, immutableField(message, held ?? 'none'), path)
}

/** Whatever tells two Services of one name apart, if only it does not depend on their order. */
function compareTwins(a: Service, b: Service): number {
  const left = a.origin?.document
  const right = b.origin?.document
  return (
    compare(left?.source.name ?? '', right?.source.name ?? '') ||
    compare(left?.start ?? 0, right?.start ?? 0) ||
    comparePaths(a.origin?.path ?? [], b.origin?.path ?? []) ||
    compare(JSON.stringify(a.spec), JSON.stringify(b.spec))
  )
}

function comparePaths(a: Path, b: Path): number {
  const index = a.findIndex((step, at) => step !== b[at])
  return index < 0 ? a.length - b.length : compare(a[index] ?? 0, b[index] ?? 0)
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0
}
