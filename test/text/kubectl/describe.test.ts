import { describe, expect, test } from '@jest/globals'
import { describeMatchingServices, describeServices } from '../../../src/text/kubectl/describe.ts'
import { type ServiceWish, type SliceWish, service, slice } from '../../support/resources.ts'

// What stands here was compared with kubectl 1.32, and with the sources of 1.36 where they differ.

const np: ServiceWish = {
  name: 'np',
  type: 'NodePort',
  labels: { b: '2', a: '1' },
  annotations: { note: 'hi', 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
  selector: { app: 'web' },
  ipFamilyPolicy: 'SingleStack',
  ipFamilies: ['IPv4'],
  clusterIP: '10.96.0.10',
  clusterIPs: ['10.96.0.10'],
  externalIPs: ['1.2.3.4'],
  externalTrafficPolicy: 'Cluster',
  internalTrafficPolicy: 'Cluster',
  ports: [
    { name: 'http', port: 80, targetPort: 8080, nodePort: 30080 },
    { name: 'https', port: 8443, targetPort: 'tls', nodePort: 30101 },
  ],
}

test('a NodePort Service, one of whose ports nobody serves', () => {
  const slices = [
    slice({ ports: [{ name: 'http', port: 8080 }], addresses: ['10.1.0.1', '10.1.0.2'] }),
  ]
  expect(describeServices([{ service: service(np), slices }])).toBe(`\
Name:                     np
Namespace:                default
Labels:                   a=1
                          b=2
Annotations:              note: hi
Selector:                 app=web
Type:                     NodePort
IP Family Policy:         SingleStack
IP Families:              IPv4
IP:                       10.96.0.10
IPs:                      10.96.0.10
External IPs:             1.2.3.4
Port:                     http  80/TCP
TargetPort:               8080/TCP
NodePort:                 http  30080/TCP
Endpoints:                10.1.0.1:8080,10.1.0.2:8080
Port:                     https  8443/TCP
TargetPort:               tls/TCP
NodePort:                 https  30101/TCP
Endpoints:                ${''}
Session Affinity:         None
External Traffic Policy:  Cluster
Internal Traffic Policy:  Cluster
Events:                   <none>
`)
})

test('every line there can be', () => {
  const lb = service({
    name: 'lb',
    namespace: 'edge',
    type: 'LoadBalancer',
    ipFamilyPolicy: 'PreferDualStack',
    ipFamilies: ['IPv4', 'IPv6'],
    clusterIP: '10.96.0.13',
    clusterIPs: ['10.96.0.13', 'fd00::d'],
    loadBalancerIP: '7.7.7.7',
    ingress: [{ ip: '7.7.7.7', ipMode: 'VIP' }, { hostname: 'lb.example.com' }],
    externalTrafficPolicy: 'Local',
    internalTrafficPolicy: 'Local',
    healthCheckNodePort: 31000,
    loadBalancerSourceRanges: ['10.0.0.0/8', '192.168.0.0/16'],
    sessionAffinity: 'ClientIP',
    trafficDistribution: 'PreferSameZone',
    ports: [{ port: 443, nodePort: 30443, appProtocol: 'kubernetes.io/h2c' }],
  })
  const slices = [slice({ addressType: 'IPv6', ports: [{ port: 443 }], addresses: ['fd00::1'] })]
  expect(describeServices([{ service: lb, slices }])).toBe(`\
Name:                        lb
Namespace:                   edge
Labels:                      <none>
Annotations:                 <none>
Selector:                    <none>
Type:                        LoadBalancer
IP Family Policy:            PreferDualStack
IP Families:                 IPv4,IPv6
IP:                          10.96.0.13
IPs:                         10.96.0.13,fd00::d
Desired LoadBalancer IP:     7.7.7.7
LoadBalancer Ingress:        7.7.7.7 (VIP), lb.example.com
Port:                        <unset>  443/TCP
TargetPort:                  443/TCP
AppProtocol:                 kubernetes.io/h2c
NodePort:                    <unset>  30443/TCP
Endpoints:                   [fd00::1]:443
Session Affinity:            ClientIP
External Traffic Policy:     Local
Internal Traffic Policy:     Local
HealthCheck NodePort:        31000
LoadBalancer Source Ranges:  10.0.0.0/8,192.168.0.0/16
Traffic Distribution:        PreferSameZone
Events:                      <none>
`)
})

test('labels are no wider than their own Service needs', () => {
  const ext = service({ name: 'ext', type: 'ExternalName', externalName: 'db.example.com' })
  expect(describeServices([{ service: ext, slices: [] }])).toBe(`\
Name:              ext
Namespace:         default
Labels:            <none>
Annotations:       <none>
Selector:          <none>
Type:              ExternalName
IP Families:       <none>
IP:                ${''}
IPs:               <none>
External Name:     db.example.com
Session Affinity:  None
Events:            <none>
`)
})

test('two Services are two empty lines apart, and nothing is said of events', () => {
  const two = ['a', 'b'].map((name) => ({ service: service({ name }), slices: [] }))
  const text = describeServices(two)
  expect(text).toContain('Session Affinity:  None\n\n\nName:              b\n')
  expect(text).not.toContain('Events')
  expect(describeServices(two, true).match(/^Events: +<none>$/gm)).toHaveLength(2)
  expect(describeServices(two.slice(0, 1), false)).not.toContain('Events')
})

test('a Service found by the beginning of its name ends in an empty line', () => {
  const text = describeMatchingServices([{ service: service({ name: 'web-1' }), slices: [] }])
  expect(text.endsWith('Session Affinity:  None\n\n')).toBe(true)
})

describe('the cell of the endpoints', () => {
  test.each<[string, SliceWish[], string]>([
    ['no slices', [], '<none>'],
    ['slices without this port', [{ ports: [{ name: 'other', port: 1 }], addresses: ['a'] }], ''],
    [
      'two ready ones',
      [{ ports: [{ port: 80 }], addresses: ['10.1.0.1', '10.1.0.2!', '10.1.0.3'] }],
      '10.1.0.1:80,10.1.0.3:80',
    ],
    [
      'five ready ones in two slices',
      [
        { ports: [{ port: 80 }], addresses: ['a', 'b'] },
        { ports: [{ port: 81 }], addresses: ['c', 'd', 'e'] },
      ],
      'a:80,b:80,c:81 + 2 more...',
    ],
    [
      'three ready ones before one that is not',
      [{ ports: [{ port: 80 }], addresses: ['a', 'b', 'c', 'd!'] }],
      'a:80,b:80,c:80 + 0 more...',
    ],
    [
      'three ready ones behind one that is not',
      [{ ports: [{ port: 80 }], addresses: ['d!', 'a', 'b', 'c'] }],
      'a:80,b:80,c:80',
    ],
    ['a slice without ports', [{ addresses: ['10.1.0.1', 'fd00::1'] }], '10.1.0.1,fd00::1'],
  ])('%s', (_, slices, cell) => {
    const web = service({ name: 'web', ports: [{ port: 80 }] })
    const text = describeServices([{ service: web, slices: slices.map(slice) }])
    expect(/^Endpoints: {9}(.*)$/m.exec(text)?.[1]).toBe(cell)
  })
})

describe('an annotation', () => {
  test.each([
    ['short', 'a', 'a: b', 'b'],
    ['140 long', 'a', `a: ${'x'.repeat(137)}`, 'x'.repeat(137)],
    ['141 long', 'a', `a:\n  ${'x'.repeat(138)}`, 'x'.repeat(138)],
    ['longer', 'a', `a:\n  ${'x'.repeat(138)}...`, 'x'.repeat(139)],
    ['of letters that are not ASCII', 'a', `a:\n  ${'é'.repeat(69)}...`, 'é'.repeat(70)],
    ['of two lines', 'a', 'a:\n  x\n  y', 'x\ny\n'],
    ['with an escape sequence', 'a', 'a: ^[[31mred', '\x1b[31mred'],
  ])('%s', (_, key, shown, value) => {
    const web = service({ name: 'web', annotations: { [key]: value } })
    const text = describeServices([{ service: web, slices: [] }])
    const lines = /^Annotations: {7}([\s\S]*)^Selector/m.exec(text)?.[1] ?? ''
    expect(lines.replaceAll(`\n${' '.repeat(19)}`, '\n')).toBe(`${shown}\n`)
  })
})
