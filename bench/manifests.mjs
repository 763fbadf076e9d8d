import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * What `kubectl get services,endpointslices` would print of so many Services and as many
 * EndpointSlices, to be written as documents of YAML or as one List in JSON; bare ones say only what
 * people write. So many of the slices as are moved begin with another address. The numbers are
 * counted up, not drawn, so that every run measures the same bytes.
 */
export function manifestsOf(count, endpoints = 10, { bare = false, moved = 0, ...place } = {}) {
  const folder = place.folder ?? mkdtempSync(join(tmpdir(), 'nodeport-bench-'))
  mkdirSync(folder, { recursive: true })
  const items = objectsOf(count, endpoints, moved).map(bare ? bared : (item) => item)
  const list = { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } }
  return {
    folder,
    writeYAML: () => write('documents.yaml', items.map((item) => linesOf(item, 0)).join('---\n')),
    writeJSON: () => write('list.json', `${JSON.stringify(list, undefined, 4)}\n`),
    remove: () => rmSync(folder, { recursive: true }),
  }

  function write(name, text) {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
}

function objectsOf(count, endpoints, moved) {
  return Array.from({ length: count }, (_, index) => [
    service(index),
    slice(index, endpoints, index < moved),
  ]).flat()
}

function bared({ metadata: { name, namespace, labels }, ...item }) {
  const { status: _, ...rest } = item
  const endpoints = item.endpoints?.map(({ addresses, nodeName }) => ({ addresses, nodeName }))
  return { ...rest, ...(endpoints && { endpoints }), metadata: { name, namespace, labels } }
}

function service(index) {
  const name = `web-${index}`
  // One in four has a node port, until there are no more.
  const exposed = index % 4 === 0 && index / 4 < 2768
  const type = exposed ? 'NodePort' : 'ClusterIP'
  const nodePort = exposed ? { nodePort: 30000 + index / 4 } : {}
  const spec = {
    ports: [{ name: 'http', ...nodePort, port: 80, targetPort: 8080 }],
    selector: { app: name },
    type,
  }
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': `${JSON.stringify({
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { annotations: {}, name, namespace: 'default' },
          spec,
        })}\n`,
      },
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels: { 'app.kubernetes.io/name': name },
      name,
      namespace: 'default',
      resourceVersion: `${1000 + index}`,
      uid: uid(index),
    },
    spec: {
      clusterIP: address('10.96', index + 10),
      clusterIPs: [address('10.96', index + 10)],
      ...(exposed ? { externalTrafficPolicy: 'Cluster' } : {}),
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      ports: [{ name: 'http', ...nodePort, port: 80, protocol: 'TCP', targetPort: 8080 }],
      selector: { app: name },
      sessionAffinity: 'None',
      type,
    },
    status: { loadBalancer: {} },
  }
}

function slice(index, endpoints, moved) {
  const name = `web-${index}`
  return {
    addressType: 'IPv4',
    apiVersion: 'discovery.k8s.io/v1',
    endpoints: Array.from({ length: endpoints }, (_, each) =>
      endpoint(index * endpoints + each, moved && each === 0 ? '10.192' : '10.128'),
    ),
    kind: 'EndpointSlice',
    metadata: {
      annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': '2026-01-01T00:00:00Z' },
      creationTimestamp: '2026-01-01T00:00:00Z',
      generateName: `${name}-`,
      generation: 1,
      labels: {
        'app.kubernetes.io/name': name,
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
        'kubernetes.io/service-name': name,
      },
      name: `${name}-${uid(index).slice(0, 5)}`,
      namespace: 'default',
      ownerReferences: [
        {
          apiVersion: 'v1',
          blockOwnerDeletion: true,
          controller: true,
          kind: 'Service',
          name,
          uid: uid(index),
        },
      ],
      resourceVersion: `${2000 + index}`,
      uid: uid(index + 1_000_000),
    },
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
  }
}

function endpoint(number, prefix) {
  return {
    addresses: [address(prefix, number)],
    conditions: { ready: true, serving: true, terminating: false },
    nodeName: `node-${number % 100}`,
    targetRef: {
      kind: 'Pod',
      name: `web-${uid(number).slice(0, 10)}`,
      namespace: 'default',
      uid: uid(number),
    },
    zone: `zone-${number % 3}`,
  }
}

/** Counted up from a prefix of two bytes; beyond 65,536 the second byte carries on. */
function address(prefix, number) {
  const [first, second] = prefix.split('.').map(Number)
  return `${first}.${(second + (number >> 16)) % 256}.${(number >> 8) % 256}.${number % 256}`
}

/** As long and as little repeating as an identifier that a server draws. */
function uid(number) {
  const hex = (salt) => (Math.imul(number + salt, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0')
  const digits = hex(1) + hex(7) + hex(31) + hex(127)
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** The lines of a value as Go's YAML prints them for kubectl: keys sorted, lists not indented. */
function linesOf(value, indent) {
  const margin = ' '.repeat(indent)
  if (Array.isArray(value)) {
    return value
      .map((item) => {
        const lines = isCollection(item)
          ? linesOf(item, indent + 2)
          : `${margin}  ${scalar(item)}\n`
        return `${margin}- ${lines.slice(indent + 2)}`
      })
      .join('')
  }
  return Object.entries(value)
    .map(([key, field]) => {
      if (isEmpty(field)) return `${margin}${key}: ${Array.isArray(field) ? '[]' : '{}'}\n`
      if (isCollection(field)) {
        return `${margin}${key}:\n${linesOf(field, Array.isArray(field) ? indent : indent + 2)}`
      }
      if (typeof field === 'string' && field.endsWith('\n')) {
        return `${margin}${key}: |\n${margin}  ${field}`
      }
      return `${margin}${key}: ${scalar(field)}\n`
    })
    .join('')
}

function isCollection(value) {
  return typeof value === 'object' && value !== null
}

function isEmpty(value) {
  return isCollection(value) && Object.keys(value).length === 0
}

/** Texts that would read as something else, such as numbers and times, stand in quotes. */
function scalar(value) {
  return typeof value === 'string' &&
    /^(\d[\d:.TZ-]*|)$/.test(value) &&
    !/^\d+\.\d+\.\d+/.test(value)
    ? `"${value}"`
    : String(value)
}
