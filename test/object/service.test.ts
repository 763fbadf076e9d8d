import { describe, expect, test } from '@jest/globals'
import { isHeadless } from '../../src/object/service.ts'
import { read, service } from '../support/objects.ts'

describe('what a Service does not say is filled in as it is decoded', () => {
  const plain = { type: 'ClusterIP', sessionAffinity: 'None', internalTrafficPolicy: 'Cluster' }
  const port = { name: '', protocol: 'TCP', port: 80, targetPort: 80, nodePort: 0 }
  test.each<[string, object]>([
    ['{ports: [{port: 80}]}', { ...plain, ports: [port] }],
    ['{ports: [{port: 80, targetPort: 0}]}', { ...plain, ports: [port] }],
    ['{ports: [{port: 80, targetPort: ""}]}', { ...plain, ports: [port] }],
    ['{ports: [{port: 80, protocol: ""}]}', { ...plain, ports: [port] }],
    [
      '{ports: [{port: 80, targetPort: web}]}',
      { ...plain, ports: [{ ...port, targetPort: 'web' }] },
    ],
    ['{ports: [{port: 80}], type: "", sessionAffinity: ""}', { ...plain, ports: [port] }],
    ['{ports: [{port: 80}], selector: {}, externalIPs: []}', { ...plain, ports: [port] }],
    [
      '{ports: [{port: 80}], sessionAffinity: ClientIP}',
      {
        ...plain,
        ports: [port],
        sessionAffinity: 'ClientIP',
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } },
      },
    ],
    [
      '{ports: [{port: 80}], sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 5}}}',
      {
        ...plain,
        ports: [port],
        sessionAffinity: 'ClientIP',
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 5 } },
      },
    ],
    [
      '{ports: [{port: 80}], sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {}}}',
      {
        ...plain,
        ports: [port],
        sessionAffinity: 'ClientIP',
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } },
      },
    ],
    [
      '{ports: [{port: 80}], sessionAffinityConfig: {clientIP: {timeoutSeconds: 5}}}',
      { ...plain, ports: [port] },
    ],
    [
      '{ports: [{port: 80}], type: NodePort}',
      { ...plain, ports: [port], type: 'NodePort', externalTrafficPolicy: 'Cluster' },
    ],
    [
      '{ports: [{port: 80}], type: LoadBalancer, externalTrafficPolicy: Local}',
      {
        ...plain,
        ports: [port],
        type: 'LoadBalancer',
        externalTrafficPolicy: 'Local',
        allocateLoadBalancerNodePorts: true,
      },
    ],
    [
      '{ports: [{port: 80}], externalIPs: [1.2.3.4]}',
      { ...plain, ports: [port], externalIPs: ['1.2.3.4'], externalTrafficPolicy: 'Cluster' },
    ],
    [
      '{type: ExternalName, externalName: a.b}',
      { type: 'ExternalName', sessionAffinity: 'None', ports: [], externalName: 'a.b' },
    ],
    ['{clusterIP: None}', { ...plain, ports: [], clusterIP: 'None' }],
  ])('%s', (spec, expected) => {
    const { cluster, found } = read(service(spec))
    expect(found.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(cluster.services.map((one) => one.spec)).toEqual([expected])
  })

  test('addresses of a balancer are virtual ones', () => {
    const text = (type: string): string =>
      `${service(`{type: ${type}, ports: [{port: 80}]}`)}status: {loadBalancer: {ingress: [{ip: 1.2.3.4}, {hostname: a.b}, {ip: 1.2.3.5, ipMode: Proxy}]}}\n`
    const ingressOf = (type: string) => read(text(type)).cluster.services[0]?.ingress
    expect(ingressOf('LoadBalancer')).toEqual([
      { ip: '1.2.3.4', ipMode: 'VIP' },
      { hostname: 'a.b' },
      { ip: '1.2.3.5', ipMode: 'Proxy' },
    ])
    expect(ingressOf('NodePort')?.[0]).toEqual({ ip: '1.2.3.4' })
  })

  test('what was written stays as it was', () => {
    const [found] = read(service('{clusterIP: None}')).cluster.services
    expect(found?.fields.spec).toEqual({ clusterIP: 'None' })
    expect(found !== undefined && isHeadless(found)).toBe(true)
  })
})
