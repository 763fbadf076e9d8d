import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { compile } from '../../src/compile.ts'
import { parseLedger } from '../../src/ledger/ledger.ts'
import { defaultPools } from '../../src/pool/allocate.ts'
import { serviceSpecs } from '../../src/pool/held.ts'
import type { Change } from '../../src/table/change.ts'
import { defaultSettings } from '../../src/table/service-settings.ts'
import { printRules } from '../../src/text/ipvsadm/rules.ts'
import { WorldError } from '../../src/world/world.ts'
import { ModelGround } from '../support/model-ground.ts'
import {
  ledgerPath,
  type Machine,
  machineWith,
  type RunOptions,
  run,
} from '../support/model-world.ts'
import { serverWith } from '../support/tables.ts'
import { manifestText, serviceText, sliceText } from '../support/watched.ts'

const foreign = serverWith({ port: 9999, scheduler: 'lc' })
const words = ['agent', '-f', '/m', '--node-ip', '192.168.10.10']
const web = manifestText(
  serviceText('web', { clusterIP: '10.96.0.10' }),
  sliceText('web', ['10.244.0.1', '10.244.0.2']),
)
const webRules = [
  '-A -t 10.96.0.10:80 -s rr',
  '-a -t 10.96.0.10:80 -r 10.244.0.1:8080 -m -w 1',
  '-a -t 10.96.0.10:80 -r 10.244.0.2:8080 -m -w 1',
]

type Part = (machine: Machine) => void

/** Lets an agent live through a story; answers what it said, and what then is in the kernel. */
async function keeping(
  machine: Machine,
  story: readonly Part[] = [],
  options: RunOptions & { readonly words?: readonly string[] } = {},
) {
  const changes: Change[] = []
  const meanwhile = (change: Change) => void changes.push(change)
  const { code, said } = await run(machine, options.words ?? words, {
    meanwhile,
    ...options,
    story,
  })
  return { code, said, changes: changes.map(({ verb }) => verb), rules: rulesIn(machine) }
}

const write =
  (name: string, text: string): Part =>
  ({ files }) =>
    void files.set(`/m/${name}`, text)
const remove =
  (name: string): Part =>
  ({ files }) =>
    void files.delete(`/m/${name}`)
const pass =
  (milliseconds: number): Part =>
  (machine) => {
    machine.now = new Date(machine.now.getTime() + milliseconds)
  }

function rulesIn({ kernel }: Machine): readonly string[] {
  const own = kernel.table().filter(({ port }) => port !== foreign.port)
  return printRules(own).split('\n').filter(Boolean).sort()
}

function ledgerOf({ files }: Machine) {
  const ledger = parseLedger(files.get(ledgerPath) ?? '')
  if (typeof ledger === 'string') throw new Error(ledger)
  return ledger
}

