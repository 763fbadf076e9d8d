import { printCIDR, readCIDR } from '../address/cidr.ts'
import { isPlainIPv4, readIP } from '../address/ip.ts'
import { type Complaint, complaint, type Say } from '../diagnostic/complaint.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import type { Fields } from '../manifest/document.ts'
import { type Field, field, printField } from './api-error.ts'
import { quote } from './go-text.ts'
import { list, map, text } from './metadata.ts'
import type { Service } from './service.ts'
import { clusterIPField, clusterIPsOf } from './validate-cluster-ips.ts'
import { type Origin, placeOf } from './written.ts'

// What the API server warns of while it creates an object, in its words: GetWarningsForService and
// its like. Malformed addresses and blocks are errors since its validation is strict, so only the
// one field that it does not validate, loadBalancerIP, can have them here.

export const ignoredForHeadless = warning(
  'ignored-for-headless',
  'a headless Service has no address for this field to apply to',
)
export const ignoredField = warning(
  'ignored-field',
  'a field must matter for the type of a Service',
)
export const deprecatedValue = warning('deprecated-value', 'a value has a successor')
export const nonStandardIP = warning('non-standard-ip', 'an address should be in canonical form')
export const externalIPsDeprecated = warning(
  'external-ips-deprecated',
  'externalIPs may no longer be implemented',
)

function warning(code: string, summary: string): Say<[message: string, help?: string]> {
  return complaint(code, 'warning', summary, (message: string, help?: string) => ({
    message,
    help,
  }))
}

export const serverWarnings: readonly Complaint[] = [
  externalIPsDeprecated,
  ignoredForHeadless,
  ignoredField,
  deprecatedValue,
  nonStandardIP,
]

type Warn = (kind: ReturnType<typeof warning>, at: Field, message: string, help?: string) => void

function warnAt(origin: Origin, report: Report): Warn {
  return (kind, { path, part }, message, help) => {
    report(kind(message, help).at(placeOf(origin, path, part)))
  }
}

/** What the server warns of when it creates a Service. */
export function warnOfService(service: Service, origin: Origin, report: Report): void {
  const { spec, annotations } = service
  const warn = warnAt(origin, report)
  const hints = 'service.kubernetes.io/topology-aware-hints'
  const mode = 'service.kubernetes.io/topology-mode'
  if (annotations[hints] !== undefined) {
    const at: Field = { ...field('metadata', 'annotations', hints), part: 'key' }
    warn(deprecatedValue, at, `annotation ${hints} is deprecated, please use ${mode} instead`)
  }
  warnOfAddresses(service, warn)
  warnOfIgnored(service, warn)
  if (spec.trafficDistribution === 'PreferClose') {
    const at = field('spec', 'trafficDistribution')
    const message = 'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"'
    warn(deprecatedValue, at, message)
  }
}

function warnOfAddresses({ spec }: Service, warn: Warn): void {
  clusterIPsOf(spec).forEach((ip, index) => {
    if (!isPlainIPv4(ip)) warnOfForm(ip, clusterIPField(spec, index), warn)
  })
  spec.externalIPs?.forEach((ip, index) => {
    warnOfForm(ip, field('spec', 'externalIPs', index), warn)
  })
  if (spec.loadBalancerIP !== undefined) {
    const at = field('spec', 'loadBalancerIP')
    warnOfOddForm(spec.loadBalancerIP, at, warn)
    warnOfForm(spec.loadBalancerIP, at, warn)
  }
  spec.loadBalancerSourceRanges?.forEach((range, index) => {
    warnOfBlock(range, field('spec', 'loadBalancerSourceRanges', index), warn)
  })
}

const externalIPs: Field = { ...field('spec', 'externalIPs'), part: 'key' }

function warnOfIgnored({ spec }: Service, warn: Warn): void {
  const headless = spec.type === 'ClusterIP' && spec.clusterIP === 'None'
  const external = spec.type === 'ExternalName'
  if (headless && spec.loadBalancerIP !== undefined) {
    const message = 'spec.loadBalancerIP is ignored for headless services'
    warn(ignoredForHeadless, field('spec', 'loadBalancerIP'), message)
  }
  if (headless && spec.externalIPs !== undefined) {
    warn(ignoredForHeadless, externalIPs, 'spec.externalIPs is ignored for headless services')
  }
  if (headless && spec.sessionAffinity !== 'None') {
    const message = 'spec.SessionAffinity is ignored for headless services'
    warn(ignoredForHeadless, field('spec', 'sessionAffinity'), message)
  }
  if (!headless && !external && spec.externalIPs !== undefined) {
    const message =
      'spec.externalIPs is deprecated and may no longer be implemented in some clusters'
    warn(externalIPsDeprecated, externalIPs, message)
  }
  if (external && spec.externalIPs !== undefined) {
    const message = 'spec.externalIPs is ignored when spec.type is "ExternalName"'
    warn(ignoredField, externalIPs, message)
  }
  if (!external && spec.externalName !== undefined) {
    const message = 'spec.externalName is ignored when spec.type is not "ExternalName"'
    warn(ignoredField, field('spec', 'externalName'), message)
  }
}

/** What the server warns of when it creates an EndpointSlice. Addresses in odd forms are refused. */
export function warnOfEndpointSlice(fields: Fields, origin: Origin, report: Report): void {
  if (fields.addressType !== 'FQDN') return
  const message = 'spec.addressType: FQDN endpoints are deprecated'
  warnAt(origin, report)(deprecatedValue, field('addressType'), message)
}

/** What the server warns of when it creates Endpoints; it trusts its own controller. */
export function warnOfEndpoints(fields: Fields, origin: Origin, report: Report): void {
  const managedBy = map(map(fields.metadata).labels)['endpoints.kubernetes.io/managed-by']
  if (managedBy === 'endpoint-controller') return
  const warn = warnAt(origin, report)
  for (const [index, subset] of list(fields.subsets).entries()) {
    for (const key of ['addresses', 'notReadyAddresses']) {
      for (const [i, address] of list(map(subset)[key]).entries()) {
        const ip = text(map(address).ip) ?? ''
        warnOfForm(ip, field('subsets', index, key, i, 'ip'), warn)
      }
    }
  }
}

/** An IPv6 address that is right, but not written as RFC 5952 has it. */
function warnOfForm(written: string, at: Field, warn: Warn): void {
  const read = readIP(written)
  if (read === undefined || read.leadingZeros || read.mapped || read.ip === written) return
  const message = `${printField(at)}: IPv6 address ${quote(written)} should be in RFC 5952 canonical format (${quote(read.ip)})`
  warn(nonStandardIP, at, message, `write "${read.ip}"`)
}

/** An address with leading zeros, or an IPv4 address in the clothes of IPv6. */
function warnOfOddForm(written: string, at: Field, warn: Warn): void {
  const read = readIP(written)
  if (read === undefined || !(read.leadingZeros || read.mapped)) return
  const message = `${printField(at)}: non-standard IP address ${quote(written)} is invalid: use ${quote(read.ip)}`
  warn(nonStandardIP, at, message, `write "${read.ip}"`)
}

/** A block of IPv6 that is right, but not written as RFC 5952 has it. */
function warnOfBlock(written: string, at: Field, warn: Warn): void {
  const read = readCIDR(written)
  if (read === undefined || read.leadingZeros || read.mapped) return
  const canonical = printCIDR(read.cidr)
  if (read.address !== read.cidr.base || canonical === written) return
  const message = `${printField(at)}: IPv6 CIDR value ${quote(written)} should be in RFC 5952 canonical format (${quote(canonical)})`
  warn(nonStandardIP, at, message, `write "${canonical}"`)
}
