import { describe, expect, test } from '@jest/globals'
import { errorsIn, pointedAt, read, warningsIn } from '../support/objects.ts'

const notAnIP = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'
const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
const none: string[] = []

const slice = (fields: string): string =>
  `apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: web-1}\n${fields}\n`

describe('the API server says of an EndpointSlice', () => {
  test.each<[string, string, string[]]>([
    [
      'one that is right',
      'addressType: IPv4\nports: [{name: "", port: 80}]\nendpoints: [{addresses: [10.0.1.1]}]',
      none,
    ],
    ['no address type', 'endpoints: []', ['addressType: Required value']],
    [
      'an unknown address type',
      'addressType: ipv4\nendpoints: [{addresses: [anything]}]',
      ['addressType: Unsupported value: "ipv4": supported values: "FQDN", "IPv4", "IPv6"'],
    ],
    [
      'no addresses',
      'addressType: IPv4\nendpoints: [{}, {addresses: []}]',
      [0, 1].map(
        (i) => `endpoints[${i}].addresses: Required value: must contain at least 1 address`,
      ),
    ],
    [
      'too many addresses',
      `addressType: IPv4\nendpoints: [{addresses: [${'10.0.0.1, '.repeat(101)}]}]`,
      ['endpoints[0].addresses: Too many: 101: must have at most 100 items'],
    ],
    [
      'too many endpoints',
      `addressType: IPv4\nendpoints: [${'{}, '.repeat(1001)}]`,
      ['endpoints: Too many: 1001: must have at most 1000 items'],
    ],
    [
      'addresses of IPv4',
      'addressType: IPv4\nendpoints: [{addresses: [10.0.0, 10.0.0.01, "::1", "2001:db8::1", 127.0.0.1, 172.300.0.1]}]',
      [
        `endpoints[0].addresses[0]: Invalid value: "10.0.0": ${notAnIP}`,
        'endpoints[0].addresses[1]: Invalid value: "10.0.0.01": must not have leading 0s',
        'endpoints[0].addresses: Invalid value: "::1": must be an IPv4 address',
        'endpoints[0].addresses[2]: Invalid value: "::1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
        'endpoints[0].addresses: Invalid value: "2001:db8::1": must be an IPv4 address',
        'endpoints[0].addresses[4]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
        `endpoints[0].addresses[5]: Invalid value: "172.300.0.1": ${notAnIP}`,
      ],
    ],
    [
      'addresses of IPv6',
      'addressType: IPv6\nendpoints: [{addresses: ["2001:DB8::1", 10.0.0.1, "2001:db8::1"]}]',
      [
        'endpoints[0].addresses[0]: Invalid value: "2001:DB8::1": must be in canonical form ("2001:db8::1")',
        'endpoints[0].addresses: Invalid value: "10.0.0.1": must be an IPv6 address',
      ],
    ],
    [
      'names for addresses',
      'addressType: FQDN\nendpoints: [{addresses: [a.example.com., a, A.b, "", 10.0.0.1]}]',
      [
        'endpoints[0].addresses[1]: Invalid value: "a": should be a domain with at least two segments separated by dots',
        `endpoints[0].addresses[2]: Invalid value: "A.b": ${subdomain}`,
        'endpoints[0].addresses[3]: Required value',
      ],
    ],
    [
      'names of nodes and hosts',
      'addressType: IPv4\nendpoints: [{addresses: [10.0.0.1], nodeName: Node, hostname: a.b}, {addresses: [10.0.0.2], nodeName: ""}]',
      [
        `endpoints[0].nodeName: Invalid value: "Node": ${subdomain}`,
        'endpoints[0].hostname: Invalid value: "a.b": must not contain dots',
        `endpoints[1].nodeName: Invalid value: "": ${subdomain}`,
      ],
    ],
    [
      'ports, whose numbers do not matter',
      'addressType: IPv4\nports: [{name: a, port: 0}, {name: a, port: 70000}, {}, {name: ""}, {name: B, protocol: tcp}, {name: c, protocol: ""}]',
      [
        'ports[1].name: Duplicate value: "a"',
        'ports[3].name: Duplicate value: ""',
        `ports[4].name: Invalid value: "B": ${label}`,
        'ports[4].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"',
        'ports[5].protocol: Unsupported value: "": supported values: "SCTP", "TCP", "UDP"',
      ],
    ],
    [
      'hints',
      `addressType: IPv4\nendpoints: [{addresses: [10.0.0.1], hints: {forZones: [{name: a}, {name: a}], forNodes: [{name: Node}]}}, {addresses: [10.0.0.1], hints: {forZones: [${'{}, '.repeat(9)}]}}]`,
      [
        'endpoints[0].hints.forZones[1].name: Duplicate value: "a"',
        `endpoints[0].hints.forNodes[0].name: Invalid value: "Node": ${subdomain}`,
        'endpoints[1].hints.forZones: Too many: 9: must have at most 8 items',
      ],
    ],
  ])('%s', (_, fields, errors) => {
    expect(errorsIn(slice(fields))).toEqual(errors)
  })

  test('an address of the other family is shown, though the server names the list', () => {
    const { found } = read(slice('addressType: IPv4\nendpoints: [{addresses: [10.0.0.1, "a::1"]}]'))
    expect(found.map(pointedAt)).toEqual(['a::1'])
  })

  test('names for addresses are going away', () => {
    expect(warningsIn(slice('addressType: FQDN\nendpoints: []'))).toEqual([
      'spec.addressType: FQDN endpoints are deprecated',
    ])
  })
})

