import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { run } from '../support/console.ts'
import { etcdctl, fleetStage, withEtcd } from '../support/etcd.ts'
import { manifestText, serviceText, sliceText } from '../support/watched.ts'

withEtcd('a ledger in etcd', () => {
  const stage = fleetStage()

  const write = (text: string) => writeFileSync(join(stage.folder, 'web.yaml'), text)
  const nodeport = async (...words: string[]) => {
    const { out, err, exit } = await run([...words, '--ledger', stage.ledger], stage.folder)
    return { out, err, exit }
  }
  const keys = () =>
    etcdctl([
      ...['--endpoints', stage.cluster.places, 'get', '--prefix', '--keys-only', stage.prefix],
    ])
      .split('\n')
      .filter(Boolean)
      .map((key) => key.slice(stage.prefix.length))

  const web = serviceText('web', { type: 'NodePort' })
  const slice = sliceText('web', ['10.244.0.1'])

  test('says what became of each object, in the words of apply', async () => {
    write(manifestText(web, slice))
    const apply = ['apply', '-f', 'web.yaml']
    const dry = await nodeport(...apply, '--dry-run=server')
    expect(dry.out).toContain('service/web created (server dry run)\n')
    expect(keys()).toEqual([])
    expect(await nodeport(...apply)).toEqual({
      out: 'endpointslice.discovery.k8s.io/web-1 created\nservice/web created\n',
      err: '',
      exit: 0,
    })
    expect((await nodeport(...apply)).out).toMatch(/web-1 unchanged\nservice\/web unchanged\n/)
    write(manifestText(web, sliceText('web', ['10.244.0.2'])))
    expect((await nodeport(...apply)).out).toMatch(/web-1 configured\nservice\/web unchanged\n/)
  })

  test('has a key for every number, and takes it away with its Service', async () => {
    write(manifestText(web, slice))
    await nodeport('apply', '-f', 'web.yaml')
    expect(keys()).toEqual([
      'changed',
      expect.stringMatching(/^grants\/clusterIP\/10\./),
      expect.stringMatching(/^grants\/nodePort\/3/),
      'objects/endpointslice/default/web-1',
      'services/default/web',
    ])
    write(manifestText(serviceText('web', { type: 'NodePort', nodePort: 30_001 }), slice))
    await nodeport('apply', '-f', 'web.yaml')
    expect(keys().filter((key) => key.includes('nodePort'))).toEqual(['grants/nodePort/30001'])
    const deleted = await nodeport('delete', 'service', 'web')
    expect(deleted.out).toBe('service "web" deleted from default namespace\n')
    expect(keys()).toEqual(['changed'])
    const again = await nodeport('delete', 'service', 'web')
    expect([again.exit, again.err]).toEqual([
      1,
      'Error from server (NotFound): services "web" not found\n',
    ])
  })

  test('refuses a number that somebody has, as an API server does', async () => {
    write(serviceText('web', { type: 'NodePort', nodePort: 30_001 }))
    await nodeport('apply', '-f', 'web.yaml')
    write(serviceText('other', { type: 'NodePort', nodePort: 30_001 }))
    const { exit, err } = await nodeport('apply', '-f', 'web.yaml')
    expect(exit).toBe(1)
    expect(err).toContain('provided port is already allocated')
    expect(keys().filter((key) => key.startsWith('services/'))).toEqual(['services/default/web'])
  })

  test('lets a number go from one Service to another, and prunes', async () => {
    write(manifestText(serviceText('a', { type: 'NodePort', nodePort: 30_001 }), web))
    await nodeport('apply', '-f', 'web.yaml')
    write(
      manifestText(
        serviceText('b', { type: 'NodePort', nodePort: 30_001 }),
        serviceText('a', { type: 'NodePort', nodePort: 30_002 }),
      ),
    )
    const { out } = await nodeport('apply', '-f', 'web.yaml', '--prune')
    expect(out).toBe('service/b created\nservice/a configured\nservice/web pruned\n')
    const values = ['--endpoints', stage.cluster.places, 'get', '--print-value-only']
    expect(etcdctl([...values, `${stage.prefix}grants/nodePort/30001`])).toBe('default/b\n')
    expect(etcdctl([...values, `${stage.prefix}grants/nodePort/30002`])).toBe('default/a\n')
  })

  test('is read by get, describe, list and diff from anywhere', async () => {
    write(manifestText(serviceText('web', { type: 'NodePort', nodePort: 30_001 }), slice))
    const diff = () => nodeport('diff', '-f', 'web.yaml')
    expect(await diff()).toMatchObject({
      exit: 1,
      out: '+ endpointslice.discovery.k8s.io/web-1\n+ service/web\n',
    })
    await nodeport('apply', '-f', 'web.yaml')
    expect(await diff()).toMatchObject({ exit: 0, out: '' })
    expect((await nodeport('get', 'svc')).out).toMatch(/^NAME.*\nweb +NodePort .*80:30001\/TCP/)
    expect((await nodeport('get', 'endpointslices')).out).toContain('10.244.0.1')
    expect((await nodeport('describe', 'svc', 'web')).out).toContain('30001/TCP')
    const { out } = await nodeport('list', '--node-ip', '192.168.10.10')
    expect(out).toContain('TCP  192.168.10.10:30001 rr\n  -> 10.244.0.1:8080 ')
    write(manifestText(serviceText('web', { type: 'NodePort', nodePort: 30_007 }), slice))
    expect((await diff()).out).toBe('~ service/web\n    spec.ports[0].nodePort: 30001 -> 30007\n')
  })

  test.each([
    [['apply', '-f', 'web.yaml', '-o', 'rules'], '-o rules is about one kernel'],
    [['drain', '10.0.0.1'], 'a ledger is a file, and "etcd://'],
  ])('%j has no answer there', async (words, sentence) => {
    write(web)
    const { exit, err } = await nodeport(...words)
    expect(exit).toBe(2)
    expect(err).toContain(sentence)
  })

  test.each([
    ['etcd://10.0.0.1:2379', 'it ends with a prefix for its keys'],
    ['etcd://me:secret@10.0.0.1:2379/x', 'a user is given with --etcd-user'],
    ['etcd://10.0.0.1:99999/x', '"10.0.0.1:99999" is no host with a port'],
    ['redis://10.0.0.1/x', 'it begins with etcd:// or etcds://'],
  ])('%s is no address', async (address, sentence) => {
    const { exit, err } = await run(['get', 'svc', '--ledger', address], stage.folder)
    expect(exit).toBe(2)
    expect(err).toContain(sentence)
  })

  test('a user without a password is told where to say it', async () => {
    const { exit, err } = await nodeport('get', 'svc', '--etcd-user', 'shop')
    expect([exit, err]).toEqual([2, expect.stringContaining('NODEPORT_ETCD_PASSWORD')])
  })
})
