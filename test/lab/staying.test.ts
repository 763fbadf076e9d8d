import { expect, test } from '@jest/globals'
import { rulesIn } from '../support/canonical.ts'
import type { Inside } from './inside.ts'
import { inLab } from './lab.ts'

const foreign = '-A -t 192.0.2.1:9 -s lc'

inLab('an agent that stays', (lab) => {
  test.each([
    ['ends 1,000 random changes with the table that the compiler makes', 1000, 0],
    ['may be killed at any moment: the next one ends what it began', 400, 12],
  ])('%s', async (_, changes, kills) => {
    const namespace = await lab.namespace()
    const folder = `/run/${namespace.name}`
    await namespace.ipvsadm(foreign.split(' '))
    await namespace.inside(liveThrough, { folder, changes, kills }, { milliseconds: 150_000 })

    const input = ['-f', `${folder}/m`, '--ledger', `${folder}/ledger.json`]
    const words = ['diff', ...input, '--node-ip', '192.168.10.10', '--set', 'agent', '--prune']
    const { code, stdout, stderr } = await namespace.nodeport(words)
    expect([stdout, stderr, code]).toEqual([expect.stringContaining(foreign), '', 0])
    const { stdout: wanted } = await namespace.nodeport([
      'list',
      ...input,
      ...words.slice(5, 7),
      '-o',
      'rules',
    ])
    const rules = await namespace.ipvsadm(['-Sn'])
    expect(rulesIn(rules)).toEqual(rulesIn(`${foreign}\n${wanted}`))
  })

  test('follows an API server, and keeps the table while it is away', async () => {
    const namespace = await lab.namespace()
    const tables = await namespace.inside(followCluster, `/run/${namespace.name}`)
    const web = (port: string, ...addresses: readonly string[]) => [
      `-A -t 10.200.0.10:${port} -s rr`,
      ...addresses.map((it) => `-a -t 10.200.0.10:${port} -r ${it}:8080 -m -w 1`),
    ]
    expect(tables.map(rulesIn)).toEqual([
      web('80', '10.244.0.1', '10.244.0.2'),
      web('80', '10.244.0.1', '10.244.0.3'),
      web('80', '10.244.0.1', '10.244.0.3'),
      web('81', '10.244.0.1', '10.244.0.3'),
    ])
  })

  test('tells how it is, what passes, and who answers on this node', async () => {
    const namespace = await lab.namespace()
    const folder = `/run/${namespace.name}`
    const told = await namespace.inside(askAgent, folder)
    expect(told.metrics).toContain('nodeport_virtual_servers{owner="nodeport"} 2\n')
    expect(told.metrics).toContain('nodeport_drift_repaired_total{verb="add"} 1\n')
    expect(told.metrics).toContain(
      'nodeport_service_connections_total{namespace="default",service="web",port="80",node="lab"} 0\n',
    )
    expect(told.metrics).not.toContain('nodeport_endpoint')
    expect(told.healthz).toBe(200)
    expect(told.readyz).toBe('200 [+]table ok\n[+]source ok\nreadyz check passed\n')
    expect(told.local).toEqual(['503 0', '200 1'])
    expect(told.broken).toContain('503 [+]table ok\n[-]source failed:')
    expect(told.exit).toBe(0)
  })
})

/** The table at first, after an endpoint's change, while the server is away, and after it is back. */
async function followCluster(
  { startAgent, put, sleep, ipvsadm, ModelApiServer }: Inside,
  folder: string,
): Promise<readonly string[]> {
  const server = new ModelApiServer()
  const url = await server.listen()
  const services = '/api/v1/services'
  const slices = '/apis/discovery.k8s.io/v1/endpointslices'
  const service = (port: number) => ({
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      type: 'ClusterIP',
      clusterIP: '10.200.0.10',
      clusterIPs: ['10.200.0.10'],
      ports: [{ port }],
    },
  })
  const slice = (addresses: readonly string[]) => ({
    metadata: {
      ...{ name: 'web-1', namespace: 'default' },
      labels: { 'kubernetes.io/service-name': 'web' },
    },
    addressType: 'IPv4',
    ports: [{ name: '', port: 8080, protocol: 'TCP' }],
    endpoints: addresses.map((address) => ({ addresses: [address] })),
  })
  server.put(services, service(80))
  server.put(slices, slice(['10.244.0.1', '10.244.0.2']))
  const cluster = `{name: c, cluster: {server: "${url}"}}`
  const contexts = 'contexts: [{name: x, context: {cluster: c}}]'
  put(`${folder}/config`, `kind: Config\ncurrent-context: x\n${contexts}\nclusters: [${cluster}]\n`)
  const words = ['--from', 'kubernetes', '--kubeconfig', `${folder}/config`, '--node', 'lab']
  const agent = startAgent([...words, '--ledger', `${folder}/ledger.json`, '--resync', '1s'])
  const tables: string[] = []
  const soon = async (isSo: (rules: string) => boolean) => {
    for (let waited = 0; waited < 5000 && !isSo(ipvsadm(['-Sn'])); waited += 50) await sleep(50)
    tables.push(ipvsadm(['-Sn']))
  }
  await soon((rules) => rules.includes('10.244.0.2'))
  server.put(slices, slice(['10.244.0.1', '10.244.0.3']))
  await soon((rules) => rules.includes('10.244.0.3') && !rules.includes('10.244.0.2'))
  for (let fault = 0; fault < 6; fault++) server.faults.push('refuse')
  server.cutAll()
  await sleep(1500)
  await soon(() => true)
  server.put(services, service(81))
  server.compact()
  await soon((rules) => rules.includes(':81') && !rules.includes(':80 '))
  await agent.end('SIGTERM')
  server.close()
  return tables
}

