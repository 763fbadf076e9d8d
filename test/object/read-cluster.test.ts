import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { errorsIn, pointedAt, read, service } from '../support/objects.ts'

describe('a List is its items', () => {
  const item = '{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {clusterIP: None}}'
  const namesIn = (text: string): string[] => read(text).cluster.services.map(({ name }) => name)

  test('of any depth', () => {
    const inner = `{apiVersion: v1, kind: List, items: [${item}]}`
    const { cluster, found } = read(
      `{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: ConfigMap}, ${inner}]}`,
    )
    expect(found).toEqual([])
    expect(cluster.services.map(({ origin }) => origin?.path)).toEqual([['items', 1, 'items', 0]])
    expect([...cluster.passedOver]).toEqual([['ConfigMap', 1]])
  })

  test('whose kind goes without saying in a list of that kind', () => {
    const text =
      '{apiVersion: v1, kind: ServiceList, items: [{metadata: {name: a}, spec: {clusterIP: None}}]}'
    expect(namesIn(text)).toEqual(['a'])
  })

  test('whose kind must be said in a list of anything', () => {
    expect(errorsIn('{apiVersion: v1, kind: List, items: [{metadata: {name: a}}]}')).toEqual([
      'apiVersion not set, kind not set',
    ])
  })

  test('and empty if it has none', () => {
    expect(read('{apiVersion: v1, kind: List, items: null}').found).toEqual([])
    expect(read('{apiVersion: v1, kind: List}').found).toEqual([])
  })

  test('which must be objects', () => {
    expect(errorsIn('{apiVersion: v1, kind: List, items: [null, 5, [a]]}')).toEqual([
      'this is null, and no object of Kubernetes',
      'this is a number, and no object of Kubernetes',
      'this is a list, and no object of Kubernetes',
    ])
    expect(errorsIn('{apiVersion: v1, kind: List, items: {a: b}}')).toEqual([
      'json: cannot unmarshal object into Go struct field decodeList.items of type []json.RawMessage',
    ])
  })

  test('a mistake in an item is shown in that item', () => {
    const text = `{apiVersion: v1, kind: List, items: [${item}, {apiVersion: v1, kind: Service, metadata: {name: b}, spec: {ports: [{port: 99999}]}}]}`
    expect(read(text).found.map(pointedAt)).toEqual(['99999', '99999'])
  })

  test('however long it is', () => {
    const items = Array.from({ length: 400 }, (_, index) => ({
      metadata: { name: `a-${index}`, annotations: { long: 'a'.repeat(200) } },
      spec: { clusterIP: 'None', ports: [{ port: index === 390 ? 99999 : 80 }] },
    }))
    const text = JSON.stringify({ apiVersion: 'v1', kind: 'ServiceList', items }, undefined, 2)
    const { cluster, found } = read(text)
    expect(cluster.services.map(({ name }) => name)).toEqual(items.map((it) => it.metadata.name))
    expect(cluster.services[390]?.origin?.path).toEqual(['items', 390])
    expect(found.map(pointedAt)).toEqual(['99999', '99999'])
  })

  test('the order of the items is kept', () => {
    const items = ['c', 'a', 'b'].map((name) => item.replace('name: a', `name: ${name}`))
    expect(namesIn(`{apiVersion: v1, kind: List, items: [${items.join(', ')}]}`)).toEqual([
      'c',
      'a',
      'b',
    ])
  })
})

describe('a document', () => {
  test.each(['', '---\n---\n', 'null', '# nothing\n---\n~\n'])('may be empty: %j', (text) => {
    expect(read(text).found).toEqual([])
  })

  test.each([
    ['just words', 'this is a text, and no object of Kubernetes'],
    ['[a, b]', 'this is a list, and no object of Kubernetes'],
    ['5', 'this is a number, and no object of Kubernetes'],
    ['true', 'this is a boolean, and no object of Kubernetes'],
    ['{}', 'apiVersion not set, kind not set'],
    ['kind: Service', 'apiVersion not set'],
    ['apiVersion: v1', 'kind not set'],
    ['{apiVersion: 1, kind: Service}', 'apiVersion not set'],
  ])('must be an object: %s', (text, message) => {
    expect(errorsIn(text)).toEqual([message])
  })
})

