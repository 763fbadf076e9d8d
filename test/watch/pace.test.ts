import { describe, expect, test } from '@jest/globals'
import { beginning, nextStep, type PaceEvent, paceAfter, usualTempo } from '../../src/watch/pace.ts'

type Heard = readonly [at: number, event: PaceEvent]

const agreed: PaceEvent = { kind: 'synced', whole: true, draining: false }

/** What is due at a time, after some events. */
function dueAt(now: number, heard: readonly Heard[]) {
  const pace = heard.reduce(
    (before, [at, event]) => paceAfter(before, event, at, usualTempo),
    beginning(0),
  )
  return nextStep(pace, now)
}

/** All was read and compared at 0. */
const settled: readonly Heard[] = [
  [0, { kind: 'looked', again: undefined }],
  [0, agreed],
]

describe('what is due', () => {
  test.each<readonly [string, number, readonly Heard[], ReturnType<typeof nextStep>]>([
    ['at first everything is read', 0, [], 'look'],
    ['nothing, as long as nothing happens', 1, settled, { at: 30_000 }],
    ['the whole table is compared again after a time', 30_000, settled, 'resync'],
    ['a file is left alone first', 105, [...settled, [100, { kind: 'stirred' }]], { at: 110 }],
    ['then it is read', 110, [...settled, [100, { kind: 'stirred' }]], 'look'],
    [
      'though it is written to again and again',
      300,
      [...settled, ...[100, 150, 200, 250, 295].map((at): Heard => [at, { kind: 'stirred' }])],
      'look',
    ],
    ['what is wanted is done at once', 500, [...settled, [500, { kind: 'wanted' }]], 'sync'],
    [
      'but not at once after the last time',
      520,
      [...settled, [500, agreed], [510, { kind: 'wanted' }]],
      { at: 600 },
    ],
    [
      'those that drain are looked at',
      2000,
      [...settled, [0, { kind: 'synced', whole: false, draining: true }]],
      'drains',
    ],
    ['the ledger is written at leisure', 5000, [...settled, [0, { kind: 'unsaved' }]], 'save'],
    ['after a refusal there is a pause', 100, [...settled, [0, { kind: 'failed' }]], { at: 500 }],
    [
      'that grows with every one',
      100,
      [...settled, ...[0, 0, 0].map((at): Heard => [at, { kind: 'failed' }])],
      { at: 2000 },
    ],
    [
      'but not for ever',
      100,
      [...settled, ...new Array<Heard>(40).fill([0, { kind: 'failed' }])],
      { at: 30_000 },
    ],
    ['in doubt everything is compared', 200, [...settled, [200, { kind: 'doubted' }]], 'resync'],
  ])('%s', (_, now, heard, step) => {
    expect(dueAt(now, heard)).toEqual(step)
  })
})
