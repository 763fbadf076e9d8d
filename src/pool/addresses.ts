import { type Family, type IP, parseIP } from '../address/ip.ts'
import type { Said } from '../diagnostic/complaint.ts'
import { immutableField } from '../diagnostic/complaints.ts'
import { hasNodePorts, type ServiceSpec } from '../object/service.ts'
import { type Addressing, addressingOf, addressPath, isHeadless, mismatch } from './addressing.ts'
import type { Draft } from './draft.ts'
import { type Settled, settleFamilies } from './families.ts'
import { invalid } from './field-error.ts'
import type { Need, Refuse } from './need.ts'

/** The addresses that a Service needs, before any is granted; for an ExternalName there are none. */
export interface AddressPlan extends Settled {
  /** One for each family, in the order of the families; none for a headless Service. */
  readonly needs: readonly AddressNeed[]
}

export interface AddressNeed extends Need<IP> {
  readonly family: Family
}

/** Answers `undefined` for a Service that is refused here, or was before by whoever validated it. */
export function planAddresses(
  draft: Draft,
  configured: readonly Family[],
  refuse: Refuse,
): AddressPlan | undefined {
  const { held, service } = draft
  const { spec } = service
  if (spec.type === 'ExternalName') return noAddresses
  const wish = addressingOf(spec)
  if (wish === undefined || (isHeadless(wish) && hasNodePorts(spec.type))) return undefined
  const before = held === undefined ? undefined : heldAddressing(held)
  if (before === undefined) {
    const settled = settleFamilies(draft, wish, undefined, configured, refuse)
    return settled && planOf(draft, settled, undefined)
  }
  const merged = patched(spec, wish, before)
  if (!mayBecome(draft, merged, before, refuse)) return undefined
  if (!familiesFit(draft, merged, refuse)) return undefined
  const settled = settleFamilies(draft, merged, before, configured, refuse)
  if (settled === undefined || !mayFollow(draft, settled, before, refuse)) return undefined
  return planOf(draft, settled, before)
}

function planOf(draft: Draft, settled: Settled, before: Addressing | undefined): AddressPlan {
  const { clusterIPs, families, policy } = settled
  return { clusterIPs, families, policy, needs: needsOf(draft, settled, before) }
}

const noAddresses: AddressPlan = { clusterIPs: [], families: [], policy: 'SingleStack', needs: [] }

/** The addresses that the ledger holds for a Service. */
export function clusterIPsOf(spec: ServiceSpec): IP[] {
  const { clusterIPs = [] } = heldAddressing(spec) ?? {}
  return clusterIPs.flatMap((text) => parseIP(text) ?? [])
}

/** What was granted; `undefined` where there was nothing to grant, or nobody can make sense of it. */
function heldAddressing(held: ServiceSpec): Addressing | undefined {
  if (held.type === 'ExternalName') return undefined
  const before = addressingOf(held)
  return before === undefined || before.clusterIPs.length === 0 ? undefined : before
}

/** What is left out stays as it was: kubectl's apply sends it along, and the server puts it back. */
function patched(spec: ServiceSpec, wish: Addressing, before: Addressing): Addressing {
  const { clusterIPs, families, policy } = wish
  const listed = (spec.clusterIPs ?? []).length > 0
  const same = clusterIPs.length === 0 || (!listed && clusterIPs[0] === before.clusterIPs[0])
  return {
    clusterIPs: same ? before.clusterIPs : clusterIPs,
    families: families.length === 0 ? before.families : families,
    policy: policy ?? before.policy,
  }
}

/** Only an update can fail here: on its own, the wish was found to make sense. */
function familiesFit(draft: Draft, merged: Addressing, refuse: Refuse): boolean {
  const { spec } = draft.service
  const index = mismatch(merged)
  if (index === undefined) return true
  const { clusterIPs, families } = merged
  const detail = `expected an ${families[index]} value as indicated by \`ipFamilies[${index}]\``
  const message = invalid(`spec.clusterIPs[${index}]`, clusterIPs[index], detail)
  const written = (spec.ipFamilies ?? []).length > 0
  const kept = written ? clusterIPs.join(', ') : families.join(', ')
  refuse(
    draft,
    immutableField(message, kept),
    written ? ['spec', 'ipFamilies', index] : addressPath(spec, index),
  )
  return false
}

/** A Service is headless for life, and cannot have node ports then. */
function mayBecome(draft: Draft, merged: Addressing, before: Addressing, refuse: Refuse): boolean {
  const { spec } = draft.service
  if (isHeadless(merged) !== isHeadless(before)) {
    refuse(draft, changed(merged, before, 0), addressPath(spec, 0))
    return false
  }
  if (!isHeadless(merged) || !hasNodePorts(spec.type)) return true
  const detail = `may not be set to 'None' for ${spec.type} services`
  const message = invalid('spec.clusterIPs[0]', 'None', detail)
  refuse(draft, immutableField(message, 'clusterIP: None'), ['spec', 'type'])
  return false
}

/** What was granted once is not changed by an update; a second address may come and go. */
function mayFollow(draft: Draft, settled: Addressing, before: Addressing, refuse: Refuse): boolean {
  const { spec } = draft.service
  const { clusterIPs, families } = settled
  const index = clusterIPs.findIndex((text, at) => text !== (before.clusterIPs[at] ?? text))
  if (index < 0) return true
  refuse(draft, changed(settled, before, index), addressPath(spec, index))
  if (families[0] !== before.families[0] && (spec.ipFamilies ?? []).length > 0) {
    const value = families.length === before.families.length ? families : clusterIPs
    const message = invalid('spec.ipFamilies[0]', value, 'may not change once set')
    refuse(draft, immutableField(message, before.families.join(', ')), ['spec', 'ipFamilies', 0])
  }
  return false
}

function changed({ clusterIPs }: Addressing, before: Addressing, index: number): Said {
  const message = invalid(`spec.clusterIPs[${index}]`, clusterIPs, 'may not change once set')
  return immutableField(message, before.clusterIPs.join(', '))
}

function needsOf(
  { name }: Draft,
  { clusterIPs, families }: Addressing,
  before: Addressing | undefined,
): AddressNeed[] {
  if (clusterIPs[0] === 'None') return []
  return families.map((family, index) => {
    const text = clusterIPs[index]
    const wish = text === undefined ? undefined : parseIP(text)
    const kept = text !== undefined && before?.clusterIPs[index] === text
    return { kind: 'clusterIP', family, wish, kept, name, index, written: index, got: undefined }
  })
}