describe('a kind', () => {
  const errorIn = (apiVersion: string, kind: string) =>
    read(`{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: x}}`).found[0]

  test.each([
    ['v1', 'Servic', 'did you mean "Service"?'],
    ['v1', 'service', 'did you mean "Service"?'],
    ['v1', 'Deployment', 'Deployment is in version "apps/v1"'],
    ['v2', 'Service', 'Service is in version "v1"'],
    ['apps/v1', 'Service', 'Service is in version "v1"'],
    ['apps/v1', 'Deploymnet', 'did you mean "Deployment"?'],
    ['extensions/v1beta1', 'Deployment', 'Deployment is in version "apps/v1"'],
    [
      'discovery.k8s.io/v1beta1',
      'EndpointSlice',
      'EndpointSlice is in version "discovery.k8s.io/v1"',
    ],
    ['networking.k8s.io/v1', 'Service', 'Service is in version "v1"'],
    ['v1', 'Gadget', undefined],
  ])('that no server knows is an error: %s %s', (apiVersion, kind, help) => {
    expect(errorIn(apiVersion, kind)).toMatchObject({
      code: 'unknown-kind',
      message: `no matches for kind "${kind}" in version "${apiVersion}"`,
    })
    expect(errorIn(apiVersion, kind)?.help).toBe(help)
  })

  test.each([
    ['v1', 'ConfigMap', 'ConfigMap'],
    ['serving.knative.dev/v1', 'Service', 'Service.serving.knative.dev'],
    ['networking.k8s.io/v1', 'Ingress', 'Ingress.networking.k8s.io'],
    ['apps/v1', 'ControllerRevision', 'ControllerRevision.apps'],
    ['batch/v1', 'CronJob', 'CronJob.batch'],
    ['example.com/v1', 'Deployment', 'Deployment.example.com'],
  ])('that concerns nobody is passed over in silence: %s %s', (apiVersion, kind, name) => {
    const text = `{apiVersion: ${apiVersion}, kind: ${kind}, anything: [1]}`
    const { cluster, found } = read(`${text}\n---\n${text}\n`)
    expect(found).toEqual([])
    expect([...cluster.passedOver]).toEqual([[name, 2]])
  })

  test('of every sort is read', () => {
    const kinds = [
      ...['Service', 'Endpoints', 'Pod', 'Node', 'Namespace'].map((kind) => ['v1', kind]),
      ['discovery.k8s.io/v1', 'EndpointSlice'],
      ...['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'].map((kind) => ['apps/v1', kind]),
    ]
    const texts = kinds.map(
      ([version, kind]) => `{apiVersion: ${version}, kind: ${kind}, metadata: {name: a}}`,
    )
    const { objects, passedOver, ...lists } = read(texts.join('\n---\n')).cluster
    expect(Object.values(lists).map((found) => found.length)).toEqual([1, 1, 1, 1, 1, 1, 4])
    expect([objects, passedOver.size]).toEqual([10, 0])
  })
})

describe('a namespace', () => {
  const web = service('{clusterIP: None}', '{name: web}')
  const inZeta = service('{clusterIP: None}', '{name: web, namespace: zeta}')

  test('is the default one where none is said', () => {
    expect(read(web).cluster.services[0]?.namespace).toBe('default')
    expect(read(inZeta).cluster.services[0]?.namespace).toBe('zeta')
  })

  test('given with -n is that of all objects, and none may say another', () => {
    expect(read(web, { namespace: 'zeta' }).cluster.services[0]?.namespace).toBe('zeta')
    expect(errorsIn(inZeta, { namespace: 'zeta' })).toEqual([])
    expect(errorsIn(inZeta, { namespace: 'default' })).toEqual([
      'the namespace from the provided object "zeta" does not match the namespace "default". You must pass \'--namespace=zeta\' to perform this operation.',
    ])
  })

  test('means nothing to a Node', () => {
    const node = '{apiVersion: v1, kind: Node, metadata: {name: a}}'
    const { cluster, found } = read(node, { namespace: 'zeta' })
    expect(found).toEqual([])
    expect(cluster.nodes[0]?.namespace).toBe('')
  })
})

