import { readdirSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { complaints } from '../../src/diagnostic/complaints.ts'
import type { ServiceSpec } from '../../src/object/service.ts'
import { rules } from '../../src/survey/survey.ts'
import type { Facts } from '../../src/survey/surveyed.ts'
import { service } from '../support/objects.ts'
import { linesOf, placesOf, surveyOf } from '../support/survey.ts'

/** What is said about documents, without notes of no interest. */
function found(documents: readonly string[], facts: Partial<Facts> = {}): string[] {
  return linesOf(surveyOf(documents.join('---\n'), facts))
}

function meta(name: string, rest = ''): string {
  return `{name: ${name}${rest === '' ? '' : `, ${rest}`}}`
}

function workload(labels: string, ports = '', { name = 'web', kind = 'Deployment' } = {}): string {
  return `apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}}
spec:
  selector: {matchLabels: {}}
  template:
    metadata: {labels: {${labels}}}
    spec: {containers: [{name: main, image: x, ports: [${ports}]}]}
`
}

function slice(wish: {
  service?: string
  type?: string
  ports?: string
  endpoints?: string
}): string {
  const { service = 'web', type = 'IPv4', ports = '{port: 8080}', endpoints = '' } = wish
  const labels = service === '' ? '' : `, labels: {kubernetes.io/service-name: ${service}}`
  return `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: ${service}-1${labels}}
addressType: ${type}
ports: [${ports}]
endpoints: [${endpoints}]
`
}

const node = `apiVersion: v1
kind: Node
metadata: {name: node-a}
status: {addresses: [{type: InternalIP, address: 192.168.10.10}]}
`

const near = '{addresses: [10.244.1.5], nodeName: node-a}'
const nowhere = '{addresses: [10.244.1.5]}'

describe('node ports', () => {
  test.each([
    ['in the static band', 30085, []],
    [
      'in the dynamic band',
      30086,
      [
        'note[node-port-dynamic-band]: node port 30086 lies in the band from which unasked node ports are handed out',
      ],
    ],
    ['out of range, which is said elsewhere', 80, []],
    ['left to the pool', 0, []],
  ])('%s', (_, port, lines) => {
    expect(found([service(`{type: NodePort, ports: [{port: 80, nodePort: ${port}}]}`)])).toEqual(
      lines,
    )
  })

  test('what the ledger holds may be anywhere', () => {
    const spec: ServiceSpec = {
      type: 'NodePort',
      sessionAffinity: 'None',
      ports: [{ name: '', protocol: 'TCP', port: 80, targetPort: 80, nodePort: 31080 }],
    }
    const held = new Map([['default/web', spec]])
    const text = service('{type: NodePort, ports: [{port: 80, nodePort: 31080}]}')
    expect(found([text], { held })).toEqual([])
  })

  test('one number for two protocols is said once', () => {
    const ports =
      '{name: t, port: 53, nodePort: 31053}, {name: u, port: 53, protocol: UDP, nodePort: 31053}'
    const lines = found([service(`{type: NodePort, ports: [${ports}]}`)])
    expect(lines.filter((line) => line.includes('dynamic-band'))).toHaveLength(1)
  })

  test('a health-check port is a node port', () => {
    const spec =
      '{type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: 31000, ports: [{port: 80}]}'
    expect(found([service(spec)])[0]).toContain('node port 31000 lies in the band')
  })

  const wide = {
    pools: { nodePorts: { first: 30000, last: 40000 }, reservedNodePorts: [], serviceCIDRs: [] },
  }

  test.each([
    ['in the ephemeral range', 33000, [], 1],
    ['in it, and reserved', 33000, [{ first: 33000, last: 33009 }], 0],
    ['below it', 32767, [], 0],
  ])('%s', (_, port, reserved, count) => {
    const ephemeral = { range: { first: 32768, last: 60999 }, reserved }
    const text = service(`{type: NodePort, ports: [{port: 80, nodePort: ${port}}]}`)
    const lines = found([text], { ...wide, ephemeral })
    expect(lines.filter((line) => line.includes('[node-port-ephemeral]'))).toHaveLength(count)
  })

  test('the number suggested is free of all that is known', () => {
    const [first] = surveyOf(
      [
        service('{type: NodePort, ports: [{port: 80, nodePort: 30001}]}'),
        workload(
          'a: b',
          '{containerPort: 80, hostPort: 30001}, {containerPort: 81, hostPort: 30000}',
        ),
      ],
      {
        pools: {
          nodePorts: { first: 30000, last: 30003 },
          reservedNodePorts: [],
          serviceCIDRs: [],
        },
        ephemeral: { range: { first: 30003, last: 30003 }, reserved: [] },
      },
    ).filter(({ code }) => code === 'node-port-host-port')
    expect(first?.help).toBe('30002 is free')
  })

  test.each([
    ['a hostPort', '{containerPort: 80, hostPort: 30080}', 1],
    ['a hostPort of another protocol', '{containerPort: 80, hostPort: 30080, protocol: UDP}', 0],
    ['a hostPort on loopback alone', '{containerPort: 80, hostPort: 30080, hostIP: 127.0.0.1}', 0],
    ['a port of the pod alone', '{containerPort: 30080}', 0],
  ])('equal to %s', (_, port, count) => {
    const lines = found([
      service('{type: NodePort, ports: [{port: 80, nodePort: 30080}]}'),
      workload('app: agent', port),
    ])
    expect(lines).toHaveLength(count)
  })

  test('equal to a port of a container with hostNetwork, with both places', () => {
    const text = `${service('{type: NodePort, ports: [{port: 80, nodePort: 30080}]}')}---
apiVersion: v1
kind: Pod
metadata: {name: agent}
spec: {hostNetwork: true, containers: [{name: agent, image: x, ports: [{containerPort: 30080}]}]}
`
    const [only] = surveyOf(text)
    expect(only?.message).toBe(
      'node port TCP 30080 is a port of the host for container agent of Pod agent',
    )
    expect(only && placesOf(only)).toEqual(['30080', '30080'])
  })

  test('a Service that leads to that very port of the host is right', () => {
    expect(
      found([
        service(
          '{type: NodePort, selector: {app: web}, ports: [{port: 80, targetPort: 30080, nodePort: 30080}]}',
        ),
        workload('app: web', '{containerPort: 30080, hostPort: 30080}'),
      ]),
    ).toEqual([])
  })
})

describe('ports that kubectl merges', () => {
  const text = service('{ports: [{name: u, port: 53, protocol: UDP}, {name: t, port: 53}]}')
  const holding = (...protocols: ('TCP' | 'UDP')[]): Partial<Facts> => {
    const ports = protocols.map((protocol) => ({
      name: protocol,
      protocol,
      port: 53,
      targetPort: 53,
      nodePort: 0,
    }))
    return {
      held: new Map([['default/web', { type: 'ClusterIP', sessionAffinity: 'None', ports }]]),
    }
  }

  test.each([
    ['of a new Service are worth a note', {}, 'note'],
    [
      'of which one is added to a Service that is there are worth a warning',
      holding('UDP'),
      'warning',
    ],
    ['whichever it is', holding('TCP'), 'warning'],
    ['that are both there are worth a note', holding('UDP', 'TCP'), 'note'],
  ])('%s', (_, facts, severity) => {
    expect(surveyOf(text, facts).map((it) => it.severity)).toEqual([severity])
  })

  test('the one that is added is shown first', () => {
    expect(surveyOf(text, holding('TCP'))[0]?.message).toBe(
      'kubectl apply merges ports by number alone, so that adding 53/UDP can lose 53/TCP',
    )
  })

  test('two numbers are two ports', () => {
    const other = '{ports: [{name: u, port: 53, protocol: UDP}, {name: t, port: 54}]}'
    expect(found([service(other)])).toEqual([])
  })
})

describe('addresses', () => {
  test.each([
    ['of a Node', '192.168.10.10', {}, 'cluster IP 192.168.10.10 is an address of Node node-a'],
    [
      'of this machine',
      '10.96.0.7',
      { hostAddresses: ['10.96.0.7'] },
      'cluster IP 10.96.0.7 is an address of this machine',
    ],
  ])('a cluster IP that is one %s', (_, ip, facts, message) => {
    const lines = found(
      [service(`{clusterIP: ${ip}, ports: [{port: 80}]}`), node],
      facts as Partial<Facts>,
    )
    expect(lines).toEqual([`warning[cluster-ip-is-node-address]: ${message}`])
  })

  const external = (name: string, spec: string): string =>
    service(`{${spec}, ports: [{port: 80}]}`, meta(name))
  const ingress = (name: string, ip: string, mode = 'VIP'): string =>
    `${service('{type: LoadBalancer, ports: [{port: 80}]}', meta(name))}status: {loadBalancer: {ingress: [{ip: ${ip}, ipMode: ${mode}}]}}\n`

  test.each<[string, string[], string[]]>([
    [
      'two external IPs',
      [external('a', 'externalIPs: [203.0.113.7]'), external('b', 'externalIPs: [203.0.113.7]')],
      ['TCP 203.0.113.7:80 is asked for by default/b and by default/a'],
    ],
    [
      'an external IP and a load-balancer address',
      [external('a', 'externalIPs: [203.0.113.7]'), ingress('b', '203.0.113.7')],
      ['TCP 203.0.113.7:80 is asked for by default/a and by default/b'],
    ],
    [
      'two wishes for a load-balancer address',
      [
        external('a', 'type: LoadBalancer, loadBalancerIP: 203.0.113.7'),
        external('b', 'type: LoadBalancer, loadBalancerIP: 203.0.113.7'),
      ],
      ['TCP 203.0.113.7:80 is asked for by default/b and by default/a'],
    ],
    [
      "an external IP and another's cluster IP",
      [external('a', 'externalIPs: [10.96.7.7]'), external('b', 'clusterIP: 10.96.7.7')],
      ['TCP 10.96.7.7:80 is asked for by default/a and by default/b'],
    ],
    [
      'one address twice for one Service',
      [external('a', 'externalIPs: [203.0.113.7, 203.0.113.7]')],
      [],
    ],
    [
      'addresses behind a proxy',
      [ingress('a', '203.0.113.7', 'Proxy'), ingress('b', '203.0.113.7', 'Proxy')],
      [],
    ],
    [
      'headless Services',
      [
        external('a', 'clusterIP: None, externalIPs: [203.0.113.7]'),
        external('b', 'clusterIP: None, externalIPs: [203.0.113.7]'),
      ],
      [],
    ],
  ])('claimed by %s', (_, texts, messages) => {
    expect(surveyOf(texts).map(({ message }) => message)).toEqual(messages)
  })

  test('a node port and an external IP that is the address of a node', () => {
    const a = service('{type: NodePort, ports: [{port: 80, nodePort: 30080}]}', meta('a'))
    const b = service('{externalIPs: [192.168.10.10], ports: [{port: 30080}]}', meta('b'))
    expect(found([a, b, node])).toEqual([
      'warning[external-address-taken]: TCP 192.168.10.10:30080 is asked for by default/b and by default/a',
    ])
  })

  test('two Services with all their ports in common are said to collide once', () => {
    const spec = '{externalIPs: [203.0.113.7], ports: [{name: a, port: 80}, {name: b, port: 443}]}'
    expect(found([service(spec, meta('a')), service(spec, meta('b'))])).toHaveLength(1)
  })
})

describe('a selector that matches nothing', () => {
  const selecting = (selector: string, name = 'shop', port = '8080'): string =>
    service(`{selector: {${selector}}, ports: [{port: 80, targetPort: ${port}}]}`, meta(name))

  test.each<[string, string[], string, string | undefined]>([
    [
      'a slip in a value',
      [selecting('app: wbe'), workload('app: web')],
      'no pod of the input has app=wbe',
      'did you mean "web"?',
    ],
    [
      'a slip in a key',
      [selecting('App: web'), workload('app: web')],
      'no pod of the input has App=web',
      'did you mean the label "app"?',
    ],
    [
      'a slip beside what matches',
      [selecting('app: web, tier: fronted'), workload('app: web, tier: frontend')],
      'no pod of the input has tier=fronted',
      'did you mean "frontend"?',
    ],
    [
      'a part that matches and a port that fits',
      [selecting('app: web, tier: api'), workload('app: web, tier: ui', '{containerPort: 8080}')],
      'no pod of the input has tier=api',
      'select tier=ui, or give the pods tier=api',
    ],
    [
      'the name of the workload',
      [selecting('app: shop', 'shop-svc'), workload('name: till', '', { name: 'shop' })],
      'no pod of the input has app=shop',
      'select name=till, or give the pods app=shop',
    ],
    [
      'the only one, for the only workload, and a port that fits',
      [selecting('app: shop'), workload('run: till', '{containerPort: 8080}')],
      'no pod of the input has app=shop',
      'select run=till, or give the pods app=shop',
    ],
  ])('and is meant for a pod: %s', (_, texts, message, help) => {
    const [only, ...more] = surveyOf(texts)
    expect(more).toEqual([])
    expect(only).toMatchObject({ code: 'selector-matches-nothing', message, help })
  })

  test.each<[string, string[]]>([
    ['nothing is there to be matched', [selecting('app: shop')]],
    ['nothing is like it', [selecting('app: shop'), workload('app: till')]],
    [
      'the port alone fits, and there are others',
      [
        selecting('app: shop'),
        workload('app: till', '{containerPort: 8080}'),
        workload('app: mail', '{containerPort: 8080}', { name: 'mail' }),
      ],
    ],
    [
      'what is like it has a Service of its own',
      [selecting('app: web-b'), selecting('app: web-a', 'web'), workload('app: web-a')],
    ],
    [
      'what is missing may be put on the pods when they run',
      [selecting('app: web, role: primary', 'web'), workload('app: web', '{containerPort: 8080}')],
    ],
    [
      'another kind may make its pods',
      [
        selecting('app: shop', 'web'),
        workload('app: till', '{containerPort: 8080}'),
        'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: x}\n',
      ],
    ],
    [
      'a StatefulSet names the pod',
      [
        selecting('app: web, statefulset.kubernetes.io/pod-name: web-0'),
        workload('app: web', '{containerPort: 8080}', { kind: 'StatefulSet' }),
      ],
    ],
    [
      'it is in another namespace',
      [
        service('{selector: {app: wbe}, ports: [{port: 80}]}', meta('web', 'namespace: shop')),
        workload('app: web'),
      ],
    ],
    [
      'an ExternalName has no pods',
      [
        service('{type: ExternalName, externalName: a.b, selector: {app: wbe}}'),
        workload('app: web'),
      ],
    ],
  ])('is left alone where %s', (_, texts) => {
    expect(linesOf(surveyOf(texts)).filter((line) => line.includes('selector'))).toEqual([])
  })

  test('both places are shown', () => {
    const [only] = surveyOf([selecting('app: wbe'), workload('app: web')])
    expect(only && placesOf(only)).toEqual(['wbe', 'labels'])
  })
})

describe('target ports', () => {
  const leading = (port: string): string =>
    service(`{selector: {app: web}, ports: [{port: 80, ${port}}]}`)

  test.each([
    ['a name that is there', 'targetPort: http', '{containerPort: 8080, name: http}', []],
    [
      'a name that is not',
      'targetPort: htpp',
      '{containerPort: 8080, name: http}',
      ['warning[target-port-unknown]: no selected container has a port named "htpp"'],
    ],
    [
      'a name of another protocol',
      'targetPort: dns',
      '{containerPort: 53, name: dns, protocol: UDP}',
      [
        'warning[target-port-unknown]: "dns" is a UDP port of the selected containers, and this port is TCP',
      ],
    ],
    ['a number that is declared', 'targetPort: 8080', '{containerPort: 8080}', []],
    [
      'a number that is not',
      'targetPort: 8000',
      '{containerPort: 8080}',
      ['note[target-port-undeclared]: no selected container declares port 8000/TCP'],
    ],
    ['a number where none is declared', 'targetPort: 8000', '', []],
    ['a number that was left out', 'name: http', '{containerPort: 80}', []],
  ])('%s', (_, port, declared, lines) => {
    expect(found([leading(port), workload('app: web', declared)])).toEqual(lines)
  })

  test('one pod of many that has the name is enough', () => {
    expect(
      found([
        leading('targetPort: http'),
        workload('app: web', '{containerPort: 8080, name: http}'),
        workload('app: web', '', { name: 'other' }),
      ]),
    ).toEqual([])
  })
})

describe('slices', () => {
  const http = service('{ports: [{name: http, port: 80}]}')

  test.each([
    ['the same name and protocol', '{name: http, port: 8080}', []],
    [
      'another name',
      '{name: web, port: 8080}',
      [
        'warning[slice-port-unmatched]: port "web" (TCP) is no port of Service web, so its endpoints get nothing',
      ],
    ],
    [
      'no name',
      '{port: 80}',
      [
        'warning[slice-port-unmatched]: port without a name (TCP) is no port of Service web, so its endpoints get nothing',
      ],
    ],
    [
      'another protocol',
      '{name: http, port: 8080, protocol: UDP}',
      [
        'warning[slice-port-unmatched]: port "http" (UDP) is no port of Service web, so its endpoints get nothing',
      ],
    ],
  ])('a port with %s', (_, ports, lines) => {
    expect(found([http, slice({ ports, endpoints: near })])).toEqual(lines)
  })

  test('Endpoints are joined in the same way, and do not count beside slices', () => {
    const endpoints = `apiVersion: v1
kind: Endpoints
metadata: {name: web}
subsets: [{addresses: [{ip: 10.244.1.5}], ports: [{name: web, port: 8080}]}]
`
    const right = slice({ ports: '{name: http, port: 8080}', endpoints: near })
    expect(found([http, endpoints])[0]).toContain('port "web" (TCP) is no port of Service web')
    expect(found([http, endpoints, right])).toEqual([])
  })

  test('a headless Service needs no ports', () => {
    const headless = service('{clusterIP: None}')
    expect(found([headless, slice({ ports: '{name: x, port: 1}', endpoints: near })])).toEqual([])
  })

  test.each([
    ['none at all', '', 1],
    ['one that is nearly right', 'kubernetes.io/service: web', 1],
    ['one of another domain', 'multicluster.kubernetes.io/service-name: web', 0],
  ])('the label of the Service: %s', (_, label, count) => {
    const text = slice({ service: '' }).replace('name: -1', `name: web-1, labels: {${label}}`)
    const lines = found([text])
    expect(lines.filter((line) => line.includes('slice-without-service'))).toHaveLength(count)
  })

  test.each([
    ['whose Service is here', 'web', []],
    ['whose Service may be elsewhere', 'api', ['note']],
    ['whose Service is misspelt', 'wbe', ['warning']],
  ])('a slice %s', (_, name, severities) => {
    const text = slice({ service: name, ports: '{name: http, port: 80}', endpoints: near })
    const lines = surveyOf([http, text]).filter(({ code }) => code === 'slice-service-missing')
    expect(lines.map(({ severity }) => severity)).toEqual(severities)
  })

  test('a slice alone is no finding', () => {
    expect(found([slice({ endpoints: near })])).toEqual([])
  })

  test.each([
    ['says IPv4', 'ipFamilies: [IPv4]', 1],
    ['has an address of IPv4', 'clusterIP: 10.96.7.7', 1],
    ['says nothing', '', 0],
    ['takes what it can get', 'ipFamilies: [IPv4], ipFamilyPolicy: PreferDualStack', 0],
  ])('a slice of IPv6 for a Service that %s', (_, spec, count) => {
    const text = service(`{ports: [{port: 80}]${spec === '' ? '' : `, ${spec}`}}`)
    const lines = found([
      text,
      slice({
        type: 'IPv6',
        ports: '{port: 80}',
        endpoints: '{addresses: ["fd00::5"], nodeName: a}',
      }),
    ])
    expect(lines.filter((line) => line.includes('endpoint-family'))).toHaveLength(count)
  })
})

describe('a policy Local', () => {
  const local = service('{type: NodePort, externalTrafficPolicy: Local, ports: [{port: 80}]}')
  const inner = service('{internalTrafficPolicy: Local, ports: [{port: 80}]}')
  const ports = '{port: 80}'

  test.each<[string, string, string, string | undefined, string[]]>([
    ['and an endpoint somewhere', local, near, undefined, []],
    [
      'and endpoints nowhere',
      local,
      nowhere,
      undefined,
      [
        'no endpoint of default/web says which node it is on, so externalTrafficPolicy: Local finds none on any',
      ],
    ],
    [
      'within the cluster',
      inner,
      nowhere,
      undefined,
      [
        'no endpoint of default/web says which node it is on, so internalTrafficPolicy: Local finds none on any',
      ],
    ],
    ['and an endpoint on the node', local, near, 'node-a', []],
    [
      'and an endpoint on another',
      local,
      near,
      'node-b',
      ['no endpoint of default/web is on node-b, and its externalTrafficPolicy is Local'],
    ],
  ])('%s', (_, text, endpoints, node, messages) => {
    const said = surveyOf([text, slice({ ports, endpoints })], { node })
    expect(said.map(({ message }) => message)).toEqual(messages)
  })

  test('workloads have their pods anywhere', () => {
    const text = service(
      '{type: NodePort, externalTrafficPolicy: Local, selector: {app: web}, ports: [{port: 80}]}',
    )
    expect(found([text, workload('app: web')])).toEqual([])
  })

  test('a node that is not among the Nodes is an error', () => {
    expect(found([node], { node: 'node-b' })).toEqual([
      'error[node-unknown]: there is no Node "node-b" in the manifests',
    ])
  })
})

describe('a Service without endpoints', () => {
  const web = service('{selector: {app: web}, ports: [{port: 80}]}')
  const api = service('{selector: {app: api}, ports: [{port: 80}]}', meta('api'))
  const bare = service('{ports: [{port: 80}]}', meta('bare'))
  const filled = slice({ ports: '{port: 80}', endpoints: near })

  test.each<[string, string[], string[]]>([
    [
      'where another has slices',
      [web, api, filled],
      ['default/api has no endpoints, and other Services here have'],
    ],
    [
      'whose slices are empty',
      [web, slice({ ports: '{port: 80}' })],
      ['the slices of default/web are empty'],
    ],
    [
      'where only one that has no selector has slices',
      [bare, api, slice({ service: 'bare', ports: '{port: 80}', endpoints: near })],
      [],
    ],
    ['where nobody has slices', [web, api], []],
    [
      'that is an ExternalName',
      [
        web,
        filled,
        service('{type: ExternalName, externalName: a.b, selector: {a: b}}', meta('mail')),
      ],
      [],
    ],
  ])('%s', (_, texts, messages) => {
    expect(surveyOf(texts).map(({ message }) => message)).toEqual(messages)
  })

  test('a selector that is wrong is reason enough', () => {
    const wrong = service('{selector: {app: apo}, ports: [{port: 80}]}', meta('api'))
    const codes = surveyOf([web, wrong, filled, workload('app: api', '', { name: 'api' })]).map(
      ({ code }) => code,
    )
    expect(codes).toEqual(['selector-matches-nothing'])
  })
})

describe('behaviour', () => {
  const sticky = (seconds: number): string =>
    service(
      `{sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: ${seconds}}}, ports: [{port: 80}]}`,
    )

  test.each([
    [900, undefined, []],
    [901, undefined, ['note']],
    [600, 300, ['warning']],
    [300, 300, []],
  ])('an affinity of %s seconds beside a drain of %s', (seconds, drainTimeout, severities) => {
    expect(surveyOf(sticky(seconds), { drainTimeout }).map((it) => it.severity)).toEqual(severities)
  })

  test('an affinity whose time is left out is three hours', () => {
    const [only] = surveyOf(service('{sessionAffinity: ClientIP, ports: [{port: 80}]}'))
    expect(only?.message).toContain('10800 seconds')
    expect(only && placesOf(only)).toEqual(['ClientIP'])
  })

  const dual = 'ipFamilyPolicy: PreferDualStack'
  test.each([
    ['of one family for two', `${dual}, loadBalancerSourceRanges: [198.51.100.0/24]`, 1],
    [
      'of both families',
      `${dual}, loadBalancerSourceRanges: [198.51.100.0/24, "2001:db8::/32"]`,
      0,
    ],
    ['of one family for one', 'loadBalancerSourceRanges: [198.51.100.0/24]', 0],
    ['of none', dual, 0],
  ])('source ranges %s', (_, spec, count) => {
    const text = service(`{type: LoadBalancer, ports: [{port: 80}], ${spec}}`)
    expect(found([text])).toHaveLength(count)
  })

  test('source ranges in an annotation', () => {
    const ranges =
      "annotations: {service.beta.kubernetes.io/load-balancer-source-ranges: '2001:db8::/32'}"
    const text = service(`{type: LoadBalancer, ports: [{port: 80}], ${dual}}`, meta('web', ranges))
    expect(found([text])).toEqual([
      'warning[source-ranges-open]: these source ranges are IPv6 alone, so that everybody may come in by IPv4',
    ])
  })

  test('a class of load balancers', () => {
    expect(
      found([service('{type: LoadBalancer, loadBalancerClass: a.b/c, ports: [{port: 80}]}')]),
    ).toEqual([
      'warning[load-balancer-class]: loadBalancerClass "a.b/c" leaves this Service to another load balancer',
    ])
  })

  test('annotations for a cloud are one note for a Service', () => {
    const clouds =
      'annotations: {service.beta.kubernetes.io/aws-load-balancer-type: nlb, metallb.io/address-pool: a, other: b}'
    expect(
      found([service('{type: LoadBalancer, ports: [{port: 80}]}', meta('web', clouds))]),
    ).toEqual([
      'note[cloud-annotation]: service.beta.kubernetes.io/aws-load-balancer-type and metallb.io/address-pool are for a load balancer of a cloud',
    ])
  })
})

describe('what is to be ignored', () => {
  const ignoring = (codes: string): string =>
    service('{ports: [{port: 80}]}', meta('web', `annotations: {nodeport.io/ignore: "${codes}"}`))

  test.each([
    ['a warning', 'no-endpoints', []],
    ['several', 'no-endpoints, cloud-annotation', []],
    ['nothing of the kind', 'no-endpoint', ['there is no finding "no-endpoint" to ignore']],
    ['an error', 'wrong-type', ['"wrong-type" is an error, which cannot be ignored']],
  ])('%s', (_, codes, messages) => {
    expect(surveyOf(ignoring(codes)).map(({ message }) => message)).toEqual(messages)
  })

  test('in a comment, the code itself is shown', () => {
    const [only] = surveyOf(
      `# nodeport-ignore no-endpoints, typo: because\n${service('{ports: [{port: 80}]}')}`,
    )
    expect(only && placesOf(only)).toEqual(['typo'])
  })
})

test('each rule has a file that is called as its finding is', () => {
  const files = readdirSync('src/survey').map((file) => file.replace('.ts', ''))
  const codes = complaints.map(({ code }) => code)
  expect(files.filter((file) => codes.includes(file))).toHaveLength(rules.length)
})
