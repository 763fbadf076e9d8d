import { expect, test } from '@jest/globals'
import { loadAll } from 'js-yaml'
import { linesOf, textOf } from '../support/recorded-kube-proxy.ts'
import type { Inside } from './inside.ts'
import { inLab } from './lab.ts'

// A real kube-proxy's table, loaded by ipvsadm, beside an API server that has its Services.

type ApiObject = { readonly kind: string; readonly metadata: { readonly name: string } }
const objectsOf = (name: string, state: string) =>
  loadAll(textOf(name, 'cluster', state, 'yaml')) as readonly ApiObject[]

interface Scene {
  readonly folder: string
  readonly objects: readonly ApiObject[]
  readonly rules: string
  /** Addresses on kube-ipvs0. */
  readonly bound: readonly string[]
  /** Command lines of audits; a first word `agent` stands for what an agent does in between. */
  readonly audits: readonly (readonly string[])[]
  /** What makes chains of kube-proxy, for iptables. */
  readonly chains?: string
}

inLab('an audit beside kube-proxy', (lab) => {
  const look = async (scene: Omit<Scene, 'folder'>) => {
    const namespace = await lab.namespace()
    const ran = await namespace.inside(auditWith, { ...scene, folder: `/run/${namespace.name}` })
    return { ran, rules: await namespace.ipvsadm(['-Sn']) }
  }
  const bound = ['10.96.100.10']

  test('finds nothing where it is up to date', async () => {
    const name = '067-dual-stack-external'
    const addresses = textOf(name, 'kube-ipvs0', '', 'txt').matchAll(/ inet6? ([^/ ]+)/g)
    const { ran } = await look({
      ...{ objects: objectsOf(name, ''), rules: textOf(name, 'Sn', '', 'txt') },
      bound: [...addresses].map(([, address = '']) => address),
      audits: [
        ['--config', `fixtures/kube-proxy/${name}/config.yaml`, '--node-ip', 'fd00:192::10'],
      ],
    })
    expect(ran).toEqual([{ code: 0, stdout: '', stderr: '' }])
  })

  test('finds what it has not heard of yet, and names the Service', async () => {
    const { ran, rules } = await look({
      ...{ objects: objectsOf('094-update-endpoints', '-2'), bound },
      ...{ rules: textOf('094-update-endpoints', 'Sn', '', 'txt'), audits: [[]] },
    })
    const [{ code, stdout, stderr } = { code: -1, stdout: '', stderr: '' }] = ran
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(linesOf(stdout)).toEqual([
      'default/web port 80',
      '+ -a -t 10.96.100.10:80 -r 10.244.3.9:80 -m -w 1',
      '+ -a -t 192.168.10.10:30303 -r 10.244.3.9:80 -m -w 1',
      '- -d -t 10.96.100.10:80 -r 10.244.1.58:80',
      '- -d -t 10.96.100.10:80 -r 10.244.2.50:80',
      '- -d -t 192.168.10.10:30303 -r 10.244.1.58:80',
      '- -d -t 192.168.10.10:30303 -r 10.244.2.50:80',
    ])
    // It has only looked.
    expect(rules).toBe(textOf('094-update-endpoints', 'Sn', '', 'txt'))
  })

  test('finds what was left behind, and leaves strangers alone', async () => {
    const left = [
      '-A -t 192.168.10.10:30303 -s rr\n-a -t 192.168.10.10:30303 -r 10.244.1.57:80 -m -w 1',
      '-A -t 10.96.100.10:8080 -s rr\n-A -t 10.96.0.77:80 -s rr\n-A -t 10.98.0.1:80 -s rr',
      '-A -t 192.0.2.1:9 -s lc\n-A -f 7 -s rr\n',
    ]
    const proxy = [
      '*nat\n:KUBE-SERVICES - [0:0]\n:KUBE-MARK-MASQ - [0:0]\n:MINE - [0:0]\nCOMMIT\n',
      '*filter\n:KUBE-FIREWALL - [0:0]\n:KUBE-PROXY-FIREWALL - [0:0]\nCOMMIT\n',
    ]
    const { ran } = await look({
      objects: objectsOf('095-update-service', '-2'),
      rules: textOf('095-update-service', 'Sn', '-2', 'txt') + left.join('\n'),
      bound: [...bound, '10.96.0.77', 'fd00:96::77'],
      audits: [[], ['--ipvs-exclude-cidrs', '192.168.10.0/24,10.96.0.0/16'], ['-o', 'json']],
      chains: proxy.join(''),
    })
    const [plain, excluded, json] = ran.map(({ stdout }) => stdout)
    expect(ran.map(({ code }) => code)).toEqual([1, 1, 1])
    expect(linesOf(plain ?? '')).toEqual([
      'not ours, and left alone:',
      '  -A -f 7 -s rr',
      '  -A -t 10.98.0.1:80 -s rr',
      '  -A -t 192.0.2.1:9 -s lc',
      'left behind, and nobody asks for it:',
      '- -D -t 10.96.0.77:80  # no Service has the address',
      '- -D -t 10.96.100.10:8080  # default/web, its address, but no port of it',
      '- -D -t 192.168.10.10:30303  # no Service has such a node port',
      '- ip address delete 10.96.0.77/32 dev kube-ipvs0  # of kube-proxy',
      '- ip address delete fd00:96::77/128 dev kube-ipvs0  # of kube-proxy',
      '- iptables-legacy -t filter -X KUBE-PROXY-FIREWALL  # of kube-proxy',
      '- iptables-legacy -t nat -X KUBE-SERVICES  # of kube-proxy',
    ])
    expect(excluded).not.toContain('-D')
    const { changes, left: rows } = JSON.parse(json ?? '')
    expect(changes).toEqual([])
    expect(rows[1]).toEqual({
      ...{ command: '-D -t 10.96.100.10:8080', service: 'default/web', connections: 0 },
      reason: 'its address, but no port of it',
    })
  })

  test('tells what an agent has from what it lost, and what its ledger has too much', async () => {
    const first = objectsOf('095-update-service', '')
    const { ran } = await look({
      ...{ objects: first, rules: '', bound: [] },
      audits: [['agent'], [], ['lose'], [], ['forget'], []],
    })
    const texts = ran.map(({ code, stdout }) => `${code}\n${stdout}`)
    expect(texts[0]).toBe('0\n')
    expect(texts[1]).toContain('changed behind our back:\ndefault/web port 80')
    expect(texts[1]).toContain('+ -A -t 10.96.100.10:80 -s rr\n')
    expect(texts[2]).toContain('- -D -t 192.168.10.10:30303')
    expect(texts[2]).toContain('default/web port 80')
  })

  test('cannot say anything where the server does not answer, or answers nonsense', async () => {
    const ipless = { kind: 'Service', metadata: { name: 'bad', namespace: 'default' }, spec: {} }
    const { ran } = await look({
      ...{ objects: [ipless], rules: '', bound: [] },
      audits: [[], ['away'], [], ['--config', '/nowhere']],
    })
    expect(ran.map(({ code }) => code)).toEqual([2, 3, 2])
    expect(ran[0]?.stderr).toContain('error[')
    expect(ran[1]?.stderr).toContain('error: the API server does not tell /')
  })
})

