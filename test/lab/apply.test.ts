import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Change } from '../../src/table/change.ts'
import type { Table } from '../../src/table/virtual-server.ts'
import { printChanges } from '../../src/text/ipvsadm/change-rules.ts'
import { sayableTable } from '../support/any-table.ts'
import type { Inside, World } from './inside.ts'
import { inLab } from './lab.ts'

const foreign = '-A -t 172.16.0.1:99 -s lc\n-a -t 172.16.0.1:99 -r 10.9.9.9:99 -m -w 7\n'

inLab('nodeport apply', (lab) => {
  test('leaves exactly the last of 200 tables of chance, and what is foreign', async () => {
    const [ours, theirs] = [await lab.namespace(), await lab.namespace()]
    const tables = fc.sample(sayableTable, { numRuns: 600, seed: 11 })
    const rules = Array.from({ length: 200 }, (_, index) =>
      rulesOf(distinct(tables.slice(3 * index, 3 * index + 3).flat()), index),
    )
    const options = { milliseconds: 90_000 }
    const [applied, restored] = [
      await ours.inside(applyOver, { rules, foreign }, options),
      await theirs.inside(restoreEach, { rules, foreign }, options),
    ]
    for (const [index, { code, stderr, ...found }] of applied.entries()) {
      expect({ index, code, stderr }).toEqual({ index, code: 0, stderr: '' })
      expect({ index, ...found }).toEqual({ index, ...restored[index] })
    }
  }, 120_000)

  test('is all or nothing, whichever of 40 changes the kernel refuses', async () => {
    const namespace = await lab.namespace()
    const found = await namespace.inside(refuseEach, foreign, { milliseconds: 90_000 })
    expect(found.length).toBe(40)
    for (const { index, code, stderr, table, ledger, journal, next } of found) {
      expect({ index, code, table, ledger, journal }).toEqual({
        index,
        code: 3,
        table: 'as before, and what was planted',
        ledger: 'as before',
        journal: false,
      })
      expect(stderr).toContain(`the kernel refused change ${index + 1} of 40`)
      expect(stderr).toContain('undone: everything is as it was before')
      expect(next).toEqual({ code: 0, table: 'as wanted' })
    }
  }, 120_000)

  test('killed wherever it writes or sends, is mended by the next one', async () => {
    const namespace = await lab.namespace()
    const found = await namespace.inside(killEverywhere, foreign, { milliseconds: 110_000 })
    expect(found.length).toBeGreaterThan(15)
    expect(found.filter(({ signal }) => signal === 'SIGKILL').length).toBe(found.length - 1)
    for (const { killAt, code, rules, files } of found) {
      expect({ killAt, code, rules, files }).toEqual({
        ...{ killAt, code: 0 },
        rules: 'as wanted',
        files: ['ledger.json'],
      })
    }
  }, 120_000)

  test('is done by 20 processes at once, one after the other', async () => {
    const namespace = await lab.namespace()
    const found = await namespace.inside(applyAtOnce, 20, { milliseconds: 100_000 })
    expect(found.codes).toEqual(Array.from({ length: 20 }, () => 0))
    expect(new Set(found.nodePorts).size).toBe(20)
    expect(new Set(found.clusterIPs).size).toBe(20)
    expect(found.audit).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(found.rules.length).toBe(20 * 2 * 2 + 2)
    // They all want another back end for the Service that they share: the last of them has it.
    expect(found.rules.filter((rule) => rule.startsWith('-a -t 10.96.0.99:80 '))).toEqual([
      `-a -t 10.96.0.99:80 -r ${found.backend} -m -w 1`,
    ])
    expect(found.waited).toBeGreaterThan(10)
  }, 120_000)

  test('is taken back unless somebody confirms it, whatever became of the terminal', async () => {
    const namespace = await lab.namespace()
    const { stdout: ledger } = await namespace.run(['mktemp', '-u', '/tmp/ledger-XXXXXX.json'])
    const words = ['--rules', '-', '--ledger', ledger.trim()]
    const rules = ['-A -t 10.96.0.1:80 -s rr\n', '-A -t 10.96.0.1:80 -s wlc\n'] as const
    await namespace.nodeport(['apply', ...words], { stdin: rules[0] })
    const apply = (time: string) =>
      namespace.nodeport(['apply', ...words, '--confirm-within', time], { stdin: rules[1] })
    const { code, stderr } = await apply('3s')
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'taken back, unless `nodeport confirm` comes in time\n',
    })
    expect(await namespace.ipvsadm(['-Sn'])).toBe(rules[1])
    const watch = `until ipvsadm -Sn | grep -q rr; do sleep 0.2; done`
    expect(await namespace.run(['sh', '-c', watch])).toMatchObject({ code: 0 })
    expect(await namespace.ipvsadm(['-Sn'])).toBe(rules[0])

    await apply('60s')
    const confirmed = await namespace.nodeport(['confirm', '--ledger', ledger.trim()])
    expect(confirmed).toMatchObject({ code: 0, stdout: 'confirmed\n' })
    const again = await namespace.nodeport(['confirm', '--ledger', ledger.trim()])
    expect(again).toMatchObject({ code: 1, stderr: 'error: there is nothing to confirm\n' })
    expect(await namespace.ipvsadm(['-Sn'])).toBe(rules[1])
  })

  test('prints what ipvsadm -R takes', async () => {
    const [ours, theirs] = [await lab.namespace(), await lab.namespace()]
    const words = ['-f', 'fixtures/example', '--node', 'node-a', '--ledger', '/tmp/by-way-of.json']
    await ours.nodeport(['apply', ...words])
    const script = `nodeport apply ${words.join(' ')} --dry-run -o rules | ipvsadm -R`
    await theirs.run(['sh', '-c', script])
    const rules = await ours.ipvsadm(['-Sn'])
    expect(rules).not.toBe('')
    expect(await theirs.ipvsadm(['-Sn'])).toBe(rules)
    const back = 'ipvsadm -Sn | nodeport import -f - | nodeport list -f - -o rules'
    expect((await theirs.run(['sh', '-c', back])).stdout).toBe(rules)
  })

  test('says what to do where the world refuses', async () => {
    const namespace = await lab.namespace()
    const apply = (rules: string, by: readonly string[] = ['nodeport']) =>
      namespace.run([...by, 'apply', '--rules', '-', '--ledger', '/tmp/refused.json'], {
        stdin: rules,
      })
    const program = ['sh', '-c', 'exec "$NODE" "$TREE/bin/nodeport.js" "$@"', 'nodeport']
    const asNobody = ['setpriv', '--reuid=65534', '--clear-groups', ...program]
    const web = ['-f', 'fixtures/example', '--node', 'node-a', '--ledger', '/tmp/refused.json']
    expect(await namespace.nodeport(['apply', ...web, '--scheduler', 'twos'])).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(
        /has no scheduler "twos"\n {2}the kernel refused change 1 of 6, which default\/web asks for:\n.+ -s twos\nhelp: load its module: modprobe ip_vs_twos\nnothing was changed\n$/s,
      ),
    })
    expect(await apply('-A -t 10.96.0.1:80\n', asNobody)).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(
        /^error: IPVS can be seen and changed by root alone\nhelp: .+\n$/,
      ),
    })
    expect(await apply('-A -t 10.96.0.1:80\n', ['unshare', '-Urn', ...program])).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^error: IPVS does not obey the root of a user namespace\n/),
    })
    expect(await namespace.ipvsadm(['-Sn'])).toBe('')
  })

  test('ends with 130 at Ctrl-C, and with 141 where nobody reads', async () => {
    const namespace = await lab.namespace()
    const bash = async (script: string) =>
      await namespace.run(['bash', '-c', `set -o pipefail; ${script}`])
    expect(await bash('nodeport list -w 100ms | head -1')).toEqual({
      code: 141,
      stdout: 'IP Virtual Server version 1.2.1 (size=4096)\n',
      stderr: '',
    })
    const interrupted = await bash(
      'set -m; nodeport list -w 100ms >/dev/null & sleep 1.5; kill -INT $!; wait $!',
    )
    expect(interrupted).toMatchObject({ code: 130, stderr: expect.not.stringContaining('error') })
  })
})