describe('an agent', () => {
  test('makes the table as the manifests say, and leaves it when it ends', async () => {
    const machine = machineWith([foreign], { '/m/web.yaml': web })
    const { code, said, rules } = await keeping(machine)
    expect([code, rules]).toEqual([0, webRules])
    expect(said).toBe('ready: 1 entry is as it is wanted\n')
    expect(ledgerOf(machine).entries.get('default/web')?.set).toBe('agent')
    expect(machine.kernel.table()).toContainEqual(foreign)
  })

  test('can tell its health to nobody', async () => {
    const machine = machineWith([], { '/m/web.yaml': web })
    const { code, said } = await keeping(machine, [], { words: [...words, '--listen', 'none'] })
    expect([code, said]).toEqual([0, 'ready: 1 entry is as it is wanted\n'])
  })

  test('leaves a Service with the set that has it, unless it is to be moved over', async () => {
    const machine = machineWith([], { '/m/web.yaml': web })
    const more = web.replace('- addresses: [10.244.0.2]\n', '')
    await run(machine, ['apply', '-f', '/m/web.yaml', '--node-ip', '192.168.10.10'])
    const story = [write('web.yaml', more), pass(31_000), () => {}]
    const { said, rules } = await keeping(machine, story)
    expect([said.match(/^error.*$/gm), rules]).toEqual([
      [
        'error[service-of-another-set]: default/web belongs to the set "default", and is asked for in the set "agent"',
      ],
      webRules,
    ])
    const adopting = await keeping(machine, [], { words: [...words, '--adopt'] })
    expect(adopting.rules).toEqual(webRules.slice(0, 2))
    expect(ledgerOf(machine).entries.get('default/web')?.set).toBe('agent')
  })

  test('sends one change for one endpoint that comes', async () => {
    const machine = machineWith([], { '/m/web.yaml': web })
    const more = sliceText('web', ['10.244.0.1', '10.244.0.2', '10.244.0.3'])
    const story = [
      write('web.yaml', manifestText(serviceText('web', { clusterIP: '10.96.0.10' }), more)),
    ]
    const { changes, rules } = await keeping(machine, story)
    expect(changes).toEqual(['add', 'attach', 'attach', 'attach'])
    expect(rules).toContain('-a -t 10.96.0.10:80 -r 10.244.0.3:8080 -m -w 1')
  })

  test('keeps what a file said before there was a mistake in it, and says so', async () => {
    const machine = machineWith([], { '/m/web.yaml': web })
    const broken = web.replace('port: 80\n', 'port: eighty\n')
    const { said, rules, changes } = await keeping(machine, [write('web.yaml', broken)])
    expect(said).toContain('m/web.yaml:')
    expect([rules, changes.length]).toEqual([webRules, 3])
  })

  test('takes nothing away because a directory is not there', async () => {
    const machine = machineWith([], { '/m/web.yaml': web })
    const { said, rules } = await keeping(machine, [remove('web.yaml'), pass(60_000), () => {}])
    expect(said).toContain('warning: "/m" cannot be read: it does not exist')
    expect(rules).toEqual(webRules)
  })

  test('takes nothing away after a restart either, while the directory is not there', async () => {
    const machine = machineWith([], { '/m/web.yaml': web })
    await keeping(machine)
    machine.files.delete('/m/web.yaml')
    for (const server of machine.kernel.table()) machine.kernel.perform({ verb: 'delete', server })
    expect((await keeping(machine)).rules).toEqual(webRules)
  })

  test('takes away the Service whose file is gone', async () => {
    const other = serviceText('other', { clusterIP: '10.96.0.20' })
    const machine = machineWith([foreign], { '/m/web.yaml': web, '/m/other.yaml': other })
    const { rules } = await keeping(machine, [remove('web.yaml')])
    expect(rules).toEqual(['-A -t 10.96.0.20:80 -s rr'])
    expect([...ledgerOf(machine).entries.keys()]).toEqual(['default/other'])
  })

  test('does not take away the last Service unless it is told to', async () => {
    const story = [write('web.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n')]
    const one = await keeping(machineWith([], { '/m/web.yaml': web }), story)
    expect(one.rules).toEqual(webRules)
    const other = await keeping(machineWith([], { '/m/web.yaml': web }), story, {
      words: [...words, '--allow-empty'],
    })
    expect(other.rules).toEqual([])
  })

  test('puts back what somebody took away, and leaves alone what is not ours', async () => {
    const machine = machineWith([foreign], { '/m/web.yaml': web })
    const meddle: Part = ({ kernel }) => {
      const [server] = kernel.table().filter(({ port }) => port === 80)
      if (server === undefined) throw new Error('nothing to meddle with')
      kernel.perform({ verb: 'delete', server })
    }
    const { said, rules } = await keeping(machine, [meddle, pass(31_000), () => {}])
    expect(rules).toEqual(webRules)
    expect(said).toContain('put back, though not by us taken away: -A -t 10.96.0.10:80 -s rr')
    expect(machine.kernel.table()).toContainEqual(foreign)
  })

  test('lets a real server that leaves go on with its connections, and then takes it away', async () => {
    const machine = machineWith([], { '/m/web.yaml': web })
    const less = manifestText(
      serviceText('web', { clusterIP: '10.96.0.10' }),
      sliceText('web', ['10.244.0.1']),
    )
    const connections =
      (active: number): Part =>
      ({ kernel }) => {
        const [server] = kernel.table()
        const realServer = server?.realServers.find(({ address }) => address === '10.244.0.2')
        if (server === undefined || realServer === undefined) throw new Error('it is gone')
        const open = { active, inactive: 0, persistent: 0 }
        kernel.perform({ verb: 'adjust', server, realServer: { ...realServer, connections: open } })
      }
    const seen: (readonly string[])[] = []
    const look: Part = (at) => void seen.push(rulesIn(at).slice(1))
    await keeping(machine, [
      connections(3),
      write('web.yaml', less),
      look,
      pass(4000),
      look,
      connections(0),
      pass(4000),
      look,
    ])
    const draining = '-a -t 10.96.0.10:80 -r 10.244.0.2:8080 -m -w 0'
    const stays = '-a -t 10.96.0.10:80 -r 10.244.0.1:8080 -m -w 1'
    expect(seen).toEqual([[stays, draining], [stays, draining], [stays]])
  })

  test.each([40, -40])(
    'drains for as long as it was to, though the clock is set by %d days',
    async (days) => {
      const machine = machineWith([], { '/m/web.yaml': web })
      const less = manifestText(
        serviceText('web', { clusterIP: '10.96.0.10' }),
        sliceText('web', []),
      )
      const open: Part = ({ kernel }) => {
        const [server] = kernel.table()
        for (const realServer of server?.realServers ?? []) {
          const connections = { active: 1, inactive: 0, persistent: 0 }
          if (server === undefined) continue
          kernel.perform({ verb: 'adjust', server, realServer: { ...realServer, connections } })
        }
      }
      const { said, rules } = await keeping(machine, [
        open,
        write('web.yaml', less),
        pass(days * 86_400_000),
        pass(4000),
      ])
      expect(said).toContain(`the clock was set by ${days * 86_400} s`)
      expect(rules).toHaveLength(3)
      // Nor does it take longer.
      expect((await keeping(machine, [pass(901_000), () => {}])).rules).toHaveLength(1)
    },
  )

  test('goes on with what a person drains meanwhile', async () => {
    const machine = machineWith([], { '/m/web.yaml': web })
    await keeping(machine)
    await run(machine, ['drain', '10.244.0.1:8080'])
    const { rules } = await keeping(machine, [pass(31_000), () => {}])
    expect(rules).toContain('-a -t 10.96.0.10:80 -r 10.244.0.1:8080 -m -w 0')
  })

  test('lets nobody go to a real server that does not answer, and waits until it does', async () => {
    const annotations = { 'nodeport.io/probe': 'http:/healthz' }
    const probed = web.replace(/^.*?---\n/s, () =>
      manifestText(serviceText('web', { clusterIP: '10.96.0.10', annotations }), ''),
    )
    const machine = machineWith([], { '/m/web.yaml': probed })
    const seen: (readonly string[])[] = []
    const look: Part = (at) => void seen.push(rulesIn(at).slice(1))
    const periods = [pass(10_000), () => {}, pass(10_000), () => {}, pass(10_000), () => {}]
    const { said } = await keeping(machine, [
      ({ deaf }) => void deaf.add('10.244.0.2'),
      ...periods,
      look,
      ({ deaf }) => void deaf.add('10.244.0.1'),
      ...periods,
      look,
      ({ deaf }) => void deaf.clear(),
      ...periods,
      look,
    ])
    const [, ...both] = webRules
    expect(seen).toEqual([both.slice(0, 1), both, both])
    expect(said).toContain('10.244.0.2:8080 of default/web does not answer any more\n')
  })

  test('lets nobody wait for one whose virtual server somebody else has', async () => {
    const taken = serverWith({ address: '10.96.0.10' as never, port: 80, scheduler: 'sh' })
    const other = serviceText('other', { clusterIP: '10.96.0.20' })
    const machine = machineWith([taken], { '/m/web.yaml': web, '/m/other.yaml': other })
    const { rules, said } = await keeping(machine)
    expect(rules).toEqual(['-A -t 10.96.0.10:80 -s sh', '-A -t 10.96.0.20:80 -s rr'])
    expect(said).toContain('error[not-ours]: TCP 10.96.0.10:80')
  })

  test('changes nothing while its ledger cannot be written, and makes up for it', async () => {
    const machine = machineWith([], { '/m/web.yaml': web })
    let isFull = true
    const writing = () => {
      if (isFull) throw new WorldError('no space left on device')
    }
    const { rules, said } = await keeping(
      machine,
      [
        () => {
          isFull = false
        },
        pass(31_000),
        () => {},
      ],
      { writing },
    )
    expect(said).toContain('error: no space left on device')
    expect(rules).toEqual(webRules)
  })

  test('that is killed is followed by one that ends what it began', async () => {
    const next = manifestText(
      serviceText('web', { clusterIP: '10.96.0.10' }),
      sliceText('web', ['10.244.0.9']),
    )
    for (let dieAt = 0; ; dieAt++) {
      const machine = machineWith([foreign], { '/m/web.yaml': web })
      const { code } = await keeping(machine, [write('web.yaml', next)], { dieAt })
      if (code !== undefined) break
      machine.files.set('/m/web.yaml', next)
      const { rules } = await keeping(machine)
      expect([dieAt, rules]).toEqual([
        dieAt,
        ['-A -t 10.96.0.10:80 -s rr', '-a -t 10.96.0.10:80 -r 10.244.0.9:8080 -m -w 1'],
      ])
      expect(machine.files.has(`${ledgerPath}.journal`)).toBe(false)
    }
  })
})