/** Lets somebody meddle with what an agent keeps, and asks it over HTTP. */
async function askAgent(
  { startAgent, put, sleep, manifestText, serviceText, sliceText, ipvsadm }: Inside,
  folder: string,
) {
  const local = 'externalTrafficPolicy: Local\n  healthCheckNodePort: 30200'
  const parts = { type: 'LoadBalancer', clusterIP: '10.96.0.10', more: `  ${local}\n` }
  const slice = sliceText('web', ['10.244.0.1'])
  const file = `${folder}/m/web.yaml`
  put(file, manifestText(serviceText('web', parts), slice))
  const words = ['-f', `${folder}/m`, '--ledger', `${folder}/ledger.json`, '--resync', '1s']
  const agent = startAgent([...words, '--node-ip', '192.168.10.10'])
  const asked = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${path}`)
    return { status: response.status, text: await response.text() }
  }
  const check = async () => {
    const { status, text } = await asked('30200/')
    return `${status} ${JSON.parse(text).localEndpoints}`
  }
  await agent.until('ready:')
  const remote = await check()
  put(file, manifestText(serviceText('web', parts), slice.replace(/\]\n/, ']\n  nodeName: lab\n')))
  ipvsadm(['-D', '-t', '10.96.0.10:80'])
  await agent.until('put back')
  await sleep(100)
  const near = await check()
  const { text: metrics } = await asked('10256/metrics')
  agent.child.kill('SIGHUP')
  await sleep(300)
  const { status: healthz } = await asked('10256/healthz')
  const readyz = await asked('10256/readyz')
  put(file, 'kind: Service\n\tbroken')
  await sleep(300)
  const broken = await asked('10256/readyz')
  return {
    metrics,
    healthz,
    readyz: `${readyz.status} ${readyz.text}`,
    local: [remote, near],
    broken: `${broken.status} ${broken.text}`,
    exit: await agent.end('SIGTERM'),
  }
}

interface Life {
  readonly folder: string
  readonly changes: number
  readonly kills: number
}

/** Writes and removes files at random while an agent watches; then looks at what became of it. */
async function liveThrough(
  { startAgent, nodeport, put, remove, sleep, manifestText, serviceText, sliceText }: Inside,
  { folder, changes, kills }: Life,
): Promise<void> {
  let seed = 12345
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
    return (seed >> 8) % below
  }
  const input = ['-f', `${folder}/m`, '--ledger', `${folder}/ledger.json`]
  const words = [...input, '--node-ip', '192.168.10.10', '--resync', '1s']
  const fileOf = (name: string): string => `${folder}/m/${name}.yaml`
  put(fileOf('last'), serviceText('last', { type: 'NodePort' }))
  let agent = startAgent(words)
  await agent.until('ready:')
  for (let change = 1; change <= changes; change++) {
    const name = `s${random(12)}`
    const addresses = Array.from({ length: random(6) }, () => `10.244.0.${random(20)}`)
    const parts = {
      type: random(2) === 0 ? 'NodePort' : 'ClusterIP',
      annotations: { 'nodeport.io/scheduler': random(2) === 0 ? 'rr' : 'lc' },
    }
    const once = [...new Set(addresses)]
    if (random(8) === 0) remove(fileOf(name))
    else put(fileOf(name), manifestText(serviceText(name, parts), sliceText(name, once)))
    if (random(4) === 0) await sleep(random(20))
    if (kills > 0 && change % Math.floor(changes / kills) === 0) {
      await sleep(random(60))
      await agent.end('SIGKILL')
      agent = startAgent(words)
      if (random(2) === 0) await agent.until('ready:')
    }
  }
  await agent.until('ready:')
  // A file that is gone is believed to be so after a second, and all of it compared every second.
  await sleep(2000)
  // A slow machine may take longer; whoever asks afterwards finds what never came to rest.
  const asked = ['diff', ...input, '--node-ip', '192.168.10.10', '--set', 'agent', '--prune']
  const end = Date.now() + 30_000
  while (Date.now() < end && (await nodeport(asked)).code !== 0) await sleep(500)
  await agent.end('SIGTERM')
}