async function auditWith(
  { nodeport, put, ModelApiServer, commandOutput, ipvsadm, sleep, startAgent }: Inside,
  { folder, objects, rules, bound, audits, chains }: Scene,
) {
  const server = new ModelApiServer()
  const paths: Readonly<Record<string, string>> = {
    Service: '/api/v1/services',
    EndpointSlice: '/apis/discovery.k8s.io/v1/endpointslices',
    Node: '/api/v1/nodes',
  }
  for (const object of objects) {
    const path = paths[object.kind]
    if (path !== undefined) server.put(path, object)
  }
  const url = await server.listen()
  const cluster = `{name: c, cluster: {server: "${url}"}}`
  const contexts = 'contexts: [{name: x, context: {cluster: c}}]'
  put(`${folder}/config`, `kind: Config\ncurrent-context: x\n${contexts}\nclusters: [${cluster}]\n`)
  ipvsadm(['-R'], rules)
  commandOutput('ip', ['link', 'add', 'kube-ipvs0', 'type', 'dummy'])
  for (const address of bound) {
    commandOutput('ip', ['address', 'add', address, 'dev', 'kube-ipvs0'])
  }
  if (chains !== undefined) {
    put(`${folder}/chains`, chains)
    commandOutput('iptables-legacy-restore', ['--noflush', `${folder}/chains`])
  }
  const input = ['--from', 'kubernetes', '--kubeconfig', `${folder}/config`, '--node', 'node-a']
  const words = [...input, '--node-ip', '192.168.10.10', '--ledger', `${folder}/ledger.json`]
  const found = []
  for (const audit of audits) {
    if (audit[0] === 'agent') {
      const agent = startAgent([...words, '--rules-only'])
      for (let waited = 0; waited < 9000 && !ipvsadm(['-Sn']).includes(' -r '); waited += 50) {
        await sleep(50)
      }
      await agent.end('SIGTERM')
    } else if (audit[0] === 'lose') ipvsadm(['-D', '-t', '10.96.100.10:80'])
    else if (audit[0] === 'forget') server.remove('/api/v1/services', 'default/web')
    else if (audit[0] === 'away') server.close()
    else found.push(await nodeport(['audit', ...words, ...audit]))
  }
  server.close()
  return found
}