describe('an object that is given twice', () => {
  const web = service('{clusterIP: None}')

  test.each([
    ['v1', 'Pod', 'pods "a" already exists'],
    ['v1', 'Node', 'nodes "a" already exists'],
    ['apps/v1', 'Deployment', 'deployments.apps "a" already exists'],
    ['apps/v1', 'StatefulSet', 'statefulsets.apps "a" already exists'],
  ])('is refused: %s %s', (version, kind, message) => {
    const text = `{apiVersion: ${version}, kind: ${kind}, metadata: {name: a}}`
    expect(errorsIn([text, text])).toEqual([message])
  })

  test('is shown in both places, and kept once', () => {
    const { cluster, found } = read([web, web])
    expect(cluster.services).toHaveLength(1)
    expect(found).toMatchObject([
      { code: 'already-exists', message: 'services "web" already exists' },
    ])
    const places = [found[0]?.at, found[0]?.related?.[0]?.at].map((at) => at?.span().source.name)
    expect(places).toEqual(['1.yaml', '0.yaml'])
  })

  test('is another one in another namespace, or of another kind', () => {
    const elsewhere = service('{clusterIP: None}', '{name: web, namespace: other}')
    const endpoints = '{apiVersion: v1, kind: Endpoints, metadata: {name: web}}'
    expect(errorsIn([web, elsewhere, endpoints])).toEqual([])
  })

  test('has to have a name for that', () => {
    const pod = '{apiVersion: v1, kind: Pod, metadata: {generateName: web-}}'
    expect(errorsIn([pod, pod])).toEqual([])
    expect(errorsIn(service('{clusterIP: None}', '{generateName: web-}'))).toEqual([
      'from web-: cannot use generate name with apply',
    ])
  })
})

describe('manifests as people write them pass with nothing found', () => {
  test.each([
    `apiVersion: v1
kind: Service
metadata:
  name: hostname-svc-nodeport
spec:
  type: NodePort
  ports:
  - name: webserver
    port: 8080
    targetPort: 80
  selector:
    app: webserver
`,
    `# cat svc.yaml
apiVersion: v1
kind: Service
metadata:
  name: myapp
spec:
  type: NodePort # a comment
  selector:      # 匹配指定标签的资源
    app: myapp
  ports:
  - name: http
    port: 80
    protocol: TCP
    targetPort: 80
    nodePort: 30303   # 指定节点端口
`,
    `apiVersion: apps/v1
kind: Deployment
metadata:
  name: myapp-deploy
  namespace: default
spec:
  replicas: 3
  selector:
    matchLabels:
      app: myapp
  template:
    metadata:
      labels:
        app: myapp
    spec:
      containers:
      - name: myapp
        image: ikubernetes/myapp:v1
        resources: {limits: {cpu: 500m, memory: 128Mi}, requests: {cpu: 0.1}}
        readinessProbe: {httpGet: {path: /, port: http}}
        ports:
        - containerPort: 80
          name: http
status: {}
`,
  ])('%#', (text) => {
    expect(read(text).found).toEqual([])
  })
})

