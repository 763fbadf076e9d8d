import { describe, expect, test } from '@jest/globals'
import { readClosedChains, readClosedHooks } from '../../src/terrain/closed-hooks.ts'

const place = { family: 'inet', table: 'filter' }
const chain = (name: string, parts: object) => ({ chain: { ...place, name, ...parts } })
const rule = (name: string, ...expr: object[]) => ({
  rule: { ...place, chain: name, handle: 7, expr },
})
const established = { match: { op: 'in', left: { ct: { key: 'state' } }, right: 'established' } }
const accept = { accept: null }

function hooksIn(...entries: object[]): object[] {
  return readClosedHooks(JSON.stringify({ nftables: entries })).map((it) => ({ ...it }))
}

describe('a firewall of nftables', () => {
  test('that lets everything in is not closed', () => {
    expect(hooksIn(chain('in', { hook: 'input', policy: 'accept' }))).toEqual([])
  })

  test('is closed by its policy, and says how it is opened', () => {
    expect(hooksIn(chain('in', { hook: 'input', policy: 'drop' }))).toEqual([
      {
        hook: 'input',
        how: 'policy drop',
        seenBy: 'nft list chain inet filter in',
        chain: 'chain in',
        opening: "nft chain inet filter in '{ policy accept; }'  # or let in what is meant",
        accepting: [],
      },
    ])
  })

  test('is closed by a last rule that drops all, behind a counter or not', () => {
    const [found] = hooksIn(
      chain('fw', { hook: 'forward', policy: 'accept' }),
      rule('fw', established, accept),
      rule('fw', { counter: { packets: 0 } }, { reject: null }),
    )
    expect(found).toMatchObject({
      how: 'a rule that drops all that is left',
      opening: 'nft delete rule inet filter fw handle 7  # or let in what is meant',
      accepting: [expect.stringContaining('established')],
    })
  })

  test('lets in what chains let in that it leads to, however they lead on', () => {
    const [found] = hooksIn(
      chain('in', { hook: 'input', policy: 'drop' }),
      rule('in', { jump: { target: 'more' } }),
      rule('more', { match: { right: 30080 } }, accept),
      rule('more', { goto: { target: 'in' } }),
    )
    expect(found).toMatchObject({ accepting: [expect.stringContaining('30080')] })
  })

  test('of our own is none', () => {
    const own = {
      chain: { ...place, table: 'nodeport', name: 'in', hook: 'input', policy: 'drop' },
    }
    expect(hooksIn(own)).toEqual([])
  })

  test('that cannot be read has nothing to tell', () => {
    expect(readClosedHooks('Operation not permitted')).toEqual([])
  })
})

test('an older firewall is closed by its policies alone', () => {
  const saved = [
    '*filter',
    ':INPUT DROP [0:0]',
    ':FORWARD ACCEPT [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    ':mine - [0:0]',
    '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT',
    '-A mine -p tcp -m tcp --dport 30080 -j ACCEPT',
    '-A FORWARD -i eth0 -j ACCEPT',
    'COMMIT',
  ].join('\n')
  expect(readClosedChains('iptables', saved)).toEqual([
    expect.objectContaining({
      hook: 'input',
      opening: 'iptables-legacy -P INPUT ACCEPT  # or let in what is meant',
      accepting: ['-p tcp -m tcp --dport 22', '-p tcp -m tcp --dport 30080'],
    }),
  ])
})
