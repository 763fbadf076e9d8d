import { describe, expect, test } from '@jest/globals'
import type { Fields } from '../../src/manifest/document.ts'
import { allocateAll, messagesOf, nothingHeld, poolsWith, service } from './services.ts'

const clusters = {
  v4: ['10.96.0.0/12'],
  v6: ['fd00::/112'],
  'v4 and v6': ['10.96.0.0/12', 'fd00::/112'],
  'v6 and v4': ['fd00::/112', '10.96.0.0/12'],
}
type ClusterName = keyof typeof clusters

const headless = { clusterIP: 'None', selector: { app: 'web' } }
const bare = { clusterIP: 'None' }

describe('the families of a new Service', () => {
  test.each<[ClusterName, string, Fields, string]>([
    ['v4', 'nothing', {}, 'SingleStack IPv4'],
    ['v6', 'nothing', {}, 'SingleStack IPv6'],
    ['v4 and v6', 'nothing', {}, 'SingleStack IPv4'],
    ['v6 and v4', 'nothing', {}, 'SingleStack IPv6'],
    ['v4', 'to prefer two', { ipFamilyPolicy: 'PreferDualStack' }, 'PreferDualStack IPv4'],
    [
      'v4 and v6',
      'to prefer two',
      { ipFamilyPolicy: 'PreferDualStack' },
      'PreferDualStack IPv4,IPv6',
    ],
    ['v6 and v4', 'for two', { ipFamilyPolicy: 'RequireDualStack' }, 'RequireDualStack IPv6,IPv4'],
    ['v4 and v6', 'for the other', { ipFamilies: ['IPv6'] }, 'SingleStack IPv6'],
    [
      'v4 and v6',
      'for the other first',
      { ipFamilies: ['IPv6'], ipFamilyPolicy: 'PreferDualStack' },
      'PreferDualStack IPv6,IPv4',
    ],
    ['v4 and v6', 'by an address', { clusterIP: 'fd00::5' }, 'SingleStack IPv6'],
    [
      'v4 and v6',
      'by one address of two',
      { clusterIP: 'fd00::5', ipFamilyPolicy: 'PreferDualStack' },
      'PreferDualStack IPv6,IPv4',
    ],
    ['v4', 'headless', headless, 'SingleStack IPv4'],
    [
      'v4 and v6',
      'headless, for two',
      { ...headless, ipFamilyPolicy: 'PreferDualStack' },
      'PreferDualStack IPv4,IPv6',
    ],
    ['v4', 'headless without selector', bare, 'RequireDualStack IPv4,IPv6'],
    ['v6', 'headless without selector', bare, 'RequireDualStack IPv6,IPv4'],
    [
      'v4',
      'headless without selector, for one',
      { ...bare, ipFamilyPolicy: 'SingleStack' },
      'SingleStack IPv4',
    ],
    [
      'v4',
      'headless without selector, for the one that is not there',
      { ...bare, ipFamilies: ['IPv6'], ipFamilyPolicy: 'SingleStack' },
      'SingleStack IPv6',
    ],
    [
      'v4',
      'headless without selector, for two',
      { ...bare, ipFamilies: ['IPv6', 'IPv4'] },
      'RequireDualStack IPv6,IPv4',
    ],
    ['v4', 'ExternalName', { type: 'ExternalName' }, ' '],
  ])('in a cluster of %s, asked %s', (cluster, _, spec, expected) => {
    const { granted } = allocateIn(cluster, spec)
    expect(granted.map((it) => familiesOf(it.spec))).toEqual([expected])
  })

  test('two addresses come in the order of the families', () => {
    const { granted } = allocateIn('v4 and v6', {
      ipFamilies: ['IPv6', 'IPv4'],
      ipFamilyPolicy: 'RequireDualStack',
    })
    const [first, second] = granted[0]?.spec.clusterIPs ?? []
    expect(first).toMatch(/^fd00::/)
    expect(second).toMatch(/^10\./)
    expect(granted[0]?.spec.clusterIP).toBe(first)
  })

  test.each<[ClusterName, string, Fields, string[]]>([
    [
      'v4',
      'two',
      { ipFamilyPolicy: 'RequireDualStack' },
      [
        'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
      ],
    ],
    [
      'v4',
      'the other',
      { ipFamilies: ['IPv6'] },
      ['spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster'],
    ],
    [
      'v4',
      'both, without saying so',
      { ipFamilies: ['IPv4', 'IPv6'] },
      [
        "spec.ipFamilyPolicy: Invalid value: \"SingleStack\": must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified",
      ],
    ],
    ...['PreferDualStack', 'RequireDualStack'].map(
      (ipFamilyPolicy): [ClusterName, string, Fields, string[]] => [
        'v4',
        `both by name and ${ipFamilyPolicy}`,
        { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy },
        ['spec.ipFamilies[1]: Invalid value: "IPv6": not configured on this cluster'],
      ],
    ),
    [
      'v4',
      'an address of the other',
      { clusterIP: 'fd00::5' },
      ['spec.clusterIPs[0]: Invalid value: ["fd00::5"]: IPv6 is not configured on this cluster'],
    ],
    [
      'v4 and v6',
      'two addresses, without saying so',
      { clusterIP: '10.96.0.5', clusterIPs: ['10.96.0.5', 'fd00::5'] },
      [
        "spec.ipFamilyPolicy: Invalid value: \"SingleStack\": must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are specified",
      ],
    ],
    [
      'v4 and v6',
      'an address that is taken, and another',
      { clusterIP: '10.96.0.1', ipFamilyPolicy: 'PreferDualStack' },
      [
        'spec.clusterIPs: Invalid value: ["10.96.0.1",""]: failed to allocate IP 10.96.0.1: provided IP is already allocated',
      ],
    ],
    [
      'v4',
      'headless with selector, two',
      { ...headless, ipFamilyPolicy: 'RequireDualStack' },
      [
        'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
      ],
    ],
  ])('in a cluster of %s cannot be: %s', (cluster, _, spec, messages) => {
    expect(messagesOf(allocateIn(cluster, spec))).toEqual(messages)
  })
})

