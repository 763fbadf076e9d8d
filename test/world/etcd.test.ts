import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Etcd, type EtcdAccess, isRenewal, openEtcd } from '../../src/world/etcd.ts'
import {
  accessTo,
  answers,
  type Cluster,
  etcdctl,
  startEtcd,
  until,
  withEtcd,
} from '../support/etcd.ts'

withEtcd('etcd', () => {
  let cluster: Cluster
  let etcd: Etcd

  beforeAll(async () => {
    cluster = await startEtcd(1)
    etcd = openEtcd(accessTo(cluster))
    await answers(accessTo(cluster))
  }, 30_000)
  afterAll(async () => {
    etcd.close()
    await cluster.close()
  })

  const put = async (key: string, value: string) =>
    (await etcd.commit({ conditions: [], operations: [{ put: key, value }] })).revision

  test('makes a transaction where its conditions are met, and nothing of it otherwise', async () => {
    const claim = {
      conditions: [{ key: 't/a', is: 'absent' }],
      operations: [
        { put: 't/a', value: 'ä' },
        { put: 't/b', value: '' },
      ],
    } as const
    expect(await etcd.commit(claim)).toMatchObject({ done: true })
    expect(await etcd.commit(claim)).toMatchObject({ done: false })
    const { keys } = await etcd.range({ from: 't/', to: 't0' })
    expect(keys.map(({ key, value }) => [key, value])).toEqual([
      ['t/a', 'ä'],
      ['t/b', ''],
    ])
    const own = { key: 't/a', is: 'value', value: 'ä' } as const
    const change = { conditions: [own], operations: [{ remove: 't/a' }] }
    expect(await etcd.commit(change)).toMatchObject({ done: true })
    expect(await etcd.commit(change)).toMatchObject({ done: false })
  })

  test('is read page by page, all of one moment', async () => {
    for (let first = 0; first < 1100; first += 100) {
      const operations = Array.from({ length: 100 }, (_, index) => {
        return { put: `p/${String(first + index).padStart(5, '0')}`, value: 'x' }
      })
      await etcd.commit({ conditions: [], operations })
    }
    const { keys, revision } = await etcd.range({ from: 'p/', to: 'p0' })
    expect(keys).toHaveLength(1100)
    await put('p/00000', 'y')
    const before = await etcd.range({ from: 'p/00000', revision })
    expect(before.keys[0]?.value).toBe('x')
  })

  test('tells what changes from a revision on, all of a revision at once', async () => {
    const from = await put('w/a', '1')
    await put('w/a', '2')
    const told: string[][] = []
    const watching = etcd.watch({ from: 'w/', to: 'w0' }, from, {
      opened: () => {},
      events: (_, events) => {
        told.push(events.map(({ key, value }) => `${key} ${value}`))
        return told.flat().length < 4
      },
    })
    await etcd.commit({
      conditions: [],
      operations: [{ remove: 'w/a' }, { put: 'w/b', value: '3' }],
    })
    const end = await watching
    expect(isRenewal(end)).toBe(true)
    // What happened before somebody watched may come together.
    expect(told.flat()).toEqual(['w/a 1', 'w/a 2', 'w/a undefined', 'w/b 3'])
    expect(told.at(-1)?.slice(-2)).toEqual(['w/a undefined', 'w/b 3'])
  })

  test('says that a revision is forgotten', async () => {
    const old = await put('c/a', '1')
    const now = await put('c/a', '2')
    etcdctl(['--endpoints', cluster.places, 'compact', String(now)])
    const end = await etcd.watch({ from: 'c/a' }, old, { opened: () => {}, events: () => true })
    expect(end.kind).toBe('compacted')
    await expect(etcd.range({ from: 'c/a', revision: old })).rejects.toMatchObject({ code: 11 })
  })

  test('forgets what a lease holds', async () => {
    const lease = await etcd.grantLease(30)
    const operations = [{ put: 'l/a', value: '1', lease }]
    await etcd.commit({ conditions: [], operations })
    expect(await etcd.keepAlive(lease)).toBe(true)
    etcdctl(['--endpoints', cluster.places, 'lease', 'revoke', BigInt(lease).toString(16)])
    expect(await etcd.keepAlive(lease)).toBe(false)
    expect((await etcd.range({ from: 'l/a' })).keys).toEqual([])
    const late = etcd.commit({ conditions: [], operations })
    await expect(late).rejects.toThrow('requested lease not found')
  })

  test('is asked at another member where one does not answer', async () => {
    const { endpoints } = accessTo(cluster)
    const many = openEtcd({ ...accessTo(cluster), endpoints: ['http://127.0.0.1:1', ...endpoints] })
    for (let index = 0; index < 4; index++) await many.range({ from: 'x' })
    many.close()
    const none = openEtcd({
      ...accessTo(cluster, { patience: 300 }),
      endpoints: ['http://127.0.0.1:1'],
    })
    await expect(none.range({ from: 'x' })).rejects.toThrow(
      /etcd cannot be reached: .*ECONNREFUSED/,
    )
    none.close()
  })
})

