import { expect, test } from '@jest/globals'
import { fieldsOfService } from '../../../src/text/kubectl/service-fields.ts'
import { printYAML } from '../../../src/text/kubectl/yaml.ts'
import { service } from '../../support/resources.ts'

test('a granted Service has every number, and what was given of its metadata', () => {
  const web = service({
    name: 'web',
    labels: { app: 'web' },
    fields: {
      metadata: {
        name: 'web',
        creationTimestamp: null,
        labels: { app: 'web' },
        annotations: {},
        finalizers: ['service.kubernetes.io/load-balancer-cleanup'],
        managedFields: [{ manager: 'kubectl' }],
      },
    },
    type: 'LoadBalancer',
    clusterIP: '10.96.0.10',
    clusterIPs: ['10.96.0.10'],
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    externalTrafficPolicy: 'Local',
    internalTrafficPolicy: 'Cluster',
    allocateLoadBalancerNodePorts: false,
    healthCheckNodePort: 31000,
    publishNotReadyAddresses: false,
    selector: { app: 'web' },
    ports: [{ name: 'http', port: 80, targetPort: 'web', nodePort: 30080 }, { port: 443 }],
    ingress: [{ ip: '192.0.2.1', ipMode: 'VIP' }],
  })
  expect(printYAML(fieldsOfService(web))).toBe(`\
apiVersion: v1
kind: Service
metadata:
  finalizers:
  - service.kubernetes.io/load-balancer-cleanup
  labels:
    app: web
  name: web
  namespace: default
spec:
  allocateLoadBalancerNodePorts: false
  clusterIP: 10.96.0.10
  clusterIPs:
  - 10.96.0.10
  externalTrafficPolicy: Local
  healthCheckNodePort: 31000
  internalTrafficPolicy: Cluster
  ipFamilies:
  - IPv4
  ipFamilyPolicy: SingleStack
  ports:
  - name: http
    nodePort: 30080
    port: 80
    protocol: TCP
    targetPort: web
  - port: 443
    protocol: TCP
    targetPort: 443
  selector:
    app: web
  sessionAffinity: None
  type: LoadBalancer
status:
  loadBalancer:
    ingress:
    - ip: 192.0.2.1
      ipMode: VIP
`)
})

test('a Service without addresses has an empty status', () => {
  const ext = service({ name: 'ext', type: 'ExternalName', externalName: 'db.example.com' })
  expect(printYAML(fieldsOfService(ext))).toBe(`\
apiVersion: v1
kind: Service
metadata:
  name: ext
  namespace: default
spec:
  externalName: db.example.com
  sessionAffinity: None
  type: ExternalName
status:
  loadBalancer: {}
`)
})