test('an endpoint that says little is ready', () => {
  const { cluster } = read(
    slice(
      'addressType: IPv4\nports: [{port: 80}]\nendpoints: [{addresses: [10.0.0.1, null]}, {addresses: [10.0.0.2], conditions: {ready: false, serving: true, terminating: true}, targetRef: {kind: Pod, name: a}}]',
    ),
  )
  const [first, second] = cluster.slices[0]?.endpoints ?? []
  expect(first).toMatchObject({ address: '10.0.0.1', otherAddresses: [''], ready: true })
  expect(second).toMatchObject({ ready: false, serving: true, terminating: true, pod: 'a' })
  expect(cluster.slices[0]?.ports).toMatchObject([{ name: '', protocol: 'TCP', port: 80 }])
})

describe('the API server says of Endpoints', () => {
  const endpoints = (fields: string): string =>
    `apiVersion: v1\nkind: Endpoints\nmetadata: {name: web}\n${fields}\n`
  test.each<[string, string, string[]]>([
    ['ones that are right', 'subsets: [{addresses: [{ip: 10.0.0.1}], ports: [{port: 80}]}]', none],
    [
      'a subset of nothing',
      'subsets: [{}]',
      ['subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`'],
    ],
    [
      'a malformed address, twice',
      'subsets: [{addresses: [{ip: foo}], notReadyAddresses: [{ip: 127.0.0.1, hostname: A, nodeName: B}]}]',
      [
        `subsets[0].addresses[0].ip: Invalid value: "foo": ${notAnIP}`,
        'subsets[0].addresses[0].ip: Invalid value: "foo": must be a valid IP address',
        `subsets[0].notReadyAddresses[0].hostname: Invalid value: "A": ${label}`,
        `subsets[0].notReadyAddresses[0].nodeName: Invalid value: "B": ${subdomain}`,
        'subsets[0].notReadyAddresses[0].ip: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      ],
    ],
    [
      'ports',
      'subsets: [{addresses: [{ip: 10.0.0.1}], ports: [{port: 0}, {name: a, port: 80, protocol: tcp}]}]',
      [
        'subsets[0].ports[0].name: Required value',
        'subsets[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive',
        'subsets[0].ports[1].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"',
      ],
    ],
  ])('%s', (_, fields, errors) => {
    expect(errorsIn(endpoints(fields))).toEqual(errors)
  })

  test('an address of IPv6 should be in canonical form', () => {
    expect(warningsIn(endpoints('subsets: [{addresses: [{ip: "2001:DB8::1"}]}]'))).toEqual([
      'subsets[0].addresses[0].ip: IPv6 address "2001:DB8::1" should be in RFC 5952 canonical format ("2001:db8::1")',
    ])
  })
})
