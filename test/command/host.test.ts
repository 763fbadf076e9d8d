import { describe, expect, test } from '@jest/globals'
import { parseLedger } from '../../src/ledger/ledger.ts'
import { ModelGround } from '../support/model-ground.ts'
import { copyOf, ledgerPath, type Machine, machineWith, run } from '../support/model-world.ts'
import { ip } from '../support/tables.ts'

const files = {
  '/web': service('web', '10.96.0.10', 30080),
  '/shop': service('shop', '10.96.0.11', 30081),
  '/rules': '-A -t 10.96.0.99:80 -s rr\n',
}
const apply = (file: string, ...words: string[]) => ['apply', '-f', file, ...words]

describe('apply', () => {
  test('makes the host ready, and uninstall puts it back', async () => {
    const machine = machineWith([], files)
    const before = copyOf(machine)
    expect((await run(machine, apply('web'))).code).toBe(0)
    expect(addressesOf(machine)).toEqual(['10.96.0.10'])
    expect(machine.ground.sysctls.get('net.ipv4.ip_forward')).toBe('1')
    expect([...(machine.ground.sets?.servers4 ?? [])]).toEqual([
      ['10.96.0.10 . tcp . 80', 'goto clusterip'],
      ['192.168.10.10 . tcp . 30080', 'goto cluster'],
    ])
    const { printed } = await run(machine, ['uninstall'])
    expect(printed).toBe(
      'uninstalled: 2 virtual servers deleted, host as it was before, ledger removed\n',
    )
    expect(machine.ground).toEqual(before.ground)
  })

  test('twice changes nothing the second time', async () => {
    const machine = machineWith([], files)
    await run(machine, apply('web'))
    expect((await run(machine, apply('web'))).effects).toBe(0)
    expect((await run(machine, ['diff', '-f', 'web'])).code).toBe(0)
  })

  test('of one set leaves what another needs', async () => {
    const machine = machineWith([], files)
    await run(machine, apply('web'))
    await run(machine, apply('shop', '--set', 'shop'))
    expect(addressesOf(machine)).toEqual(['10.96.0.10', '10.96.0.11'])
    await run(machine, ['delete', 'service', 'web'])
    expect(addressesOf(machine)).toEqual(['10.96.0.11'])
    expect([...(machine.ground.sets?.open4.keys() ?? [])]).toEqual(['10.96.0.11 . tcp . 80'])
  })

  test.each([
    ['--rules-only', apply('web', '--rules-only')],
    ['rules', ['apply', '--rules', 'rules']],
  ])('with %s leaves the host alone', async (_, words) => {
    const machine = machineWith([], files)
    expect((await run(machine, words)).code).toBe(0)
    expect(machine.ground).toEqual(new ModelGround())
    expect(machine.files.get(ledgerPath)).not.toContain('"terrain"')
  })

  test('can use an interface of another name, also later', async () => {
    const machine = machineWith([], files)
    await run(machine, apply('web'))
    await run(machine, apply('web', '--interface', 'services'))
    expect([...machine.ground.interfaces.keys()]).toEqual(['services'])
    await run(machine, apply('shop'))
    expect([...(machine.ground.interfaces.get('services') ?? [])].sort()).toEqual([
      '10.96.0.10',
      '10.96.0.11',
    ])
  })

  test.each([
    ['eth0', ['10.0.0.1', '10.96.0.10'], ['10.0.0.1', '10.96.0.10']],
    ['eth1', ['10.0.0.1'], ['10.0.0.1']],
    ['services', ['10.0.0.1'], ['10.0.0.1']],
    // It was put there for us.
    ['nodeport0', ['10.0.0.1', '10.96.0.10'], ['10.0.0.1']],
  ])('leaves %s, which was there before, with what it had', async (name, had, left) => {
    const machine = machineWith([], files)
    machine.ground.interfaces.set(name, new Set(had.map(ip)))
    await run(machine, apply('web', '--interface', name))
    expect(addressesOn(name, machine)).toEqual(['10.0.0.1', '10.96.0.10'])
    expect((await run(machine, apply('web', '--interface', name))).effects).toBe(0)
    machine.ground.interfaces.get(name)?.add(ip('10.0.0.2'))
    await run(machine, apply('shop', '--prune'))
    expect(addressesOn(name, machine)).toEqual([...left, '10.0.0.2', '10.96.0.11'].sort())
    await run(machine, ['uninstall'])
    expect(addressesOn(name, machine)).toEqual([...left, '10.0.0.2'].sort())
  })

  test('leaves an interface that was there before for another', async () => {
    const machine = machineWith([], files)
    machine.ground.interfaces.set('eth0', new Set([ip('10.0.0.1')]))
    await run(machine, apply('web', '--interface', 'eth0'))
    await run(machine, apply('web', '--interface', 'nodeport0'))
    expect(addressesOn('eth0', machine)).toEqual(['10.0.0.1'])
    expect(addressesOf(machine)).toEqual(['10.96.0.10'])
    await run(machine, ['uninstall'])
    expect([...machine.ground.interfaces.keys()]).toEqual(['eth0'])
  })

  test('does not guard what this machine had for itself', async () => {
    const machine = machineWith([], files)
    machine.ground.interfaces.set('eth0', new Set([ip('10.96.0.10')]))
    await run(machine, apply('web', '--interface', 'eth0'))
    expect(machine.ground.sets?.guarded4.size).toBe(0)
  })

  test('is undone with what it did to the host', async () => {
    const machine = machineWith([], files)
    const { code } = await run(machine, apply('web'), {
      meanwhile: (change, _, kernel) => {
        if (change.verb === 'add') kernel.perform(change)
      },
    })
    expect(code).toBe(3)
    expect(machine.ground).toEqual(new ModelGround())
  })

  test('that nobody confirms is taken back from the host too', async () => {
    const machine = machineWith([], files)
    await run(machine, apply('web', '--confirm-within', '1m'))
    expect(addressesOf(machine)).toEqual(['10.96.0.10'])
    expect((await run(machine, ['confirm', '--undo'])).code).toBe(0)
    expect(machine.ground).toEqual(new ModelGround())
  })

  test('prints what it would do to the host, and does nothing', async () => {
    const machine = machineWith([], files)
    const { printed, effects } = await run(machine, apply('web', '--print-host-setup'))
    expect(effects).toBe(0)
    expect(printed).toContain('sysctl -w net.ipv4.vs.conntrack=1\n')
    expect(printed).toContain('ip link add nodeport0 type dummy\n')
    expect(printed).toContain('ip address add 10.96.0.10/32 dev nodeport0\n')
    machine.ground.interfaces.set('nodeport0', new Set())
    const { printed: again } = await run(machine, apply('web', '--print-host-setup'))
    expect(again).toBe(printed.replace('ip link add nodeport0 type dummy\n', ''))
  })
})

