import { type Family, familyOf, ipIn, isPlainIPv4 } from '../address/ip.ts'
import {
  type ApiError,
  duplicate,
  type Field,
  field,
  invalid,
  noErrors,
  required,
  unsupported,
} from './api-error.ts'
import { json, quote } from './go-text.ts'
import { ipErrors } from './ip-rules.ts'
import type { ServiceSpec } from './service.ts'

/** `clusterIPs` as the server completes it before all else; `clusterIP` follows from nothing. */
export function clusterIPsOf({ clusterIP, clusterIPs }: ServiceSpec): readonly string[] {
  return clusterIPs ?? (clusterIP === undefined ? [] : [clusterIP])
}

/** Headless as validation sees it. */
export function hasNoClusterIP(spec: ServiceSpec): boolean {
  const ips = clusterIPsOf(spec)
  return ips.length === 1 && ips[0] === 'None'
}

/** `spec.clusterIPs`, pointing at the `clusterIP` that it was completed from, if it was. */
export function clusterIPsField({ clusterIPs }: ServiceSpec): Field {
  if (clusterIPs !== undefined) return field('spec', 'clusterIPs')
  return { name: 'spec.clusterIPs', path: ['spec', 'clusterIP'] }
}

export function clusterIPField({ clusterIPs }: ServiceSpec, index: number): Field {
  if (clusterIPs !== undefined) return field('spec', 'clusterIPs', index)
  return { name: `spec.clusterIPs[${index}]`, path: ['spec', 'clusterIP'] }
}

/**
 * The cluster IPs and their families: ValidateServiceClusterIPsRelatedFields. The server checks
 * these twice, the first time before it hands out anything, and then says nothing else.
 */
export function clusterIPErrors(spec: ServiceSpec): readonly ApiError[] {
  if (spec.type === 'ExternalName' || isPlain(spec)) return noErrors
  const malformed = ipListErrors(spec)
  return [
    ...agreementErrors(spec),
    ...familyErrors(spec.ipFamilies ?? []),
    ...policyErrors(spec.ipFamilyPolicy),
    ...malformed.errors,
    ...(malformed.any ? [] : pairErrors(spec)),
  ]
}

const policies = ['PreferDualStack', 'RequireDualStack', 'SingleStack']

/** Nothing at all, or one IPv4 address: of most Services there is nothing to say. */
function isPlain({ clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy }: ServiceSpec): boolean {
  if (ipFamilyPolicy !== undefined && !policies.includes(ipFamilyPolicy)) return false
  if (ipFamilies !== undefined && (ipFamilies.length > 1 || ipFamilies[0] !== 'IPv4')) return false
  if (clusterIPs !== undefined && (clusterIPs.length > 1 || clusterIPs[0] !== clusterIP))
    return false
  return clusterIP === undefined || isPlainIPv4(clusterIP)
}

/** Whether `clusterIP` and `clusterIPs` say the same. */
function agreementErrors(spec: ServiceSpec): ApiError[] {
  const ips = clusterIPsOf(spec)
  const at = clusterIPsField(spec)
  if (spec.clusterIP === undefined) {
    if (ips.length === 0) return []
    const help = ips[0] === '' ? undefined : `write clusterIP: ${ips[0]} as well`
    return [invalid(at, json(ips), 'must be empty when `clusterIP` is not specified', help)]
  }
  if (ips.length === 0) return [required(at)]
  if (ips[0] === spec.clusterIP) return []
  return [invalid(at, json(ips), 'first value must match `clusterIP`')]
}

function familyErrors(families: readonly string[]): ApiError[] {
  const errors: ApiError[] = []
  for (const [index, family] of families.entries()) {
    const at = field('spec', 'ipFamilies', index)
    if (family !== 'IPv4' && family !== 'IPv6') {
      errors.push(unsupported(at, family, ['IPv4', 'IPv6']))
    }
    const first = families.indexOf(family)
    if (first < index) errors.push(duplicate(at, json(family), ['spec', 'ipFamilies', first]))
  }
  return errors
}

function policyErrors(policy: string | undefined): ApiError[] {
  if (policy === undefined || policies.includes(policy)) return []
  return [unsupported(field('spec', 'ipFamilyPolicy'), policy, policies)]
}

/** What is wrong with the addresses one by one, and whether that makes their families unknown. */
function ipListErrors(spec: ServiceSpec): { readonly errors: ApiError[]; readonly any: boolean } {
  const ips = clusterIPsOf(spec)
  const errors: ApiError[] = []
  for (const [index, ip] of ips.entries()) {
    if (index > 0 || ip !== 'None') errors.push(...ipErrors(clusterIPField(spec, index), ip))
    else if (ips.length > 1) {
      const detail = "'None' must be the first and only value"
      errors.push(invalid(clusterIPsField(spec), json(ips), detail))
    }
  }
  const any = errors.length > 0
  if (ips.length > 2) {
    errors.push(invalid(clusterIPsField(spec), json(ips), 'may only hold up to 2 values'))
  }
  return { errors, any }
}

function pairErrors(spec: ServiceSpec): ApiError[] {
  const ips = clusterIPsOf(spec)
  if (hasNoClusterIP(spec)) return []
  const families = ips.map(familyOfText)
  const errors: ApiError[] = []
  if (ips.length > 1 && new Set(families).size < 2) {
    const detail = 'may specify no more than one IP for each IP family'
    errors.push(invalid(clusterIPsField(spec), json(ips), detail))
  }
  for (const [index, wanted] of (spec.ipFamilies ?? []).entries()) {
    const [ip, family] = [ips[index], families[index]]
    if (ip === undefined || family === wanted) continue
    if (wanted !== 'IPv4' && wanted !== 'IPv6') continue
    const detail = `expected an ${wanted} value as indicated by \`ipFamilies[${index}]\``
    errors.push(invalid(clusterIPField(spec, index), quote(ip), detail))
  }
  return errors
}

function familyOfText(text: string): Family | undefined {
  const ip = ipIn(text)
  return ip === undefined ? undefined : familyOf(ip)
}
