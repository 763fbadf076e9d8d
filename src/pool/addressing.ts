import { type Family, familyOf, parseIP } from '../address/ip.ts'
import type { Path } from '../manifest/document.ts'
import type { ServiceSpec } from '../object/service.ts'

export const familyPolicies = ['SingleStack', 'PreferDualStack', 'RequireDualStack'] as const
export type FamilyPolicy = (typeof familyPolicies)[number]

/** What a spec says about addresses, free of its double spelling of one thing. */
export interface Addressing {
  /** As written; `None` alone for a headless Service. */
  readonly clusterIPs: readonly string[]
  readonly families: readonly Family[]
  readonly policy: FamilyPolicy | undefined
}

/**
 * Reads what a spec says about addresses. Answers `undefined` where that makes no sense: whoever
 * validated the Service has said so already.
 */
export function addressingOf(spec: ServiceSpec): Addressing | undefined {
  const { clusterIP = '', clusterIPs: listed = [], ipFamilyPolicy = '' } = spec
  if (listed.length > 0 && listed[0] !== clusterIP) return undefined
  const clusterIPs = listed.length > 0 || clusterIP === '' ? listed : [clusterIP]
  const families = (spec.ipFamilies ?? []).filter(isFamily)
  const policy = familyPolicies.find((known) => known === ipFamilyPolicy)
  if (families.length !== (spec.ipFamilies ?? []).length) return undefined
  if (families.length > 1 && families[0] === families[1]) return undefined
  if (families.length > 2 || clusterIPs.length > 2) return undefined
  if (policy === undefined && ipFamilyPolicy !== '') return undefined
  const addressing = { clusterIPs, families, policy }
  return isHeadless(addressing) || areAddresses(addressing) ? addressing : undefined
}

export function isHeadless({ clusterIPs }: Pick<Addressing, 'clusterIPs'>): boolean {
  return clusterIPs.length === 1 && clusterIPs[0] === 'None'
}

/** The first address that is not of the family that stands in its place. */
export function mismatch({ clusterIPs, families }: Addressing): number | undefined {
  const index = clusterIPs.findIndex((text, at) => {
    const family = familyOfText(text)
    return family !== undefined && families[at] !== undefined && families[at] !== family
  })
  return index < 0 ? undefined : index
}

export function familyOfText(text: string): Family | undefined {
  const ip = parseIP(text)
  return ip === undefined ? undefined : familyOf(ip)
}

/** Where an address is written, or would be. */
export function addressPath(spec: ServiceSpec, index: number): Path {
  const listed = index < (spec.clusterIPs ?? []).length
  return listed ? ['spec', 'clusterIPs', index] : ['spec', 'clusterIP']
}

/** Where the policy is written, or what calls for another one. */
export function policyPath(spec: ServiceSpec): Path {
  if (spec.ipFamilyPolicy !== undefined) return ['spec', 'ipFamilyPolicy']
  return ['spec', (spec.clusterIPs ?? []).length > 1 ? 'clusterIPs' : 'ipFamilies']
}

function areAddresses(addressing: Addressing): boolean {
  const [first, second] = addressing.clusterIPs.map(familyOfText)
  const known = addressing.clusterIPs.every((text) => familyOfText(text) !== undefined)
  return known && (second === undefined || first !== second) && mismatch(addressing) === undefined
}

function isFamily(text: string): text is Family {
  return text === 'IPv4' || text === 'IPv6'
}