/** Rules that ask for a table, with limits of connections here and there. */
function rulesOf(table: Table, seed: number): string {
  const changes = table.flatMap((server): Change[] => [
    { verb: 'add', server },
    ...server.realServers.map((real, index): Change => {
      const upperThreshold = (seed + index) % 5 === 0 ? 100 + seed : 0
      const lowerThreshold = upperThreshold === 0 ? 0 : index
      return { verb: 'attach', server, realServer: { ...real, upperThreshold, lowerThreshold } }
    }),
  ])
  return printChanges(changes)
}

function distinct(table: Table): Table {
  const key = ({ family, fwmark, protocol, address, port }: Table[number]): string =>
    [family, fwmark, protocol, address, port].join()
  return [...new Map(table.map((server) => [key(server), server])).values()]
}

interface Tables {
  readonly rules: readonly string[]
  readonly foreign: string
}

async function applyOver({ nodeport, ipvsadm, scratch }: Inside, { rules, foreign }: Tables) {
  const ledger = `${scratch()}/ledger.json`
  ipvsadm(['-R'], foreign)
  const found = []
  for (const stdin of rules) {
    const words = ['apply', '--rules', '-', '--ledger', ledger, '--allow-empty']
    const { code, stderr } = await nodeport(words, { stdin })
    const rows = ipvsadm(['-R'], '-S -n\n-L -n --thresholds\n').split('\n').sort()
    found.push({ code, stderr, rows })
  }
  return found
}