describe('the families of a Service that is there', () => {
  const prefer = { ipFamilyPolicy: 'PreferDualStack' }
  const single = { ipFamilyPolicy: 'SingleStack' }

  test.each<[string, Fields, Fields, string]>([
    ['stay as they are', prefer, {}, 'PreferDualStack IPv4,IPv6'],
    ['become two', {}, prefer, 'PreferDualStack IPv4,IPv6'],
    ['become one', prefer, single, 'SingleStack IPv4'],
    ['become one that is named', prefer, { ...single, ipFamilies: ['IPv4'] }, 'SingleStack IPv4'],
    [
      'change where no address depends on them',
      headless,
      { ...headless, ipFamilies: ['IPv6'] },
      'SingleStack IPv6',
    ],
    ['go with the addresses', prefer, { type: 'ExternalName' }, ' '],
    ['come with the addresses', { type: 'ExternalName' }, prefer, 'PreferDualStack IPv4,IPv6'],
    [
      'are settled anew from ExternalName to headless',
      { type: 'ExternalName' },
      headless,
      'SingleStack IPv4',
    ],
  ])('%s', (_, before, after, expected) => {
    const { held } = allocateIn('v4 and v6', before)
    const { granted, diagnostics } = allocateIn('v4 and v6', after, held)
    expect(diagnostics).toEqual([])
    expect(granted.map((it) => familiesOf(it.spec))).toEqual([expected])
    const [was] = held.get('default/web')?.clusterIPs ?? []
    const [is] = granted[0]?.spec.clusterIPs ?? []
    if (was !== undefined && is !== undefined) expect(is).toBe(was)
  })

  test('are not two because the cluster has two now', () => {
    const { held } = allocateIn('v4', prefer)
    const { granted } = allocateIn('v4 and v6', prefer, held)
    expect(granted.map((it) => familiesOf(it.spec))).toEqual(['PreferDualStack IPv4'])
  })

  test('are still two when the cluster has one left', () => {
    const { held } = allocateIn('v4 and v6', prefer)
    const { granted } = allocateIn('v4', prefer, held)
    expect(granted.map((it) => it.spec)).toEqual([held.get('default/web')])
  })

  test('the address that one of two leaves is free again', () => {
    const { held } = allocateIn('v4 and v6', prefer)
    const second = held.get('default/web')?.clusterIPs?.[1]
    const other = service('zeta', { clusterIP: second })
    const options = poolsWith({ serviceCIDRs: clusters['v4 and v6'] })
    const services = [service('web', single), other]
    expect(allocateAll(services, held, options).diagnostics).toEqual([])
    expect(allocateAll([service('web', {}), other], held, options).diagnostics.length).toBe(1)
  })

  test.each<[string, Fields, Fields, string[]]>([
    [
      'be another',
      {},
      { ipFamilies: ['IPv6'] },
      [
        'spec.clusterIPs[0]: Invalid value: "IP": expected an IPv6 value as indicated by `ipFamilies[0]`',
      ],
    ],
    [
      'be two in silence',
      {},
      { ipFamilies: ['IPv4', 'IPv6'] },
      [
        "spec.ipFamilyPolicy: Invalid value: \"SingleStack\": must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified",
      ],
    ],
    [
      'be one in silence',
      prefer,
      { ipFamilies: ['IPv4'] },
      [
        'spec.ipFamilyPolicy: Invalid value: "PreferDualStack": must be \'SingleStack\' to release the secondary IP family',
      ],
    ],
  ])('cannot %s', (_, before, after, messages) => {
    const { held } = allocateIn('v4 and v6', before)
    const ip = held.get('default/web')?.clusterIP ?? ''
    const result = allocateIn('v4 and v6', after, held)
    expect(messagesOf(result).map((it) => it.replaceAll(ip, 'IP'))).toEqual(messages)
  })
})

function allocateIn(cluster: ClusterName, spec: Fields, held = nothingHeld) {
  const options = poolsWith({ serviceCIDRs: clusters[cluster] })
  return allocateAll([service('web', spec)], held, options)
}

function familiesOf(spec: {
  readonly ipFamilyPolicy?: string
  readonly ipFamilies?: readonly string[]
}): string {
  return `${spec.ipFamilyPolicy ?? ''} ${(spec.ipFamilies ?? []).join()}`
}
