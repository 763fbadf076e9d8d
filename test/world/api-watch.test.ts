import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { proxied } from '../../src/command/api-access.ts'
import type { Access } from '../../src/watch/kubeconfig.ts'
import { watchApi } from '../../src/world/api-watch.ts'
import type { FileWatch } from '../../src/world/file-watch.ts'
import { type Fault, ModelApiServer } from '../support/api-server.ts'

const [services = '', slices = ''] = proxied.map(({ path }) => path)
let server = new ModelApiServer()
let watch: FileWatch | undefined
/** What was told and not taken back: the texts by their names. */
let told = new Map<string, string>()

beforeEach(() => {
  server = new ModelApiServer()
  told = new Map()
})
afterEach(() => {
  watch?.close()
  server.close()
})

async function begin(): Promise<void> {
  const access: Access = {
    ...{ server: await server.listen(), serverName: undefined, insecure: false },
    ...{ authority: undefined, certificate: undefined, key: undefined },
    ...{ token: { text: 'secret' }, user: undefined, password: undefined },
  }
  watch = watchApi({ access, resources: proxied, stirred: () => {}, haste: 0.02, watchSeconds: 5 })
}

/** Takes what there is to take; answers what is away. */
function take(): readonly string[] {
  const { changed = [], gone = [], away = [] } = watch?.look(0, false) ?? {}
  for (const name of gone) told.delete(name)
  for (const { name, text } of changed) told.set(name, text)
  return away.map(({ reason }) => reason)
}

async function until(isSo: () => boolean): Promise<void> {
  for (let waited = 0; !isSo(); waited += 10) {
    if (waited > 4000) throw new Error(`it never came; asked: ${server.asked.join(', ')}`)
    await sleep(10)
  }
}

const names = () => [...told.keys()].sort()
const service = (name: string, port = 80) => ({
  metadata: { name, namespace: 'default', uid: '1' },
  spec: { type: 'ClusterIP', clusterIP: '10.96.0.10', ports: [{ port }], trafficMagic: 'new' },
})

describe('an API server that is followed', () => {
  test('is told of when all of it is listed, page by page, and then as it changes', async () => {
    for (let index = 0; index < 8; index++) server.put(services, service(`s${index}`))
    await begin()
    expect(take()).toEqual(['it has not told everything yet'])
    await until(() => take().length === 0)
    expect(names()).toEqual(Array.from({ length: 8 }, (_, index) => `service default/s${index}`))
    expect(server.asked.filter((it) => it === 'list services')).toHaveLength(3)
    server.remove(services, 'default/s3')
    server.put(services, service('s4', 81))
    await until(() => take().length === 0 && told.size === 7)
    expect(JSON.parse(told.get('service default/s4') ?? '').spec.ports).toEqual([{ port: 81 }])
  })

  test('is told of without what nobody here reads', async () => {
    server.put(services, service('web'))
    await begin()
    await until(() => take().length === 0)
    expect(told.get('service default/web')).toBe(
      '{"apiVersion":"v1","kind":"Service","metadata":{"name":"web","namespace":"default"},"spec":{"type":"ClusterIP","clusterIP":"10.96.0.10","ports":[{"port":80}]}}',
    )
  })

  test.each<readonly [string, readonly Fault[]]>([
    ['refuses', ['refuse', 'refuse']],
    ['is busy', ['busy']],
    ['has forgotten the version', ['gone', 'gone']],
    ['has forgotten the next page', ['expired']],
  ])('is asked again when it %s', async (_, faults) => {
    for (let index = 0; index < 5; index++) server.put(services, service(`s${index}`))
    server.faults.push(...faults)
    await begin()
    await until(() => take().length === 0 && told.size === 5 && server.faults.length === 0)
    server.put(services, service('new'))
    await until(() => take().length === 0 && told.size === 6)
  })

  test.each<readonly [string, Fault]>([
    ['is cut in the middle of a line', 'cut'],
    ['hangs up', 'hang up'],
    ['says a line bit by bit', 'slow'],
  ])('loses nothing when it %s', async (_, fault) => {
    server.put(services, service('web'))
    await begin()
    await until(() => take().length === 0)
    server.faults.push(fault)
    server.put(services, service('größer', 82))
    server.put(services, service('last', 83))
    await until(() => take().length === 0 && told.size === 3)
    expect(told.get('service default/größer')).toContain('"port":82')
  })

  test('takes nothing back while it is away, and what went meanwhile when it is there again', async () => {
    for (const name of ['a', 'b']) server.put(services, service(name))
    await begin()
    await until(() => take().length === 0)
    server.faults.push('refuse', 'refuse', 'refuse', 'refuse', 'refuse', 'refuse')
    server.cutAll()
    await until(() => take().length > 0)
    expect(names()).toHaveLength(2)
    server.remove(services, 'default/a')
    server.compact()
    await until(() => take().length === 0 && told.size === 1)
    expect(names()).toEqual(['service default/b'])
  })

  test('is told in the end as it is, whatever happened on the way', async () => {
    let seed = 7
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
      return (seed >> 8) % below
    }
    const all: readonly Fault[] = ['refuse', 'busy', 'gone', 'expired', 'cut', 'hang up', 'slow']
    await begin()
    for (let round = 0; round < 300; round++) {
      const path = random(2) === 0 ? services : slices
      const name = `s${random(12)}`
      if (random(4) === 0) server.remove(path, `default/${name}`)
      else server.put(path, service(name, 1 + round))
      if (random(15) === 0) server.faults.push(all[random(all.length)] ?? 'cut')
      if (random(40) === 0) server.cutAll()
      if (random(60) === 0) server.compact()
      if (random(5) === 0) await sleep(random(8))
      take()
    }
    server.faults.length = 0
    const ports = (path: string, kind: string) =>
      server.objects(path).map((object) => {
        const { metadata, spec } = object as ReturnType<typeof service>
        return [`${kind} default/${metadata.name}`, spec.ports[0]?.port]
      })
    const wanted = () => [...ports(services, 'service')].sort()
    const seen = () =>
      [...told]
        .filter(([name]) => name.startsWith('service '))
        .map(([name, text]) => [name, JSON.parse(text).spec.ports[0].port])
        .sort()
    await until(() => take().length === 0 && JSON.stringify(seen()) === JSON.stringify(wanted()))
    const others = names().filter((name) => name.startsWith('endpointslice '))
    expect(others).toEqual(
      ports(slices, 'endpointslice')
        .map(([name]) => name)
        .sort(),
    )
  })
})