/** What the judge makes of them: it lists them in between, and the timeouts to part the lists. */
async function restoreEach({ ipvsadm }: Inside, { rules, foreign }: Tables) {
  const lists = '-S -n\n-L -n --thresholds\n-L --timeout\n'
  const text = ipvsadm(['-R'], rules.map((one) => `-C\n${foreign}${one}${lists}`).join(''))
  const all = text.split(/^Timeout.*\n/m).slice(0, -1)
  return all.map((listed) => ({ rows: listed.split('\n').sort() }))
}

/**
 * Forty changes of all six kinds. Before each of them in turn somebody else does something that lets
 * it fail: puts there what is to be added, or takes away what is to be changed.
 */
async function refuseEach(
  { nodeport, ipvsadm, scratch, fs, printChange }: Inside,
  foreign: string,
) {
  const path = `${scratch()}/ledger.json`
  const server = (n: number) => `-t 10.96.1.${n}:80`
  const each = (count: number, rule: (n: number) => string) =>
    Array.from({ length: count }, (_, n) => `${rule(n)}\n`).join('')
  // Six virtual servers are edited and six lose a real server, five real servers are adjusted, seven
  // virtual servers go, and eight come with a real server each.
  const first =
    each(10, (n) => `-A ${server(n)} -s rr`) +
    each(10, (n) => `-a ${server(n)} -r 10.0.0.${n + 1}:80 -m -w 1`) +
    each(6, (n) => `-a ${server(n)} -r 10.0.1.${n + 1}:80 -m -w 1`) +
    each(7, (n) => `-A ${server(n + 50)} -s rr`)
  const second =
    each(10, (n) => `-A ${server(n)} -s ${n < 6 ? 'wrr' : 'rr'}`) +
    each(10, (n) => `-a ${server(n)} -r 10.0.0.${n + 1}:80 -m -w ${n < 5 ? 9 : 1}`) +
    each(8, (n) => `-A ${server(n + 20)} -s rr`) +
    each(8, (n) => `-a ${server(n + 20)} -r 10.0.2.${n + 1}:80 -m -w 1`)
  const apply = (stdin: string, world: (world: World) => Partial<World> = () => ({})) =>
    nodeport(['apply', '--rules', '-', '--ledger', path], { stdin, world })
  const adopt = (stdin: string) =>
    nodeport(['apply', '--rules', '-', '--ledger', path, '--adopt'], { stdin })
  const live = () => ipvsadm(['-Sn']).split('\n').sort().join('\n')

  const found = []
  for (let index = 0; index < 40; index++) {
    fs.rmSync(path, { force: true })
    ipvsadm(['-R'], `-C\n${foreign}`)
    await apply(first)
    const ledger = fs.readFileSync(path, 'utf8')
    const before = ipvsadm(['-Sn'])
    let planted: string[] = []
    const { code, stderr } = await apply(second, (world) => ({
      openKernel: async () => {
        const kernel = await world.openKernel()
        const perform: typeof kernel.perform = async (changes, options) => {
          if (planted.length > 0) return kernel.perform(changes, options)
          await kernel.perform(changes.slice(0, index))
          planted = changes.slice(index, index + 1).flatMap((it) => against(printChange(it)))
          ipvsadm(planted)
          const { tried, refusals } = await kernel.perform(changes.slice(index), options)
          const all = refusals.map((one) => ({ ...one, index: one.index + index }))
          return { tried: tried + index, refusals: all }
        }
        return { ...kernel, perform }
      },
    }))
    const after = live()
    const kept = fs.readFileSync(path, 'utf8')
    const journal = fs.existsSync(`${path}.journal`)

    // What is planted in a virtual server that we have made goes with it.
    const isNew = planted[0] === '-a' && !before.includes(`-A -t ${planted[2]} `)
    const rules = `-C\n${before}${isNew ? '' : `${planted.join(' ')}\n`}-S -n\n`
    const expected = ipvsadm(['-R'], rules).split('\n').sort().join('\n')

    const again = await apply(second)
    // What somebody else has put there is his, until we are told to take it over.
    const next = planted[0] === '-A' ? await adopt(second) : again
    const wanted = `${foreign}${second}`.split('\n').slice(0, -1).concat('').sort().join('\n')
    found.push({
      ...{ index, code, stderr, journal },
      table: after === expected ? 'as before, and what was planted' : [planted, after, expected],
      ledger: kept === ledger ? 'as before' : kept,
      next: { code: next.code, table: live() === wanted ? 'as wanted' : live() },
    })
  }
  return found

  function against(rule: string): string[] {
    const [verb = '', option = '', name = '', ...rest] = rule.split(' ')
    if (verb === '-A') return [verb, option, name, '-s', 'lc']
    if (verb === '-a') return [verb, option, name, ...rest]
    if (verb === '-E' || verb === '-D') return ['-D', option, name]
    return ['-d', option, name, ...rest.slice(0, 2)]
  }
}

