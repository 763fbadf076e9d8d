import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { type IP, parseIP } from '../../src/address/ip.ts'
import { main } from '../../src/command/main.ts'
import { type Parts, wholeOf } from '../../src/world/pieces.ts'
import { realWorld } from '../../src/world/real-world.ts'
import { etcdctl, fleetStage, until, withEtcd } from '../support/etcd.ts'
import { type FleetNode, startNode } from '../support/fleet-node.ts'
import { machineWith } from '../support/model-world.ts'
import { serverWith } from '../support/tables.ts'
import { manifestText, serviceText, sliceText } from '../support/watched.ts'

const strangerAt = (port: number) =>
  serverWith({ address: parseIP('10.96.0.10') as IP, port, scheduler: 'lc' })

withEtcd('a fleet', () => {
  const stage = fleetStage()
  const nodes = new Map<string, FleetNode>()

  afterEach(async () => {
    for (const node of nodes.values()) await node.end()
    nodes.clear()
  })

  const start = (name: string, machine?: FleetNode['machine']) =>
    void nodes.set(name, startNode(name, stage.ledger, machine))
  const stop = async (name: string) => {
    await nodes.get(name)?.end()
    nodes.delete(name)
  }
  /** With a clock that goes on. */
  const nodeport = async (...words: string[]) => {
    let out = ''
    let err = ''
    const stream = (take: (text: string) => void) => ({
      write: (text: Parts) => take(wholeOf(text)),
      on: () => undefined,
      isTTY: false,
    })
    const stdout = stream((text) => {
      out += text
    })
    const stderr = stream((text) => {
      err += text
    })
    const like = {
      cwd: () => stage.folder,
      env: {},
      pid: process.pid,
      uid: 1,
      stdin: () => Buffer.from(''),
    }
    const exit = await main(
      [...words, '--ledger', stage.ledger],
      realWorld({ ...like, stdout, stderr }),
    )
    return { out, err, exit }
  }
  const write = (port: number, ...addresses: string[]) => {
    const service = serviceText('web', { clusterIP: '10.96.0.10' }).replace(
      'port: 80',
      `port: ${port}`,
    )
    writeFileSync(
      join(stage.folder, 'web.yaml'),
      manifestText(service, sliceText('web', addresses)),
    )
  }
  const portsOf = (name: string) =>
    nodes
      .get(name)
      ?.machine.kernel.table()
      .map(({ port }) => port)
      .sort()
  const converged = () =>
    until(async () => {
      const { out } = await nodeport('fleet', 'status')
      return out.includes(`\nconverged: all of ${nodes.size} `)
    })

  test('shows who has what, who lags, who is ill and who is away', async () => {
    write(80, '10.244.0.1')
    await nodeport('apply', '-f', 'web.yaml')
    for (const name of ['a', 'b']) start(name)
    await converged()
    const { out } = await nodeport('fleet', 'status')
    expect(out).toMatch(
      /^NODE +REVISION +TABLE +STATE +REASON\na +\d+ +([0-9a-f]{12}) +converged\nb +\d+ +\1 +converged\nconverged: all of 2 at revision \d+\n$/,
    )
    const json = JSON.parse((await nodeport('fleet', 'status', '-o', 'json')).out)
    expect(json).toMatchObject({ isConverged: true, nodes: [{ node: 'a' }, { node: 'b' }] })

    // Somebody takes away a rule behind the agent's back and another one has its place.
    await stop('b')
    await until(async () => / away /.test((await nodeport('fleet', 'status')).out))
    const away = await nodeport('fleet', 'status')
    expect(away.exit).toBe(1)
    expect(away.out).toMatch(/^b +<none> +<none> +away +its agent says nothing$/m)
    expect(away.out).toMatch(/^not converged: 1 of 2 /m)
    const taken = strangerAt(80)
    start('b', machineWith([taken]))
    await until(async () => / ill /.test((await nodeport('fleet', 'status')).out))
    expect((await nodeport('fleet', 'status')).out).toMatch(
      / ill +somebody else has TCP 10.96.0.10:80/,
    )
    await stop('b')
    await until(async () => / away /.test((await nodeport('fleet', 'status')).out))
    expect(await nodeport('fleet', 'forget', 'b')).toMatchObject({ exit: 0, out: 'forgotten: b\n' })
    await converged()
  }, 20_000)

  test('goes on in steps, and a node that is held stays so though it is started anew', async () => {
    write(80, '10.244.0.1')
    await nodeport('apply', '-f', 'web.yaml')
    for (const name of ['a', 'b', 'c']) start(name)
    await converged()
    expect((await nodeport('fleet', 'hold')).out).toMatch(/^held: every node stays at revision \d+/)
    write(81, '10.244.0.1')
    await nodeport('apply', '-f', 'web.yaml')
    await until(async () => / held +held back from /.test((await nodeport('fleet', 'status')).out))
    const machine = nodes.get('c')?.machine
    await stop('c')
    await until(async () => / away /.test((await nodeport('fleet', 'status')).out))
    const words = ['--endpoints', stage.cluster.places, 'get', 'x', '-w', 'json']
    const { revision } = JSON.parse(etcdctl(words)).header
    // What is held is forgotten by the store, and known to the nodes.
    etcdctl(['--endpoints', stage.cluster.places, 'compact', String(revision)])
    start('c', machine)
    await until(async () => !/ (away|ill|lags) /.test((await nodeport('fleet', 'status')).out))
    expect(['a', 'b', 'c'].map(portsOf)).toEqual([[80], [80], [80]])

    const { out, err, exit } = await nodeport(
      'fleet',
      'rollout',
      '--canary',
      '1',
      '--soak',
      '300ms',
    )
    expect([err, exit]).toEqual(['', 0])
    expect(out).toMatch(
      /^step 1 of 2: a\nstep 2 of 2: b, c\nrolled out: revision \d+ on 3 nodes\n$/,
    )
    await converged()
    expect(['a', 'b', 'c'].map(portsOf)).toEqual([[81], [81], [81]])
  }, 30_000)

  test('stops where a node is not well, and takes the change back', async () => {
    write(80, '10.244.0.1')
    await nodeport('apply', '-f', 'web.yaml')
    start('a')
    start('b', machineWith([strangerAt(81)]))
    for (const name of ['c', 'd']) start(name)
    await converged()
    write(81, '10.244.0.1')
    const rollout = ['fleet', 'rollout', '-f', 'web.yaml', '--canary', '1', '--soak', '500ms']
    const { out, err, exit } = await nodeport(...rollout)
    expect(exit).toBe(3)
    expect(out).toMatch(/service\/web configured\nstep 1 of 3: a\nstep 2 of 3: b, c\n$/)
    expect(err).toMatch(/^error: stopped at b: somebody else has TCP 10.96.0.10:81, since /)
    expect(err).toContain('3 of 4 nodes have it')
    expect([portsOf('a'), portsOf('d')]).toEqual([[81], [80]])
    expect((await nodeport('fleet', 'rollout')).err).toMatch(/^error: b is not well/)
    await nodeport('fleet', 'hold')
    await until(() => portsOf('a')?.[0] === 80)
    // What was wrong is put right.
    write(82, '10.244.0.1')
    await nodeport('apply', '-f', 'web.yaml')
    await until(async () => !/ (away|ill|lags) /.test((await nodeport('fleet', 'status')).out))
    const again = await nodeport('fleet', 'rollout', '--canary', '4', '--soak', '300ms')
    expect(again.exit).toBe(0)
    await converged()
    expect([portsOf('a'), portsOf('b'), portsOf('d')]).toEqual([[82], [81, 82], [82]])
  }, 30_000)

  test('stops where more back ends of a node are silent than before', async () => {
    const writePods = (...numbers: number[]) => {
      const service = serviceText('web', {
        clusterIP: '10.96.0.10',
        more: '  selector: {app: web}\n',
      })
      writeFileSync(join(stage.folder, 'web.yaml'), manifestText(service, ...numbers.map(podText)))
    }
    writePods(1)
    await nodeport('apply', '-f', 'web.yaml')
    for (const name of ['a', 'b']) start(name)
    nodes.get('a')?.machine.deaf.add('10.244.0.2')
    await converged()
    await until(async () => !(await nodeport('fleet', 'status')).out.includes('answer'))
    writePods(1, 2)
    const rollout = ['fleet', 'rollout', '--soak', '300ms', '--step-timeout', '2s']
    const { out, err, exit } = await nodeport(...rollout, '-f', 'web.yaml')
    expect([exit, out]).toEqual([3, expect.stringMatching(/\nstep 1 of 2: a\n$/)])
    expect(err).toMatch(
      /^error: stopped at a: 1 back end does not answer, and all of them did before it\n/,
    )
    expect((await nodeport('fleet', 'status')).out).toMatch(
      /^a .* converged +1 back end does not answer$/m,
    )
    // It answers at last, and whoever goes on finds nothing to complain of.
    nodes.get('a')?.machine.deaf.clear()
    expect((await nodeport(...rollout)).exit).toBe(0)
    await converged()
  }, 30_000)

  test('has nothing to roll out where nothing is held', async () => {
    const { exit, err } = await nodeport('fleet', 'rollout')
    expect([exit, err]).toEqual([2, expect.stringContaining('nothing is held')])
    expect((await nodeport('fleet', 'release')).out).toBe('nothing was held\n')
  })
})

/** One that is to be asked each second, and is not believed after a single silence. */
function podText(number: number): string {
  return [
    `apiVersion: v1\nkind: Pod\nmetadata:\n  name: web-${number}\n  labels: {app: web}\n`,
    'spec:\n  containers:\n  - name: web\n    image: web\n',
    '    readinessProbe: {tcpSocket: {port: 80}, periodSeconds: 1, failureThreshold: 1}\n',
    `status: {phase: Running, podIP: 10.244.0.${number}}\n`,
  ].join('')
}
