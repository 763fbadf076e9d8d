import { describe, expect, test } from '@jest/globals'
import {
  emptyHistogram,
  observed,
  printFamilies,
  samplesOf,
} from '../../../src/text/prometheus/families.ts'

describe('numbers for Prometheus', () => {
  test('stand below what they mean, and what kind they are of', () => {
    const families = [
      {
        name: 'nodeport_changes_total',
        type: 'counter',
        help: 'Changes\nmade in \\the kernel.',
        samples: [{ labels: { verb: 'add' }, value: 3 }, { value: 18446744073709551615n }],
      },
    ] as const
    expect(printFamilies(families)).toBe(
      [
        '# HELP nodeport_changes_total Changes\\nmade in \\\\the kernel.',
        '# TYPE nodeport_changes_total counter',
        'nodeport_changes_total{verb="add"} 3',
        'nodeport_changes_total 18446744073709551615',
        '',
      ].join('\n'),
    )
  })

  test('are left out where there are none', () => {
    expect(printFamilies([{ name: 'a', type: 'gauge', help: '', samples: [] }])).toBe('')
  })

  test('may be named by any text', () => {
    const samples = [{ labels: { source: 'a\\b"c\nd' }, value: 1 }]
    expect(printFamilies([{ name: 'a', type: 'gauge', help: '', samples }])).toContain(
      'a{source="a\\\\b\\"c\\nd"} 1\n',
    )
  })

  test('of a histogram count all that took no longer', () => {
    const seen = [0.5, 1, 7, 100].reduce(observed, emptyHistogram([1, 10]))
    expect(samplesOf(seen, { scope: 'part' })).toEqual([
      { labels: { scope: 'part', le: '1' }, value: 2, suffix: '_bucket' },
      { labels: { scope: 'part', le: '10' }, value: 3, suffix: '_bucket' },
      { labels: { scope: 'part', le: '+Inf' }, value: 4, suffix: '_bucket' },
      { labels: { scope: 'part' }, value: 108.5, suffix: '_sum' },
      { labels: { scope: 'part' }, value: 4, suffix: '_count' },
    ])
  })
})
