import { describe, expect, test } from '@jest/globals'
import { kinds } from '../../src/object/kinds.ts'
import { shapeOf } from '../../src/object/shape.ts'
import { errorsIn, pointedAt, read, service, warningsIn } from '../support/objects.ts'

describe('a value of the wrong type is refused in the words of Go', () => {
  const of = (type: string, field: string, found: string): string =>
    `json: cannot unmarshal ${found} into Go struct field ${field} of type ${type}`
  test.each([
    ['{ports: [{port: web}]}', of('int32', 'ServicePort.spec.ports.port', 'string')],
    ['{ports: [{port: "80"}]}', of('int32', 'ServicePort.spec.ports.port', 'string')],
    ['{ports: [{port: 80.5}]}', of('int32', 'ServicePort.spec.ports.port', 'number 80.5')],
    [
      '{ports: [{port: 2147483648}]}',
      of('int32', 'ServicePort.spec.ports.port', 'number 2147483648'),
    ],
    ['{ports: [{port: 1e30}]}', of('int32', 'ServicePort.spec.ports.port', 'number 1e+30')],
    [
      '{ports: [{port: 80, protocol: 6}]}',
      of('v1.Protocol', 'ServicePort.spec.ports.protocol', 'number'),
    ],
    [
      '{ports: [{port: 80, targetPort: true}]}',
      of('int32', 'ServicePort.spec.ports.targetPort', 'bool'),
    ],
    [
      '{ports: [{port: 80, targetPort: 8.5}]}',
      of('int32', 'ServicePort.spec.ports.targetPort', 'number 8.5'),
    ],
    [
      '{ports: [{port: 80, targetPort: [1]}]}',
      of('int32', 'ServicePort.spec.ports.targetPort', 'array'),
    ],
    ['{ports: {port: 80}}', of('[]v1.ServicePort', 'ServiceSpec.spec.ports', 'object')],
    ['{ports: [80]}', of('v1.ServicePort', 'ServiceSpec.spec.ports', 'number')],
    ['{externalIPs: 1.2.3.4}', of('[]string', 'ServiceSpec.spec.externalIPs', 'string')],
    ['{externalIPs: [1.5]}', of('string', 'ServiceSpec.spec.externalIPs', 'number')],
    ['{ipFamilies: [4]}', of('v1.IPFamily', 'ServiceSpec.spec.ipFamilies', 'number')],
    ['{selector: [a]}', of('map[string]string', 'ServiceSpec.spec.selector', 'array')],
    ['{selector: {version: 1.10}}', of('string', 'ServiceSpec.spec.selector', 'number')],
    ['{selector: {enabled: yes}}', of('string', 'ServiceSpec.spec.selector', 'bool')],
    [
      '{publishNotReadyAddresses: "true"}',
      of('bool', 'ServiceSpec.spec.publishNotReadyAddresses', 'string'),
    ],
    ['[]', of('v1.ServiceSpec', 'Service.spec', 'array')],
  ])('%s', (spec, message) => {
    const { cluster, found } = read(service(spec))
    expect(found.map((one) => [one.code, one.message])).toEqual([['wrong-type', message]])
    expect(cluster.services).toEqual([])
  })

  test('labels are texts', () => {
    const metadata = '{name: web, labels: {version: 1.10}, annotations: {enabled: yes}}'
    expect(errorsIn(service('{}', metadata))).toEqual([
      of('string', 'ObjectMeta.metadata.labels', 'number'),
      of('string', 'ObjectMeta.metadata.annotations', 'bool'),
    ])
  })

  test.each([
    ['cpu: 100m, memory: 1.5Gi, a: 1, b: .5, c: 1e3, d: "", e: -2E+3', 1],
    ['cpu: 1K', "unable to parse quantity's suffix"],
    ['cpu: 1Gi5', "unable to parse quantity's suffix"],
    ['cpu: lots', 1],
    ['cpu: true', 1],
    ['cpu: {a: 1}', 1],
  ])('amounts have texts of their own: %s', (limits, expected) => {
    const regex =
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
    const text = `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, resources: {limits: {${limits}}}}]}`
    expect(errorsIn(text)).toEqual([expected === 1 ? regex : expected])
  })

  test.each([
    ['2024-02-29T10:00:00Z', undefined],
    ['2024-02-29T10:00:00.123+02:00', undefined],
    ['null', undefined],
    ['today', 'cannot parse "today" as "2006"'],
    ['2024-02-29', 'cannot parse "" as "T"'],
    ['2024-13-01T10:00:00Z', 'month out of range'],
    ['2023-02-29T10:00:00Z', 'day out of range'],
    ['2024-02-29T10:00:00Zz', 'extra text: "z"'],
  ])('times have texts of their own: %s', (text, fault) => {
    const layout = fault?.startsWith('cannot') ? ' as "2006-01-02T15:04:05Z07:00"' : ''
    expect(
      errorsIn(service('{ports: [{port: 80}]}', `{name: a, creationTimestamp: ${text}}`)),
    ).toEqual(fault === undefined ? [] : [`parsing time "${text}"${layout}: ${fault}`])
  })

  test('a time must be a text', () => {
    expect(errorsIn(service('{}', '{name: a, creationTimestamp: 5}'))).toEqual([
      of('string', 'ObjectMeta.metadata.creationTimestamp', 'number'),
    ])
  })

  test('null counts as absent', () => {
    const spec =
      '{ports: [{name: null, port: 80, protocol: null, targetPort: null}], selector: null, clusterIP: null, type: null}'
    const metadata = '{name: web, labels: {a: null}, creationTimestamp: null}'
    const { cluster, found } = read(service(spec, metadata))
    expect(found).toEqual([])
    expect(cluster.services[0]?.labels).toEqual({ a: '' })
  })

  test('the largest and the smallest numbers fit', () => {
    const metadata = '{name: web, generation: 9223372036854775807}'
    expect(errorsIn(service('{clusterIP: None, healthCheckNodePort: null}', metadata))).toEqual([])
  })

  test('all mistakes are found at once, each in its place', () => {
    const { found } = read(service('{prots: [], ports: [{port: web}, {port: [1]}], type: 5}'))
    expect(found.map(pointedAt)).toEqual(['prots', 'web', '[1]', '5'])
  })
})