test('diff shows what would change about the host', async () => {
  const machine = machineWith([], files)
  await run(machine, apply('web'))
  machine.ground.sysctls.set('net.ipv4.ip_forward', '0')
  const { code, printed } = await run(machine, ['diff', '-f', 'web'])
  expect(code).toBe(1)
  expect(printed).toBe('the host:\n~ sysctl net.ipv4.ip_forward=1 (now 0)\n')
})

test('restore makes the host ready again', async () => {
  const machine = machineWith([], files)
  await run(machine, apply('web'))
  const rebooted = machineWith([], Object.fromEntries(machine.files))
  expect((await run(rebooted, ['restore'])).code).toBe(0)
  expect(rebooted.ground).toEqual(machine.ground)
})

describe('an apply that is killed, wherever it was,', () => {
  test('is mended by the next', async () => {
    await atEveryPoint(apply('shop', '--prune'), async (machine) => {
      expect((await run(machine, apply('shop', '--prune'))).code).toBe(0)
      expect(addressesOf(machine)).toEqual(['10.96.0.11'])
      expect([...(machine.ground.sets?.open4.keys() ?? [])]).toEqual(['10.96.0.11 . tcp . 80'])
    })
  })

  test('does not make uninstall forget how the host was', async () => {
    await atEveryPoint(apply('shop', '--prune'), async (machine) => {
      expect((await run(machine, ['uninstall'])).code).toBe(0)
      expect(machine.ground).toEqual(new ModelGround())
    })
    await atEveryPoint(
      apply('web'),
      async (machine) => {
        expect((await run(machine, ['uninstall'])).code).toBe(0)
        expect(machine.ground).toEqual(new ModelGround())
      },
      async () => machineWith([], files),
    )
  })
})

/** Kills an apply at each of its effects in turn, and shows what is left. */
async function atEveryPoint(
  words: readonly string[],
  look: (machine: Machine) => Promise<void>,
  begin: () => Promise<Machine> = withWeb,
): Promise<void> {
  for (let dieAt = 0; ; dieAt++) {
    const machine = await begin()
    const { code } = await run(machine, words, { dieAt })
    await look(machine)
    if (code !== undefined) return
  }
}

async function withWeb(): Promise<Machine> {
  const machine = machineWith([], files)
  await run(machine, apply('web'))
  const ledger = parseLedger(machine.files.get(ledgerPath) ?? '')
  expect(typeof ledger).toBe('object')
  return machine
}

function addressesOf(machine: Machine): readonly string[] {
  return addressesOn('nodeport0', machine)
}

function addressesOn(name: string, { ground }: Machine): readonly string[] {
  return [...(ground.interfaces.get(name) ?? [])].sort()
}

function service(name: string, clusterIP: string, nodePort: number): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { type: 'NodePort', clusterIP, ports: [{ port: 80, nodePort }] },
  })
}