/** Kills an apply before each of its effects, one after the other, until it comes to its end. */
async function killEverywhere(tools: Inside, foreign: string) {
  const { nodeport, program, ipvsadm, scratch, fs } = tools
  const folder = scratch()
  const ledger = `${folder}/ledger.json`
  const words = ['apply', '--rules', '-', '--ledger', ledger]
  // So many changes between them that they are sent in parts.
  const rules = (from: number, to: number, weight: number) =>
    Array.from({ length: to - from }, (_, n) => {
      const server = `-t 10.97.0.${from + n}:80`
      const reals = Array.from({ length: 20 }, (_, each) => {
        return `-a ${server} -r 10.0.${weight * (each % 2)}.${each + 1}:80 -m -w ${weight}\n`
      })
      return `-A ${server} -s rr\n${reals.join('')}`
    }).join('')
  const [first, second] = [rules(0, 20, 1), rules(5, 30, 2)]
  const sorted = (text: string) => text.split('\n').sort().join('\n')
  ipvsadm(['-R'], foreign)

  const found = []
  for (let killAt = 0; ; killAt++) {
    await nodeport(words, { stdin: first })
    const { signal } = await program(words, { stdin: second, killAt })
    const { code } = await nodeport(words, { stdin: second })
    const isWanted = sorted(ipvsadm(['-Sn'])) === sorted(foreign + second)
    const rules = isWanted ? 'as wanted' : ipvsadm(['-Sn'])
    found.push({ killAt, signal, code, rules, files: fs.readdirSync(folder) })
    if (signal === null) return found
  }
}

/** Each process has a Service of its own, and one that they share, for which it has a back end. */
async function applyAtOnce({ program, ipvsadm, scratch, fs, nodeport }: Inside, count: number) {
  const folder = scratch()
  const ledger = `${folder}/ledger.json`
  const manifest = (name: string, spec: object, backend: string) => [
    {
      ...{ apiVersion: 'v1', kind: 'Service', metadata: { name } },
      spec: { ...spec, ports: [{ port: 80 }] },
    },
    {
      ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4' },
      metadata: { name: `${name}-1`, labels: { 'kubernetes.io/service-name': name } },
      ports: [{ port: 80 }],
      endpoints: [{ addresses: [backend] }],
    },
  ]
  const runs = Array.from({ length: count }, (_, n) => {
    const items = [
      ...manifest(`web-${n}`, { type: 'NodePort' }, `10.0.0.${n + 1}`),
      ...manifest('shared', { clusterIP: '10.96.0.99' }, `10.0.9.${n + 1}`),
    ]
    const stdin = JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
    const range = ['--node-port-range', '30000-30031', '--node-ip', '192.168.1.1']
    return program(['apply', '-f', '-', '--ledger', ledger, '--rules-only', ...range], { stdin })
  })
  const ended = await Promise.all(runs)
  const { entries } = JSON.parse(fs.readFileSync(ledger, 'utf8'))
  const named = (name: string) => entries.find((entry: { name: string }) => entry.name === name)
  const own = Array.from({ length: count }, (_, n) => named(`default/web-${n}`).service.spec)
  return {
    codes: ended.map(({ code }) => code),
    waited: ended.filter(({ stderr }) => stderr.includes('another nodeport is at work')).length,
    nodePorts: own.map(({ ports: [port] }) => port.nodePort),
    clusterIPs: own.map(({ clusterIP }) => clusterIP),
    backend: named('default/shared').servers[0].realServers[0],
    audit: await nodeport(['audit', '--ledger', ledger]),
    rules: ipvsadm(['-Sn']).split('\n').slice(0, -1),
  }
}
