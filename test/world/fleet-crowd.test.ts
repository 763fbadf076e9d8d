import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openEtcd } from '../../src/world/etcd.ts'
import { type FleetWatch, watchFleet } from '../../src/world/fleet-watch.ts'
import { run } from '../support/console.ts'
import {
  accessTo,
  answers,
  type Cluster,
  leaderOf,
  startEtcd,
  until,
  withEtcd,
} from '../support/etcd.ts'
import { manifestText, serviceText } from '../support/watched.ts'

// Many write at once, many watch, and whoever leads the store is killed twice meanwhile.

const writers = 10
const applies = 10
const services = 10
const watchers = 20

/** What one of those who watch has been told. */
class Follower {
  readonly watch: FleetWatch
  readonly told = new Map<string, string>()

  constructor(cluster: Cluster, index: number) {
    this.watch = watchFleet({
      access: accessTo(cluster, { patience: 2000 }),
      ...{ prefix: 'fleet/', node: `node-${index}`, stirred: () => this.#take() },
    })
  }

  #take(): void {
    const { changed, gone } = this.watch.look(0, false)
    for (const key of gone) this.told.delete(key)
    for (const { name, text } of changed) this.told.set(name, text)
  }
}

withEtcd('three members of etcd', () => {
  let cluster: Cluster
  let folder: string
  const followers: Follower[] = []

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'nodeport-crowd-'))
    cluster = await startEtcd(3)
    await answers(accessTo(cluster))
  }, 30_000)
  afterAll(async () => {
    for (const { watch } of followers) watch.close()
    await cluster.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('give 1,000 Services their numbers, none twice and none lost, though leaders die', async () => {
    for (let index = 0; index < watchers; index++) followers.push(new Follower(cluster, index))
    let applied = 0
    const faults: string[] = []
    const write = async (writer: number) => {
      for (let turn = 0; turn < applies; turn++) {
        const names = Array.from({ length: services }, (_, index) => `w${writer}-${turn}-${index}`)
        const file = `${writer}.yaml`
        const texts = names.map((name) => serviceText(name, { type: 'NodePort' }))
        writeFileSync(join(folder, file), manifestText(...texts))
        const words = ['apply', '-f', file, '--ledger', `etcd://${cluster.places}/fleet`]
        const { err, exit } = await run(words, folder)
        if (exit !== 0 || err !== '') faults.push(err)
        applied += services
      }
    }
    let killed = 0
    const killAt = async (count: number) => {
      await until(() => applied >= count, 60_000)
      const leader = await leaderOf(cluster)
      await leader?.kill()
      if (leader !== undefined) killed += 1
      await until(async () => (await leaderOf(cluster)) !== undefined)
      leader?.start()
    }
    const kills = (async () => {
      await killAt(250)
      await killAt(600)
    })()
    await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)))
    await kills
    expect([faults, killed]).toEqual([[], 2])

    const etcd = openEtcd(accessTo(cluster))
    const { keys } = await etcd.range({ from: 'fleet/', to: 'fleet0' })
    etcd.close()
    const of = (part: string) => keys.filter(({ key }) => key.startsWith(`fleet/${part}/`))
    const stored = of('services').map(({ key, value }) => ({
      name: key.slice('fleet/services/'.length),
      spec: JSON.parse(value).object.spec,
    }))
    const count = writers * applies * services
    expect(stored).toHaveLength(count)
    const ports = new Map(stored.map(({ name, spec }) => [String(spec.ports[0].nodePort), name]))
    const addresses = new Map(stored.map(({ name, spec }) => [spec.clusterIP, name]))
    expect([ports.size, addresses.size]).toEqual([count, count])
    const granted = (part: string) =>
      new Map(of(`grants/${part}`).map(({ key, value }) => [key.split('/').at(-1), value]))
    expect(granted('nodePort')).toEqual(ports)
    expect(granted('clusterIP')).toEqual(addresses)

    const wished = JSON.stringify(
      of('services').map(({ key, value }) => [
        key.slice('fleet/'.length),
        JSON.stringify(JSON.parse(value).object),
      ]),
    )
    const seenBy = ({ told }: Follower) =>
      JSON.stringify([...told].sort(([a], [b]) => (a < b ? -1 : 1)))
    await until(() => followers.every((one) => one.told.size === count))
    await until(() => followers.every((one) => seenBy(one) === wished))
  }, 90_000)
})