describe('whatever is written', () => {
  const kinds = fc.constantFrom(
    ...['Service', 'Endpoints', 'Pod', 'Node', 'Namespace', 'List', 'ServiceList', 'Servic'],
    ...['EndpointSlice', 'Deployment', 'DaemonSet'],
  )
  const versions = fc.constantFrom('v1', 'apps/v1', 'discovery.k8s.io/v1')

  test('no value makes the reader throw', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        show(read(JSON.stringify(value)).found)
      }),
    )
  })

  test('no object of any kind makes the reader throw', () => {
    const anything = fc.jsonValue({ maxDepth: 4 })
    const object = fc.record(
      { apiVersion: versions, kind: kinds, metadata: anything, spec: anything, items: anything },
      { requiredKeys: ['apiVersion', 'kind'] },
    )
    fc.assert(
      fc.property(object, (value) => {
        show(read(JSON.stringify(value)).found)
      }),
    )
  })

  test('no change to a manifest makes the reader throw', () => {
    const paths = pathsIn(whole)
    const change = fc.record({
      path: fc.constantFrom(...paths),
      value: fc.oneof(
        fc.jsonValue({ maxDepth: 2 }),
        fc.constantFrom(null, '', 0, -1, 1e30, 80.5, 'None', [null], [''], '::1', '1.2.3.4/99'),
      ),
    })
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const changed = changes.reduce<unknown>(
          (value, { path, value: to }) => replace(value, path, to),
          whole,
        )
        show(read(JSON.stringify(changed)).found)
      }),
      { numRuns: 100 },
    )
  })

  test('the order of documents changes nothing that is said', () => {
    const documents = [
      service('{ports: [{port: 0}]}', '{name: a}'),
      service('{ports: [{port: 80}], prots: 1}', '{name: b}'),
      service('{type: x}', '{name: b}'),
      'kind: Servic\napiVersion: v1\n',
      'just words\n',
      service('{ports: [{port: 010}]}', '{name: c}'),
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: []\n',
    ]
    const said = (texts: readonly string[]): string[] =>
      read(texts.join('---\n'))
        .found.map(({ code, message }) => `${code} ${message}`)
        .sort()
    fc.assert(
      fc.property(fc.shuffledSubarray(documents, { minLength: documents.length }), (shuffled) => {
        expect(said(shuffled)).toEqual(said(documents))
      }),
      { numRuns: 20 },
    )
  })
})

/** Every place can be shown. */
function show(found: ReturnType<typeof read>['found']): void {
  for (const one of found) {
    expect(one.message).not.toBe('')
    expect(one.at?.span().start).toBeGreaterThanOrEqual(0)
  }
}

const whole = {
  apiVersion: 'v1',
  kind: 'List',
  items: [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'a', namespace: 'b', labels: { c: 'd' }, annotations: { e: 'f' } },
      spec: {
        type: 'LoadBalancer',
        clusterIP: '10.96.0.1',
        clusterIPs: ['10.96.0.1', 'fd00::1'],
        ipFamilies: ['IPv4', 'IPv6'],
        ipFamilyPolicy: 'PreferDualStack',
        externalIPs: ['1.2.3.4'],
        loadBalancerSourceRanges: ['10.0.0.0/8'],
        selector: { a: 'b' },
        sessionAffinity: 'ClientIP',
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 600 } },
        ports: [{ name: 'p', port: 80, targetPort: 'web', nodePort: 30080, protocol: 'TCP' }],
      },
      status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'a-1', ownerReferences: [{ apiVersion: 'v1', kind: 'Service' }] },
      addressType: 'IPv4',
      ports: [{ name: 'p', port: 80 }],
      endpoints: [{ addresses: ['10.0.0.1'], hints: { forZones: [{ name: 'z' }] } }],
    },
    {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name: 'a', finalizers: ['a/b'] },
      subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 80 }] }],
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a' },
      spec: { containers: [{ name: 'a', ports: [{ containerPort: 80 }] }], initContainers: [{}] },
      status: { podIPs: [{ ip: '10.0.0.1' }], conditions: [{ type: 'Ready', status: 'True' }] },
    },
  ],
}

type Step = string | number

function pathsIn(value: unknown): Step[][] {
  if (typeof value !== 'object' || value === null) return [[]]
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return [[], ...entries.flatMap(([key, inner]) => pathsIn(inner).map((path) => [key, ...path]))]
}

function replace(value: unknown, [step, ...rest]: readonly Step[], to: unknown): unknown {
  if (step === undefined) return to
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value))
    return value.map((item, i) => (i === step ? replace(item, rest, to) : item))
  const fields = value as Record<string, unknown>
  return { ...fields, [step]: replace(fields[step], rest, to) }
}
