import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseCIDR } from '../../../src/address/cidr.ts'
import { compile } from '../../../src/compile.ts'
import { hasErrors } from '../../../src/diagnostic/diagnostic.ts'
import { defaultPools } from '../../../src/pool/allocate.ts'
import { defaultSettings } from '../../../src/table/service-settings.ts'
import { identityOf, type Table } from '../../../src/table/virtual-server.ts'
import { parseRules } from '../../../src/text/ipvsadm/parse-rules.ts'
import { type Manifests, manifestsOf } from '../../../src/text/kubectl/manifests.ts'
import { printYAML } from '../../../src/text/kubectl/yaml.ts'
import { sayableTable } from '../../support/any-table.ts'
import { canonical } from '../../support/canonical.ts'

const serviceCIDRs = ['10.96.0.0/12', 'fd00:96::/112'].flatMap((text) => parseCIDR(text) ?? [])

describe('a table comes back out of the manifests made of it', () => {
  const all: readonly (readonly [title: string, rules: string])[] = [
    ['a cluster IP', '-A -t 10.96.0.10:80 -s rr\n-a -t 10.96.0.10:80 -r 10.0.0.1:8080 -m -w 1\n'],
    ['nobody who answers', '-A -t 10.96.0.10:80 -s rr\n'],
    ['an address of its own', '-A -u 192.0.2.1:53 -s rr\n-a -u 192.0.2.1:53 -r 10.0.0.1:53 -m\n'],
    ['one of IPv6', '-A -t [2001:db8::1]:80 -s rr\n-a -t [2001:db8::1]:80 -r [fd00::1]:80 -m\n'],
    ['one that ends in colons', '-A -t [2001:db8::]:80 -s rr\n'],
    ['three protocols', '-A -t 192.0.2.1:1\n-A -u 192.0.2.1:1\n-A --sctp-service 192.0.2.1:1\n'],
    ['other settings for each port', '-A -t 10.96.0.9:80 -s rr\n-A -t 10.96.0.9:81 -s wlc -p 60\n'],
    ['flags of a scheduler', '-A -t 192.0.2.1:1 -s sh -b flag-3,sh-port\n'],
    ['usual flags left out', '-A -t 192.0.2.1:1 -s mh\n'],
    [
      'weights and ports of many kinds',
      '-A -t 10.96.0.9:80 -s wrr\n-a -t 10.96.0.9:80 -r 10.0.0.1:1 -m -w 0\n-a -t 10.96.0.9:80 -r 10.0.0.1:2 -m -w 9\n-a -t 10.96.0.9:80 -r 10.0.0.2:2 -m -w 9\n',
    ],
    [
      'direct routing and tunnels',
      '-A -t 192.0.2.1:1 -s rr\n-a -t 192.0.2.1:1 -r 10.0.0.1 -g\n-A -t 192.0.2.1:2 -s rr\n-a -t 192.0.2.1:2 -r 10.0.0.1 -i\n',
    ],
    ['thresholds', '-A -t 192.0.2.1:1 -s rr\n-a -t 192.0.2.1:1 -r 10.0.0.1 -m -x 9 -y 3\n'],
    ['more endpoints than a slice takes', many(2500)],
  ]

  test.each(all)('%s', (_, rules) => {
    const table = tableOf(rules)
    const manifests = manifestsOf(table, { namespace: 'default', serviceCIDRs })
    expect(manifests.left).toEqual([])
    expect(recompiled(manifests)).toEqual(table.map(plain).sort(byIdentity))
  })

  test('whatever it is, but for what is said to be left out', () => {
    fc.assert(
      fc.property(sayableTable, (table) => {
        const manifests = manifestsOf(table, { namespace: 'default', serviceCIDRs })
        const left = new Set(manifests.left.map(({ server }) => server))
        const rest = table.filter((server) => !left.has(server))
        expect(canonical(recompiled(manifests))).toEqual(canonical(rest))
      }),
    )
  })
})