describe('an agent and the host', () => {
  const other = serviceText('other', { clusterIP: '10.96.0.20', type: 'NodePort', nodePort: 30080 })
  const addressesOf = ({ ground }: Machine) =>
    [...(ground.interfaces.get('nodeport0') ?? [])].sort()

  test('makes it ready, and goes on with Services that come and go', async () => {
    const machine = machineWith([], { '/m/web.yaml': web })
    const seen: (readonly string[])[] = []
    const look: Part = (at) => void seen.push(addressesOf(at))
    await keeping(machine, [look, write('other.yaml', other), look, remove('web.yaml'), look])
    expect(seen).toEqual([['10.96.0.10'], ['10.96.0.10', '10.96.0.20'], ['10.96.0.20']])
    expect(machine.ground.sysctls.get('net.ipv4.ip_forward')).toBe('1')
    expect([...(machine.ground.sets?.servers4.keys() ?? [])]).toEqual([
      '10.96.0.20 . tcp . 80',
      '192.168.10.10 . tcp . 30080',
    ])
    expect(ledgerOf(machine).terrain?.sysctls['net.ipv4.ip_forward']).toEqual({
      ...{ was: '0', now: '1' },
    })
    await run(machine, ['uninstall'])
    expect(machine.ground).toEqual(new ModelGround())
  })

  test('is as one that applies the same files', async () => {
    const machine = machineWith([], { '/m/web.yaml': web })
    await keeping(machine, [write('other.yaml', other)])
    const { code, printed } = await run(machine, [
      ...['diff', '-f', '/m/web.yaml', '-f', '/m/other.yaml'],
      ...['--node-ip', '192.168.10.10', '--set', 'agent'],
    ])
    expect([printed, code]).toEqual(['', 0])
  })

  test('does not look at it for an endpoint', async () => {
    const machine = machineWith([], { '/m/web.yaml': web })
    const more = web.replace('- addresses: [10.244.0.2]\n', '')
    const { rules } = await keeping(machine, [
      ({ ground }) => void ground.sysctls.set('net.ipv4.ip_forward', '0'),
      write('web.yaml', more),
    ])
    expect(rules).toEqual(webRules.slice(0, 2))
    expect(machine.ground.sysctls.get('net.ipv4.ip_forward')).toBe('0')
  })

  test('asks for the way to each real server once, until all is compared', async () => {
    const ground = new ModelGround({ segments: [{ interface: 'cni0', blocks: [] }] })
    const machine = { ...machineWith([], { '/m/web.yaml': web }), ground }
    const more = manifestText(other, sliceText('other', ['10.244.0.2', '10.244.0.3']))
    await keeping(machine, [write('other.yaml', more), pass(31_000), () => {}])
    const all = ['10.244.0.1', '10.244.0.2', '10.244.0.3']
    expect(ground.takeAsked()).toEqual([all.slice(0, 2), all.slice(2), all])
    expect([...(ground.sets?.segments.keys() ?? [])]).toEqual(['"cni0" . "cni0"'])
  })

  test('puts back what somebody changed about it when all is compared', async () => {
    const machine = machineWith([], { '/m/web.yaml': web })
    const meddle: Part = ({ ground }) => {
      ground.interfaces.delete('nodeport0')
      ground.sysctls.set('net.ipv4.vs.conntrack', '0')
    }
    await keeping(machine, [meddle, pass(31_000), () => {}])
    expect(addressesOf(machine)).toEqual(['10.96.0.10'])
    expect(machine.ground.sysctls.get('net.ipv4.vs.conntrack')).toBe('1')
  })

  test('keeps the table though the host refuses something, says so once, and tries again', async () => {
    const machine = machineWith([], { '/m/web.yaml': web })
    machine.ground.fixed.add('net.ipv4.ip_forward')
    const wait = [pass(31_000), () => {}]
    const { said, rules } = await keeping(machine, [
      ...wait,
      ...wait,
      ({ files }) => {
        const { terrain } = ledgerOf({ ...machine, files })
        expect(Object.keys(terrain?.sysctls ?? {})).not.toContain('net.ipv4.ip_forward')
        machine.ground.fixed.clear()
      },
      ...wait,
    ])
    expect(rules).toEqual(webRules)
    expect(addressesOf(machine)).toEqual(['10.96.0.10'])
    expect(said).toBe(
      [
        'error: net.ipv4.ip_forward cannot be set\n',
        'ready: 1 entry is as it is wanted\n',
        'the host is as it is wanted again\n',
      ].join(''),
    )
    expect(machine.ground.sysctls.get('net.ipv4.ip_forward')).toBe('1')
  })

  test('leaves it alone with --rules-only', async () => {
    const machine = machineWith([], { '/m/web.yaml': web })
    const { rules } = await keeping(machine, [], { words: [...words, '--rules-only'] })
    expect(rules).toEqual(webRules)
    expect(machine.ground).toEqual(new ModelGround())
  })

  test('takes it back where the kernel refuses the table', async () => {
    const machine = machineWith([], { '/m/web.yaml': web })
    const { said } = await keeping(machine, [], {
      meanwhile: (change, _, kernel) => {
        if (change.verb === 'add') kernel.perform(change)
      },
    })
    expect(said).toContain('error: ')
    expect(addressesOf(machine)).toEqual([])
    expect(machine.ground.sysctls.get('net.ipv4.ip_forward')).toBe('0')
  })

  test('is mended by the next agent, wherever one was killed', async () => {
    for (let dieAt = 0; ; dieAt++) {
      const machine = machineWith([], { '/m/web.yaml': web })
      const { code } = await keeping(machine, [write('other.yaml', other)], { dieAt })
      if (code !== undefined) break
      machine.files.set('/m/other.yaml', other)
      await keeping(machine)
      expect([dieAt, addressesOf(machine)]).toEqual([dieAt, ['10.96.0.10', '10.96.0.20']])
      await run(machine, ['uninstall'])
      expect([dieAt, machine.ground]).toEqual([dieAt, new ModelGround()])
    }
  })
})

