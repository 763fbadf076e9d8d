import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, test } from '@jest/globals'
import { type EtcdAccess, openEtcd } from '../../src/world/etcd.ts'

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

const there = spawnSync('etcd', ['--version']).status === 0

/** A `describe` for what needs etcd: without it, it is skipped, but under CI it is a failure. */
export function withEtcd(title: string, body: () => void): void {
  if (there) {
    describe(title, body)
    return
  }
  const reason = 'there is no etcd: apt-get install etcd-server etcd-client'
  const { CI = 'false' } = process.env
  if (CI === 'false' || CI === '') {
    process.stderr.write(`skipped, ${reason}\n`)
    describe.skip(`${title} (${reason})`, body)
    return
  }
  test(`${title}: etcd is there`, () => {
    throw new Error(reason)
  })
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