withEtcd('etcd with TLS, client certificates and users', () => {
  let cluster: Cluster
  let folder: string
  let safe: EtcdAccess
  const file = (name: string) => join(folder, name)

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'nodeport-tls-'))
    certificates(folder)
    cluster = await startEtcd(
      1,
      [
        ...['--cert-file', file('server.crt'), '--key-file', file('server.key')],
        ...['--trusted-ca-file', file('ca.crt'), '--client-cert-auth'],
      ],
      'https',
    )
    safe = accessTo(cluster, {
      authority: { file: file('ca.crt') },
      certificate: { file: file('client.crt') },
      key: { file: file('client.key') },
    })
    await answers(safe)
    const ctl = (...words: string[]) =>
      etcdctl([
        ...['--endpoints', `https://${cluster.places}`, '--cacert', file('ca.crt')],
        ...['--cert', file('client.crt'), '--key', file('client.key'), ...words],
      ])
    ctl('user', 'add', 'root:of-all')
    ctl('user', 'add', 'shop:secret')
    ctl('role', 'add', 'shop')
    ctl('role', 'grant-permission', 'shop', '--prefix=true', 'readwrite', 'shop/')
    ctl('user', 'grant-role', 'shop', 'shop')
    ctl('user', 'grant-role', 'root', 'root')
    ctl('auth', 'enable')
  }, 30_000)
  afterAll(async () => {
    await cluster.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const asked = async (more: Partial<EtcdAccess>, key = 'shop/a') => {
    const etcd = openEtcd({ ...safe, patience: 1000, ...more })
    try {
      await etcd.commit({ conditions: [], operations: [{ put: key, value: '1' }] })
      return (await etcd.range({ from: key })).keys.length
    } finally {
      etcd.close()
    }
  }

  test('lets in whoever has a certificate and a password', async () => {
    expect(await asked({ user: 'shop', password: 'secret' })).toBe(1)
  })

  test('lets in nobody else, and says why without the password', async () => {
    const named = { user: 'shop', password: 'secret' }
    await expect(asked({ ...named, authority: undefined })).rejects.toThrow(/certificate/)
    await expect(asked({ ...named, certificate: undefined, key: undefined })).rejects.toThrow(
      /etcd cannot be reached/,
    )
    const wrong = asked({ user: 'shop', password: 'wrong-one' })
    await expect(wrong).rejects.toThrow(/authentication failed, invalid user ID or password/)
    await expect(wrong).rejects.not.toThrow(/wrong-one/)
    await expect(asked({})).rejects.toThrow(/permission denied/)
    await expect(asked(named, 'other/a')).rejects.toThrow(/permission denied/)
  })

  test('is watched with them, and goes on when a token has ended', async () => {
    const etcd = openEtcd({ ...safe, user: 'shop', password: 'secret' })
    const { revision } = await etcd.range({ from: 'shop/w' })
    const seen: (string | undefined)[] = []
    const watching = etcd.watch({ from: 'shop/w' }, revision + 1, {
      opened: () => {},
      events: (_, events) => {
        seen.push(...events.map(({ value }) => value))
        return false
      },
    })
    await etcd.commit({ conditions: [], operations: [{ put: 'shop/w', value: '1' }] })
    await watching
    expect(seen).toEqual(['1'])
    // A member that was started anew knows of no token that it gave before.
    await cluster.members[0]?.kill()
    cluster.members[0]?.start()
    await until(async () => (await etcd.range({ from: 'shop/w' })).keys.length === 1)
    etcd.close()
  }, 20_000)
})

/** An authority, and certificates of it for a server and for a client. */
function certificates(folder: string): void {
  const openssl = (words: readonly string[]) =>
    execFileSync('openssl', [...words], { cwd: folder, stdio: 'pipe' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const authority = ['-x509', '-days', '2', '-subj', '/CN=authority', '-keyout', 'ca.key']
  openssl(['req', ...key, ...authority, '-out', 'ca.crt'])
  for (const name of ['server', 'client']) {
    // The gateway of etcd goes to etcd itself with the certificate of the server.
    const uses = 'extendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=IP:127.0.0.1\n'
    writeFileSync(join(folder, 'extensions'), uses)
    openssl(['req', ...key, '-subj', `/O=${name}`, '-keyout', `${name}.key`, '-out', 'wish'])
    const by = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'extensions']
    openssl(['x509', '-req', '-days', '2', '-in', 'wish', ...by, '-out', `${name}.crt`])
  }
  expect(readFileSync(join(folder, 'client.crt'), 'utf8')).toContain('CERTIFICATE')
}