describe('what Services cannot say is left out, with the reason', () => {
  test.each([
    ['-A -f 1', 'a Service has no firewall mark'],
    ['-A -t 192.0.2.1:0 -p', 'a Service has no port 0'],
    ['-A -t 127.0.0.1:80', 'a Service has no such address'],
    ['-A -t 192.0.2.1:80 -s none', 'a Service has no such scheduler'],
    ['-A -u 192.0.2.1:80 -o', 'a Service does not schedule packets one by one'],
    ['-A -t 192.0.2.1:80 --pe sip', 'a Service has no persistence engine'],
    ['-A -t 192.0.2.1:80 -p 86401', /at least a second and at most a day/],
    ['-A -t 192.0.2.1:80 -p -M 255.255.255.0', /by their whole address/],
    ['-A -t 192.0.2.1:80\n-a -t 192.0.2.1:80 -r 127.0.0.1 -m', /real server 127\.0\.0\.1:80$/],
    ['-A -t 192.0.2.1:80\n-a -t 192.0.2.1:80 -r [fd00::1]:80 -i', /real server \[fd00::1\]:80$/],
    ['-A -t 192.0.2.1:80\n-a -t 192.0.2.1:80 -r 10.0.0.1 -i --tun-type gre', /10\.0\.0\.1:80$/],
    [
      '-A -t 192.0.2.1:80\n-a -t 192.0.2.1:80 -r 10.0.0.1 -m\n-a -t 192.0.2.1:80 -r 10.0.0.2 -g',
      /in one way$/,
    ],
    [
      '-A -t 192.0.2.1:80\n-a -t 192.0.2.1:80 -r 10.0.0.1 -m\n-a -t 192.0.2.1:80 -r 10.0.0.2 -x 9 -m',
      'a Service has one pair of thresholds',
    ],
  ])('%j', (rules, reason) => {
    const { objects, left } = manifestsOf(tableOf(`${rules}\n`), {
      namespace: 'default',
      serviceCIDRs,
    })
    expect(objects).toEqual([])
    expect(left).toEqual([expect.objectContaining({ reason: expect.stringMatching(reason) })])
  })
})

test('what answers in the same way on several addresses is one Service', () => {
  const rules = ['192.0.2.1', '192.0.2.2', '10.96.0.1', '10.96.0.2'].map(
    (ip) => `-A -t ${ip}:80 -s rr\n-a -t ${ip}:80 -r 10.0.0.1:80 -m\n`,
  )
  const { objects } = manifestsOf(tableOf(rules.join('')), { namespace: 'shop', serviceCIDRs })
  const services = objects.filter(({ kind }) => kind === 'Service')
  expect(services.map(({ metadata }) => metadata)).toMatchObject([
    { name: 'vip-192-0-2-1', namespace: 'shop' },
    { name: 'vip-10-96-0-1' },
    { name: 'vip-10-96-0-2' },
  ])
})

function recompiled({ objects }: Manifests): Table {
  const { table, diagnostics } = compile(
    [{ name: 'imported.yaml', text: objects.map(printYAML).join('---\n') }],
    {
      namespace: undefined,
      held: new Map(),
      pools: { ...defaultPools, serviceCIDRs },
      settings: defaultSettings,
      view: {
        role: 'node',
        node: undefined,
        nodeIPs: [],
        nodePortAddresses: [],
        host: { name: 'node-a', addresses: [] },
      },
    },
  )
  expect(hasErrors(diagnostics) ? diagnostics : []).toEqual([])
  return table.map(plain).sort(byIdentity)
}

/** Without what is not in rules, and in an order that both have. */
function plain(server: Table[number]): Table[number] {
  const { cause, ...rest } = server
  void cause
  const realServers = server.realServers
    .map(({ name, simulated, ...real }) => {
      void [name, simulated]
      return { ...real, tunnel: real.tunnel ?? undefined }
    })
    .sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : a.port - b.port))
  return { ...rest, realServers }
}

function byIdentity(a: Table[number], b: Table[number]): number {
  return identityOf(a) < identityOf(b) ? -1 : 1
}

function tableOf(text: string): Table {
  return parseRules({ name: 'rules.txt', text }, () => {}).table
}

function many(count: number): string {
  const rows = Array.from({ length: count }, (_, i) => `10.1.${i >> 8}.${i & 255}`)
  return `-A -t 10.96.0.9:80 -s rr\n${rows
    .map((ip) => `-a -t 10.96.0.9:80 -r ${ip}:80 -m -w 1\n`)
    .join('')}`
}
