import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe } from '@jest/globals'
import { type EtcdAccess, openEtcd } from '../../src/world/etcd.ts'
import { describeWithout, isInstalled } from './installed.ts'

// The real etcd, on loopback, in a folder of its own.

export interface Member {
  readonly client: string
  readonly peer: string
  readonly start: () => void
  /** Ends it as a power cut would. */
  readonly kill: () => Promise<void>
}

export interface Cluster {
  readonly members: readonly Member[]
  /** `127.0.0.1:2379,127.0.0.1:2380` */
  readonly places: string
  readonly close: () => Promise<void>
}

/** A `describe` for what needs etcd: without it, it is skipped, but under CI it is a failure. */
export function withEtcd(title: string, body: () => void): void {
  const lack = 'there is no etcd: apt-get install etcd-server etcd-client'
  if (['etcd', 'etcdctl'].every(isInstalled)) describe(title, body)
  else describeWithout(title, lack, body)
}

/** Starts members that know each other; `words` go to each of them. */
export async function startEtcd(
  count: number,
  words: readonly string[] = [],
  scheme: 'http' | 'https' = 'http',
): Promise<Cluster> {
  // In memory, a write is for good at once.
  const room = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
  const folder = mkdtempSync(join(room, 'nodeport-etcd-'))
  const ports = await freePorts(2 * count)
  const names = Array.from({ length: count }, (_, index) => `m${index}`)
  const peerOf = (index: number) => `http://127.0.0.1:${ports[2 * index]}`
  const all = names.map((name, index) => `${name}=${peerOf(index)}`).join(',')
  const members = names.map((name, index): Member => {
    const client = `${scheme}://127.0.0.1:${ports[2 * index + 1]}`
    const peer = peerOf(index)
    let child: ChildProcess | undefined
    return {
      client,
      peer,
      start: () => {
        child = spawn(
          'etcd',
          [
            ...['--name', name, '--data-dir', join(folder, name), '--logger', 'zap'],
            ...['--listen-client-urls', client, '--advertise-client-urls', client],
            ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer],
            ...['--initial-cluster', all, '--log-level', 'error'],
            ...['--heartbeat-interval', '50', '--election-timeout', '500', ...words],
          ],
          { stdio: 'ignore' },
        )
      },
      kill: async () => {
        const one = child
        if (one?.pid === undefined || one.exitCode !== null || one.signalCode !== null) return
        const ended = new Promise((done) => one.once('exit', done))
        one.kill('SIGKILL')
        await ended
      },
    }
  })
  for (const member of members) member.start()
  return {
    members,
    places: members.map(({ client }) => client.replace(/^https?:\/\//, '')).join(','),
    close: async () => {
      await Promise.all(members.map(({ kill }) => kill()))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A fleet's store for a file of tests: one member of etcd, a folder, and an address for each test. */
export interface FleetStage {
  readonly cluster: Cluster
  readonly folder: string
  /** The prefix of this test's keys. */
  readonly prefix: string
  /** `etcd://127.0.0.1:2379/fleet-1` */
  readonly ledger: string
}

export function fleetStage(): FleetStage {
  let cluster: Cluster | undefined
  let folder = ''
  let count = 0
  const there = (): Cluster => {
    if (cluster === undefined) throw new Error('etcd is started before the first test')
    return cluster
  }
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'nodeport-fleet-'))
    cluster = await startEtcd(1)
    await answers(accessTo(cluster))
  }, 30_000)
  afterAll(async () => {
    await cluster?.close()
    rmSync(folder, { recursive: true, force: true })
  })
  beforeEach(() => {
    count += 1
  })
  return {
    get cluster() {
      return there()
    },
    get folder() {
      return folder
    },
    get prefix() {
      return `fleet-${count}/`
    },
    get ledger() {
      return `etcd://${there().places}/fleet-${count}`
    },
  }
}

export function accessTo({ members }: Cluster, more: Partial<EtcdAccess> = {}): EtcdAccess {
  return {
    endpoints: members.map(({ client }) => client),
    ...{ authority: undefined, certificate: undefined, key: undefined },
    ...{ user: undefined, password: undefined, patience: 15_000, ...more },
  }
}

/** Waits until somebody answers. */
export async function answers(access: EtcdAccess): Promise<void> {
  const etcd = openEtcd(access)
  try {
    await etcd.range({ from: 'is anybody there' })
  } finally {
    etcd.close()
  }
}

/** Runs etcdctl to its end; it must not fail. */
export function etcdctl(words: readonly string[]): string {
  const env = { ...process.env, ETCDCTL_API: '3' }
  const { status, stdout, stderr } = spawnSync('etcdctl', [...words], { env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`etcdctl ${words.join(' ')}: ${stderr}`)
  return stdout
}

/** The member that leads now. */
export async function leaderOf({ members }: Cluster): Promise<Member | undefined> {
  for (const member of members) {
    const options = { method: 'POST', body: '{}', signal: AbortSignal.timeout(1000) }
    const answer = await fetch(`${member.client}/v3/maintenance/status`, options).catch(() => {})
    if (answer?.status !== 200) continue
    const { leader, header } = (await answer.json()) as Record<string, { member_id?: string }>
    if (leader !== undefined && String(leader) === header?.member_id) return member
  }
  return undefined
}

export async function until(isSo: () => boolean | Promise<boolean>, most = 10_000): Promise<void> {
  for (let waited = 0; !(await isSo()); waited += 20) {
    if (waited > most) throw new Error('it never came')
    await sleep(20)
  }
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer()
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
  return ports
}
