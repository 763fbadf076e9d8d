import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Change } from '../../src/table/change.ts'
import type { Table } from '../../src/table/virtual-server.ts'
import { anyTable, ip, realServerWith, serverWith } from '../support/tables.ts'
import type { Inside } from './inside.ts'
import { inLab } from './lab.ts'

const realServer = realServerWith({})
const web = serverWith({ realServers: [realServer] })

inLab('the kernel', (lab) => {
  test('runs the built program', async () => {
    const { code, stdout } = await lab.nodeport(['version'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('nodeport') })
  })

  test('takes all six verbs', async () => {
    const namespace = await lab.namespace()
    const other = serverWith({ port: 443 })
    const steps: readonly Change[] = [
      { verb: 'add', server: web },
      { verb: 'add', server: other },
      { verb: 'attach', server: web, realServer },
      { verb: 'attach', server: web, realServer: { ...realServer, address: ip('10.244.0.6') } },
      { verb: 'edit', server: { ...web, scheduler: 'wrr', flags: 1, timeout: 600 } },
      { verb: 'adjust', server: web, realServer: { ...realServer, weight: 9, forwarding: 3 } },
      { verb: 'detach', server: web, realServer: { ...realServer, address: ip('10.244.0.6') } },
      { verb: 'delete', server: other },
    ]
    expect(await namespace.inside(perform, steps)).toEqual({ tried: 8, refusals: [] })
    expect(await namespace.ipvsadm(['-Sn'])).toBe(
      '-A -t 10.96.0.1:80 -s wrr -p 600\n-a -t 10.96.0.1:80 -r 10.244.0.5:8080 -g -w 9\n',
    )
  })

  test('is told exactly which change it refused, and why', async () => {
    const namespace = await lab.namespace()
    const gone = serverWith({ port: 1 })
    const unknown = { ...realServer, port: 1 }
    const answers: readonly (readonly [string | undefined, Change])[] = [
      [undefined, { verb: 'add', server: web }],
      ['EEXIST', { verb: 'add', server: web }],
      ['ESRCH', { verb: 'edit', server: gone }],
      ['ESRCH', { verb: 'delete', server: gone }],
      [undefined, { verb: 'attach', server: web, realServer }],
      ['EEXIST', { verb: 'attach', server: web, realServer }],
      ['ENOENT', { verb: 'adjust', server: web, realServer: unknown }],
      ['ENOENT', { verb: 'detach', server: web, realServer: unknown }],
      ['ESRCH', { verb: 'attach', server: gone, realServer }],
      ['ERANGE', { verb: 'attach', server: web, realServer: { ...unknown, weight: -1 } }],
      ['ERANGE', { verb: 'attach', server: web, realServer: { ...unknown, lowerThreshold: 1 } }],
      ['EINVAL', { verb: 'attach', server: web, realServer: realServerAt('224.0.0.1') }],
      ['EINVAL', { verb: 'attach', server: web, realServer: realServerAt('fd00::1') }],
      ['ENOENT', { verb: 'add', server: { ...gone, scheduler: 'nosuch' } }],
      ['ENOENT', { verb: 'add', server: { ...gone, flags: 1, engine: 'nosuch' } }],
      ['EINVAL', { verb: 'add', server: serverWith({ family: 'IPv6', netmask: 0 }) }],
      [undefined, { verb: 'detach', server: web, realServer }],
    ]
    const performed = await namespace.inside(
      async ({ openKernel }, changes: Change[]) => {
        const kernel = await openKernel()
        const { tried, refusals } = await kernel.perform(changes, { keepGoing: true })
        kernel.close()
        return { tried, codes: refusals.map(({ index, code }) => [index, code]) }
      },
      answers.map(([, change]) => change),
    )
    const refused = answers.flatMap(([code], index) => (code === undefined ? [] : [[index, code]]))
    expect(performed).toEqual({ tried: answers.length, codes: refused })
  })

  test('sees nothing of the batches after one that it refused', async () => {
    const namespace = await lab.namespace()
    const performed = await namespace.inside(
      async ({ openKernel }, changes: Change[]) => {
        const kernel = await openKernel()
        const { tried, refusals } = await kernel.perform(changes, { batch: 2 })
        kernel.close()
        return { tried, codes: refusals.map(({ index, code }) => [index, code]) }
      },
      [1, 2, 2, 3, 4, 5].map((port): Change => ({ verb: 'add', server: serverWith({ port }) })),
    )
    expect(performed).toEqual({ tried: 4, codes: [[2, 'EEXIST']] })
    expect((await namespace.ipvsadm(['-Sn'])).match(/:\d+/g)).toEqual([':1', ':2', ':3'])
  })

  test('ends with the last of two hundred tables, and with what was not ours', async () => {
    const namespace = await lab.namespace()
    const rules = '-A -t 203.0.113.1:80 -s lc\n-a -t 203.0.113.1:80 -r 10.0.0.1:80 -g -w 3\n'
    await namespace.ipvsadm(['-R'], { stdin: rules })
    const rows = (await namespace.ipvsadm(['-Ln', '--thresholds'])).split('\n').slice(3).join('\n')
    const tables = fc.sample(anyTable, { numRuns: 200, seed: 20_261_120 })
    const judge = await lab.namespace()
    const evolved = await namespace.inside(evolve, tables, { milliseconds: 360_000 })
    const built = await judge.inside(build, tables, { milliseconds: 360_000 })
    for (const [index, text] of evolved.entries()) {
      const foreign = [rules, rows].find((words) => text.includes(words)) ?? 'gone'
      expect({ index, text: text.replace(foreign, '') }).toEqual({ index, text: built[index] })
      expect(text).toContain(foreign)
    }
  }, 540_000)
})

async function perform({ openKernel }: Inside, changes: readonly Change[]) {
  const kernel = await openKernel()
  const performed = await kernel.perform(changes)
  kernel.close()
  return performed
}

/** Applies each table over the one before, beside what somebody else made. */
async function evolve({ openKernel, changesBetween, ipvsadm }: Inside, tables: readonly Table[]) {
  const kernel = await openKernel()
  const texts: string[] = []
  for (const table of tables) {
    const all = await kernel.readTable('whole')
    const ours = all.filter(({ address }) => address !== '203.0.113.1')
    const { refusals } = await kernel.perform(changesBetween(ours, table))
    if (refusals.length > 0) throw new Error(`refused: ${JSON.stringify(refusals)}`)
    texts.push(ipvsadm(['-Sn']))
    // Rules do not tell of thresholds.
    if (texts.length % 10 === 0) texts.push(ipvsadm(['-Ln', '--thresholds']))
  }
  kernel.close()
  return texts
}

/** Makes each table from nothing. */
async function build({ openKernel, changesBetween, ipvsadm }: Inside, tables: readonly Table[]) {
  const kernel = await openKernel()
  const texts: string[] = []
  for (const table of tables) {
    await kernel.flush()
    await kernel.perform(changesBetween([], table))
    texts.push(ipvsadm(['-Sn']))
    if (texts.length % 10 === 0) texts.push(ipvsadm(['-Ln', '--thresholds']))
  }
  kernel.close()
  return texts
}

function realServerAt(address: string) {
  return realServerWith({ address: ip(address) })
}