describe('whatever happens to the files', () => {
  const names = ['a', 'b', 'c', 'd']
  const addresses = ['10.244.0.1', '10.244.0.2', '10.244.0.3', '10.244.0.4']
  const anyService = fc
    .record({
      type: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer'),
      externalIP: fc.option(fc.constantFrom('198.51.100.1', '198.51.100.2'), { nil: undefined }),
      scheduler: fc.constantFrom('rr', 'lc', 'sh'),
    })
    .map(
      ({ type, externalIP, scheduler }) =>
        (name: string) =>
          serviceText(name, {
            type,
            ...(externalIP === undefined ? {} : { externalIP }),
            annotations: { 'nodeport.io/scheduler': scheduler },
          }),
    )
  const anyText = fc.record({
    name: fc.constantFrom(...names),
    service: fc.option(anyService, { nil: undefined }),
    endpoints: fc.subarray(addresses),
  })
  const anyEvent = fc.oneof(
    { weight: 6, arbitrary: anyText.map((text) => ({ kind: 'write', ...text }) as const) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...names).map((name) => ({ kind: 'remove', name }) as const),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...names).map((name) => ({ kind: 'break', name }) as const),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'meddle' } as const) },
  )

  test('the table is what the compiler makes of what they last said without a mistake', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyEvent, { minLength: 40, maxLength: 40 }), async (events) => {
        const machine = machineWith([foreign], { '/m/z.yaml': serviceText('z') })
        const good = new Map([['/m/z.yaml', serviceText('z')]])
        const story = events.map((event): Part => {
          return ({ files, kernel }) => {
            if (event.kind === 'meddle') {
              const [, server] = kernel.table()
              if (server !== undefined && server.port !== foreign.port)
                kernel.perform({ verb: 'delete', server })
              return
            }
            const path = `/m/${event.name}.yaml`
            if (event.kind === 'remove') {
              files.delete(path)
              good.delete(path)
            } else if (event.kind === 'break') files.set(path, 'kind: Service\n\tbroken')
            else {
              const { name, service, endpoints } = event
              const slice = sliceText(name, endpoints)
              const text = service === undefined ? slice : manifestText(service(name), slice)
              files.set(path, text)
              good.set(path, text)
            }
          }
        })
        // Nothing is taken away while there is a file that was never without a mistake.
        const mend: Part = ({ files }) => {
          for (const path of files.keys()) {
            if (path.startsWith('/m/') && !good.has(path)) files.delete(path)
          }
        }
        await keeping(machine, [...story, mend, pass(31_000), () => {}])
        const { table, diagnostics } = compile(
          [...good].map(([name, text]) => ({ name, text })),
          {
            held: serviceSpecs(ledgerOf(machine)),
            pools: defaultPools,
            settings: defaultSettings,
            view: {
              role: 'node',
              node: undefined,
              nodeIPs: ['192.168.10.10' as never],
              nodePortAddresses: [],
              host: { name: 'node-a', addresses: [] },
            },
          },
        )
        expect(new Set(diagnostics.map(({ code }) => code)).has('already-exists')).toBe(false)
        expect(rulesIn(machine)).toEqual(printRules(table).split('\n').filter(Boolean).sort())
        expect(machine.kernel.table()).toContainEqual(foreign)
      }),
      { numRuns: 30 },
    )
  })
})
