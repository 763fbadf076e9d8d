import { describe, expect, test } from '@jest/globals'
import { read, service } from '../support/objects.ts'

describe('the API server warns', () => {
  test.each<[string, string[]]>([
    [
      '{ports: [{port: 80}], externalIPs: [1.2.3.4]}',
      [
        'external-ips-deprecated: spec.externalIPs is deprecated and may no longer be implemented in some clusters',
      ],
    ],
    [
      '{clusterIP: None, loadBalancerIP: 1.2.3.4, externalIPs: [1.2.3.4], sessionAffinity: ClientIP}',
      [
        'ignored-for-headless: spec.loadBalancerIP is ignored for headless services',
        'ignored-for-headless: spec.externalIPs is ignored for headless services',
        'ignored-for-headless: spec.SessionAffinity is ignored for headless services',
      ],
    ],
    [
      '{type: ExternalName, externalName: a.b, externalIPs: [1.2.3.4]}',
      ['ignored-field: spec.externalIPs is ignored when spec.type is "ExternalName"'],
    ],
    [
      '{ports: [{port: 80}], externalName: a.b}',
      ['ignored-field: spec.externalName is ignored when spec.type is not "ExternalName"'],
    ],
    [
      '{ports: [{port: 80}], trafficDistribution: PreferClose}',
      [
        'deprecated-value: spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"',
      ],
    ],
    [
      '{ports: [{port: 80}], clusterIP: "2001:DB8::1"}',
      [
        'non-standard-ip: spec.clusterIPs[0]: IPv6 address "2001:DB8::1" should be in RFC 5952 canonical format ("2001:db8::1")',
      ],
    ],
    [
      '{type: LoadBalancer, ports: [{port: 80}], loadBalancerIP: 010.1.2.3}',
      [
        'non-standard-ip: spec.loadBalancerIP: non-standard IP address "010.1.2.3" is invalid: use "10.1.2.3"',
      ],
    ],
    ['{type: LoadBalancer, ports: [{port: 80}], loadBalancerIP: any text}', []],
    [
      '{type: LoadBalancer, ports: [{port: 80}], loadBalancerSourceRanges: ["2001:DB8::/32", " 10.0.0.0/8", 10.0.0.0/8]}',
      [
        'non-standard-ip: spec.loadBalancerSourceRanges[0]: IPv6 CIDR value "2001:DB8::/32" should be in RFC 5952 canonical format ("2001:db8::/32")',
      ],
    ],
  ])('%s', (spec, warnings) => {
    const { found } = read(service(spec))
    expect(found.map(({ severity }) => severity)).toEqual(warnings.map(() => 'warning'))
    expect(found.map(({ code, message }) => `${code}: ${message}`)).toEqual(warnings)
  })

  test('of an annotation that has a successor', () => {
    const metadata = '{name: web, annotations: {service.kubernetes.io/topology-aware-hints: auto}}'
    expect(read(service('{ports: [{port: 80}]}', metadata)).found).toMatchObject([
      {
        code: 'deprecated-value',
        message:
          'annotation service.kubernetes.io/topology-aware-hints is deprecated, please use service.kubernetes.io/topology-mode instead',
      },
    ])
  })

  test('not of a form that it refuses', () => {
    const spec = '{ports: [{port: 80}], clusterIP: 010.96.0.1}'
    expect(read(service(spec)).found.map(({ severity }) => severity)).toEqual(['error'])
  })
})
