// As much of an API server as kubectl asks for before it looks at manifests on its own: which kinds
// there are. Prints its address, for check.mjs.

import { createServer } from 'node:http'

const discovery = 'discovery.k8s.io/v1'
const answers = {
  '/version': { gitVersion: 'v1.36.0', major: '1', minor: '36' },
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: [
      {
        name: 'discovery.k8s.io',
        versions: [{ groupVersion: discovery, version: 'v1' }],
        preferredVersion: { groupVersion: discovery, version: 'v1' },
      },
    ],
  },
  '/api/v1': kinds('v1', 'services', 'Service'),
  [`/apis/${discovery}`]: kinds(discovery, 'endpointslices', 'EndpointSlice'),
}

function kinds(groupVersion, name, kind) {
  const resource = { name, kind, singularName: '', namespaced: true, verbs: ['create', 'get'] }
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: [resource] }
}

const server = createServer(({ url }, response) => {
  const answer = answers[new URL(url, 'http://localhost').pathname]
  response.writeHead(answer === undefined ? 404 : 200, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(answer ?? { kind: 'Status', apiVersion: 'v1', status: 'Failure' }))
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`)
})