describe('what to do about a wrong type', () => {
  test.each([
    ['{selector: {version: 1.10}}', 'put it into quotes'],
    ['{selector: {enabled: yes}}', 'put it into quotes: "yes"'],
    ['{selector: {build: 0x10}}', 'put it into quotes'],
    ['{selector: {build: 010}}', 'put it into quotes: "010"'],
    ['{ports: [{port: "80"}]}', 'remove the quotes'],
    ['{publishNotReadyAddresses: "true"}', 'remove the quotes'],
    ['{ports: {port: 80}}', 'a list belongs here: put "- " before each of its items'],
    ['{selector: [a]}', 'no list belongs here: remove the "- "'],
    ['{ports: [{port: [80]}]}', undefined],
  ])('%s', (spec, help) => {
    expect(read(service(spec)).found.map((one) => one.help)).toEqual([help])
  })
})

describe('an unknown field is an error, and does not stop anything', () => {
  test.each([
    ['{clusterIP: None, foo: 1}', 'spec.foo', undefined],
    ['{clusterIP: None, foo: null}', 'spec.foo', undefined],
    [
      '{ports: [{port: 80, targetport: 8080}]}',
      'spec.ports[0].targetport',
      'spec.ports[].targetPort',
    ],
    ['{ports: [{port: 80, portocol: TCP}]}', 'spec.ports[0].portocol', 'spec.ports[].protocol'],
    ['{ports: [{port: 80}], nodePort: 30080}', 'spec.nodePort', 'spec.ports[].nodePort'],
    ['{ports: [{port: 80, type: NodePort}]}', 'spec.ports[0].type', 'spec.type'],
    [
      '{ports: [{port: 80}], timeoutSeconds: 5}',
      'spec.timeoutSeconds',
      'spec.sessionAffinityConfig.clientIP.timeoutSeconds',
    ],
    ['{ports: [{port: 80}], labels: {a: b}}', 'spec.labels', undefined],
  ])('%s', (spec, path, meant) => {
    const { cluster, found } = read(service(spec))
    expect(found).toMatchObject([{ code: 'unknown-field', message: `unknown field "${path}"` }])
    expect(found[0]?.help).toBe(meant === undefined ? undefined : `did you mean "${meant}"?`)
    expect(cluster.services).toHaveLength(1)
  })

  test('a spec inside the metadata is found where it belongs', () => {
    const text = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  spec: {ports: []}\n'
    expect(read(text).found[0]).toMatchObject({
      message: 'unknown field "metadata.spec"',
      help: 'did you mean "spec"?',
    })
  })

  test('containers that stand beside the template are found where they belong', () => {
    const text =
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {containers: [{name: a}]}'
    expect(read(text).found[0]?.help).toBe('did you mean "spec.template.spec.containers"?')
  })

  test('a list whose name lacks its last letter is not taken for a field far below', () => {
    const text =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, port: [{containerPort: 80}]}]}'
    expect(read(text).found[0]?.help).toBe('did you mean "spec.containers[].ports"?')
  })

  test('names are compared letter by letter, and __proto__ is a name', () => {
    const text =
      '{"apiVersion": "v1", "kind": "Service", "metaData": {}, "__proto__": {"a": 1}, "metadata": {"name": "a"}, "spec": {"clusterIP": "None"}}'
    expect(errorsIn(text)).toEqual(['unknown field "metaData"', 'unknown field "__proto__"'])
  })
})

describe('a value that readers of YAML disagree about is shown where it fills a field', () => {
  test.each([
    ['{ports: [{port: 010}]}', 'kubectl reads 010 as 8, YAML 1.2 reads it as 10'],
    ['{ports: [{port: 1_000}]}', 'kubectl reads 1_000 as 1000, YAML 1.2 reads it as "1_000"'],
    [
      '{ports: [{port: 80}], publishNotReadyAddresses: on}',
      'kubectl reads on as true, YAML 1.2 reads it as "on"',
    ],
    [
      '{ports: [{port: 80, <<: {port: 81}}]}',
      'kubectl takes 81 from the merge key, YAML 1.2 keeps 80',
    ],
  ])('%s', (spec, message) => {
    expect(warningsIn(service(spec))).toEqual([message])
  })

  test('not in a field that does not exist, nor in a kind that is passed over', () => {
    expect(warningsIn(service('{clusterIP: None, foo: yes}'))).toEqual([])
    expect(warningsIn('apiVersion: v1\nkind: ConfigMap\ndata: {a: yes}\n')).toEqual([])
  })

  test('in an item of a List, at that item', () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, data: {a: yes}}\n- {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 017}]}}\n`
    const { found } = read(list)
    expect(found.map((one) => [one.code, pointedAt(one)])).toEqual([['yaml-1.1-value', '017']])
  })
})

test.each(Object.keys(kinds))('every type in %s is known to the schema', (kind) => {
  expect([...shapeOf(kind).fields.keys()].slice(0, 3)).toEqual(['kind', 'apiVersion', 'metadata'])
})
