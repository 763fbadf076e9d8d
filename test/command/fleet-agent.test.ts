import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { run } from '../support/console.ts'
import { accessTo, answers, etcdctl, fleetStage, until, withEtcd } from '../support/etcd.ts'
import { type FleetNode, startNode } from '../support/fleet-node.ts'
import { manifestText, serviceText, sliceText } from '../support/watched.ts'

withEtcd('an agent of a fleet', () => {
  const stage = fleetStage()
  let ledger = ''
  const running: FleetNode[] = []

  beforeEach(() => {
    ledger = stage.ledger
  })
  afterEach(async () => {
    for (const node of running.splice(0)) await node.end()
  })

  const start = (
    ...[name = 'node-a', machine]: [name?: string, machine?: FleetNode['machine']]
  ) => {
    const node = startNode(name, ledger, machine)
    running.push(node)
    return node
  }
  const end = async (node: FleetNode) => {
    running.splice(running.indexOf(node), 1)
    return await node.end()
  }
  const apply = async (text: string) => {
    writeFileSync(join(stage.folder, 'web.yaml'), text)
    const { err, exit } = await run(['apply', '-f', 'web.yaml', '--ledger', ledger], stage.folder)
    expect([err, exit]).toEqual(['', 0])
  }
  const webWith = (...addresses: string[]) =>
    manifestText(serviceText('web', { clusterIP: '10.96.0.10' }), sliceText('web', addresses))
  const rulesWith = (...addresses: string[]) => [
    '-A -t 10.96.0.10:80 -s rr',
    ...addresses.map((address) => `-a -t 10.96.0.10:80 -r ${address}:8080 -m -w 1`),
  ]
  const equals = (node: FleetNode, rules: readonly string[]) => () =>
    JSON.stringify(node.rules()) === JSON.stringify(rules)

  test('makes its table as the fleet wishes, and follows it', async () => {
    await apply(webWith('10.244.0.1'))
    const node = start()
    await until(equals(node, rulesWith('10.244.0.1')))
    await apply(webWith('10.244.0.1', '10.244.0.2'))
    await until(equals(node, rulesWith('10.244.0.1', '10.244.0.2')))
    const other = serviceText('other', { clusterIP: '10.96.0.11' })
    await apply(manifestText(other, sliceText('other', ['10.244.0.9'])))
    await until(() => node.rules().length === 5)
    await run(['delete', 'svc', 'other', '--ledger', ledger], stage.folder)
    await until(equals(node, rulesWith('10.244.0.1', '10.244.0.2')))
    const { said, code } = await end(node)
    expect(said).toBe('ready: 1 entry is as it is wanted\n')
    expect(code).toBe(0)
  })

  test('goes on from where it was when the store was away and has forgotten', async () => {
    await apply(webWith('10.244.0.1'))
    const node = start()
    await until(equals(node, rulesWith('10.244.0.1')))
    await stage.cluster.members[0]?.kill()
    // What is wished for is not known now: everything stays.
    await new Promise((done) => setTimeout(done, 300))
    expect(node.rules()).toEqual(rulesWith('10.244.0.1'))
    stage.cluster.members[0]?.start()
    await answers(accessTo(stage.cluster))
    await apply(webWith('10.244.0.3'))
    const { keys } = await newest()
    etcdctl(['--endpoints', stage.cluster.places, 'compact', String(keys)])
    await until(equals(node, rulesWith('10.244.0.3')))
  }, 20_000)

  test('starts with what it was told last where nobody answers', async () => {
    await apply(webWith('10.244.0.1'))
    const node = start()
    await until(equals(node, rulesWith('10.244.0.1')))
    await end(node)
    // The machine is started anew: its kernel knows of nothing.
    const { machine } = node
    for (const server of machine.kernel.table()) machine.kernel.perform({ verb: 'delete', server })
    machine.boot = 'second'
    ledger = ledger.replace(stage.cluster.places, '127.0.0.1:1')
    const again = start('node-a', machine)
    await until(equals(again, rulesWith('10.244.0.1')))
    const { said } = await end(again)
    expect(said).toContain('warning: "etcd" cannot be read')
  }, 20_000)

  test('keeps what it has where somebody writes nonsense into the store', async () => {
    await apply(webWith('10.244.0.1'))
    const node = start()
    await until(equals(node, rulesWith('10.244.0.1')))
    const words = [
      '--endpoints',
      stage.cluster.places,
      'put',
      `${stage.prefix}services/default/web`,
    ]
    etcdctl([...words, 'nonsense'])
    await apply(webWith('10.244.0.1').replaceAll('web', 'more').replaceAll('0.10', '0.11'))
    await until(() => node.rules().length === 4)
    expect(node.rules()).toEqual(expect.arrayContaining(rulesWith('10.244.0.1')))
    expect((await end(node)).said).toContain('services/default/web')
  })

  async function newest() {
    const words = ['--endpoints', stage.cluster.places, 'get', 'x', '-w', 'json']
    return { keys: JSON.parse(etcdctl(words)).header.revision as number }
  }
})
