import type { Family } from '../address/ip.ts'
import { familyNotConfigured, familyPolicy } from '../diagnostic/complaints.ts'
import {
  type Addressing,
  addressPath,
  type FamilyPolicy,
  familyOfText,
  isHeadless,
  policyPath,
} from './addressing.ts'
import type { Draft } from './draft.ts'
import { invalid } from './field-error.ts'
import type { Refuse } from './need.ts'

/** What a Service has of families, once that is decided. */
export interface Settled extends Addressing {
  readonly policy: FamilyPolicy
}

/**
 * Settles which address families a Service has, and in which order, as the API server does before
 * it gives any address. Answers `undefined` when it refuses.
 */
export function settleFamilies(
  draft: Draft,
  wish: Addressing,
  before: Addressing | undefined,
  configured: readonly Family[],
  refuse: Refuse,
): Settled | undefined {
  const { spec } = draft.service
  const sameType = draft.held?.type === spec.type
  if (before !== undefined && sameType && staysAsItIs(wish, before)) {
    return { ...before, policy: 'PreferDualStack' }
  }

  const bare = isHeadless(wish) && Object.keys(spec.selector ?? {}).length === 0
  const policy = wish.policy ?? (bare ? 'RequireDualStack' : 'SingleStack')
  const asked = { clusterIPs: wish.clusterIPs, families: wish.families, policy }
  const kept = before === undefined ? asked : releaseSecond(asked, before)
  const agreed = checkPolicy(draft, kept, before, refuse)
  const inferred = inferFamilies(draft, kept, configured, refuse)
  if (inferred === undefined || !agreed) return undefined
  if (!bare && !checkConfigured(draft, inferred, policy, configured, refuse)) return undefined
  const families = withDefaults(inferred, policy, bare, configured)
  return { clusterIPs: kept.clusterIPs, families, policy: kept.policy }
}

/** A Service that prefers two families is not given a second one behind its back. */
function staysAsItIs(wish: Addressing, before: Addressing): boolean {
  return (
    wish.policy === 'PreferDualStack' &&
    (before.policy ?? 'PreferDualStack') === 'PreferDualStack' &&
    sameTexts(wish.clusterIPs, before.clusterIPs) &&
    sameTexts(wish.families, before.families)
  )
}

/** `SingleStack` alone is reason enough to let go of what else is unchanged. */
function releaseSecond(wish: Settled, before: Addressing): Settled {
  if (wish.policy !== 'SingleStack') return wish
  const { clusterIPs, families } = wish
  return {
    ...wish,
    clusterIPs: sameTexts(clusterIPs, before.clusterIPs) ? clusterIPs.slice(0, 1) : clusterIPs,
    families: sameTexts(families, before.families) ? families.slice(0, 1) : families,
  }
}

/** The server may say the same of addresses and of families; once is enough. */
function checkPolicy(
  draft: Draft,
  { clusterIPs, families, policy }: Addressing,
  before: Addressing | undefined,
  refuse: Refuse,
): boolean {
  const say = (detail: string, instead: string): false => {
    const message = invalid('spec.ipFamilyPolicy', policy, detail)
    refuse(draft, familyPolicy(message, instead), policyPath(draft.service.spec))
    return false
  }
  if (policy === 'SingleStack') {
    if (clusterIPs.length < 2 && families.length < 2) return true
    const what = clusterIPs.length === 2 ? 'cluster IPs' : 'IP families'
    const detail = `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`
    return say(detail, 'PreferDualStack')
  }
  if (before === undefined) return true
  if (isShorter(clusterIPs, before.clusterIPs)) {
    return say("must be 'SingleStack' to release the secondary cluster IP", 'SingleStack')
  }
  if (isShorter(families, before.families)) {
    return say("must be 'SingleStack' to release the secondary IP family", 'SingleStack')
  }
  return true
}

/** An address tells its family to those who did not. */
function inferFamilies(
  draft: Draft,
  wish: Addressing,
  configured: readonly Family[],
  refuse: Refuse,
): readonly Family[] | undefined {
  const { clusterIPs, families } = wish
  if (isHeadless(wish) || clusterIPs.length <= families.length) return families
  const inferred = [...families]
  for (const [index, text] of clusterIPs.entries()) {
    const family = familyOfText(text)
    if (index < families.length || family === undefined) continue
    if (!configured.includes(family)) {
      const detail = `${family} is not configured on this cluster`
      const message = invalid(`spec.clusterIPs[${index}]`, clusterIPs, detail)
      const path = addressPath(draft.service.spec, index)
      refuse(draft, familyNotConfigured(message, family), path)
      return undefined
    }
    inferred.push(family)
  }
  return inferred
}

/** Nobody can have a family that the cluster has not; where one is named, that is what is wrong. */
function checkConfigured(
  draft: Draft,
  families: readonly Family[],
  policy: FamilyPolicy,
  configured: readonly Family[],
  refuse: Refuse,
): boolean {
  const index = families.findIndex((family) => !configured.includes(family))
  const missing = families[index]
  if (missing !== undefined) {
    const detail = 'not configured on this cluster'
    const message = invalid(`spec.ipFamilies[${index}]`, missing, detail)
    refuse(draft, familyNotConfigured(message, missing), ['spec', 'ipFamilies', index])
    return false
  }
  if (policy !== 'RequireDualStack' || configured.length > 1) return true
  const detail = 'this cluster is not configured for dual-stack services'
  const message = invalid('spec.ipFamilyPolicy', policy, detail)
  const other = configured.includes('IPv6') ? 'IPv4' : 'IPv6'
  refuse(draft, familyNotConfigured(message, other), policyPath(draft.service.spec))
  return false
}

/** A headless Service without selector gets both families even where the cluster has one. */
function withDefaults(
  families: readonly Family[],
  policy: FamilyPolicy,
  bare: boolean,
  configured: readonly Family[],
): readonly Family[] {
  const [first = configured[0] ?? 'IPv4', second] = families
  if (second !== undefined || policy === 'SingleStack') return second ? families : [first]
  if (!bare && configured.length < 2) return [first]
  return [first, first === 'IPv4' ? 'IPv6' : 'IPv4']
}

function isShorter(texts: readonly string[], others: readonly string[]): boolean {
  return texts.length > 0 && texts.length < others.length
}

function sameTexts(texts: readonly string[], others: readonly string[]): boolean {
  return texts.length === others.length && texts.every((text, index) => text === others[index])
}
