import { expect, test } from '@jest/globals'
import { readTableText } from '../../src/terrain/nftables.ts'

test.each<[string, object, string, readonly [string, string][]]>([
  [
    'a virtual server and where it leads',
    {
      map: {
        name: 'servers4',
        elem: [[{ concat: ['10.96.0.1', 'tcp', 80] }, { goto: { target: 'cluster' } }]],
      },
    },
    'servers4',
    [['10.96.0.1 . tcp . 80', 'goto cluster']],
  ],
  [
    'a protocol by its number, where the machine knows no names',
    { set: { name: 'open6', elem: [{ concat: ['fd00:96:0:0:0:0:0:1', 132, 80] }] } },
    'open6',
    [['fd00:96::1 . sctp . 80', '']],
  ],
  [
    'a block, and one that is a single address',
    {
      set: { name: 'pods4', elem: [{ prefix: { addr: '10.244.0.0', len: 16 } }, '192.0.2.1'] },
    },
    'pods4',
    [
      ['10.244.0.0/16', ''],
      ['192.0.2.1/32', ''],
    ],
  ],
  [
    'who may ask',
    {
      set: {
        name: 'allowed4',
        elem: [
          { concat: ['198.51.100.7', 'tcp', 80, { prefix: { addr: '10.0.0.0', len: 8 } }] },
          { concat: ['198.51.100.7', 'tcp', 80, '192.0.2.1'] },
        ],
      },
    },
    'allowed4',
    [
      ['198.51.100.7 . tcp . 80 . 10.0.0.0/8', ''],
      ['198.51.100.7 . tcp . 80 . 192.0.2.1/32', ''],
    ],
  ],
  [
    'interfaces',
    { set: { name: 'segments', elem: [{ concat: ['cni0', 'cni0'] }] } },
    'segments',
    [['"cni0" . "cni0"', '']],
  ],
  [
    'what leads where none of ours does',
    {
      map: { name: 'servers4', elem: [[{ concat: ['10.96.0.1', 'tcp', 80] }, { accept: null }]] },
    },
    'servers4',
    [['10.96.0.1 . tcp . 80', 'elsewhere']],
  ],
])('a listing tells %s', (_, entry, set, expected) => {
  const read = readTableText(JSON.stringify({ nftables: [{ metainfo: {} }, entry] }))
  expect(Object.fromEntries(Object.entries(read?.sets ?? {}))[set]).toEqual(new Map(expected))
  expect(read?.isIntact).toBe(false)
})

test('a text that is no listing has nothing of ours', () => {
  expect(readTableText('')?.isIntact).toBe(false)
})
