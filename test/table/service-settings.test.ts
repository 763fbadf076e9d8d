import { describe, expect, test } from '@jest/globals'
import type { Unusable } from '../../src/diagnostic/complaints.ts'
import type { Strings } from '../../src/object/metadata.ts'
import {
  defaultSettings,
  settingsFrom,
  settingsOf,
  type Wording,
} from '../../src/table/service-settings.ts'
import { Flag } from '../../src/table/virtual-server.ts'

describe('settings', () => {
  test.each<[string, Strings, object]>([
    ['nothing said', {}, {}],
    ["others' annotations", { 'example.com/scheduler': 'sh' }, {}],
    ['a scheduler', { scheduler: 'wlc' }, { scheduler: 'wlc' }],
    ['mh, as kube-proxy has it', { scheduler: 'mh' }, { scheduler: 'mh', schedulerFlags: 0x10 }],
    ['mh without its flag', { scheduler: 'mh', 'scheduler-flags': '' }, { scheduler: 'mh' }],
    [
      'mh with another flag',
      { scheduler: 'mh', 'scheduler-flags': 'mh-fallback' },
      { scheduler: 'mh', schedulerFlags: Flag.scheduler1 },
    ],
    [
      'both flags of sh',
      { scheduler: 'sh', 'scheduler-flags': 'sh-port, sh-fallback' },
      { scheduler: 'sh', schedulerFlags: 0x18 },
    ],
    ['flags by number', { 'scheduler-flags': 'flag-1,flag-3' }, { schedulerFlags: 0x28 }],
    ['forwarding', { forwarding: 'tunnel' }, { forwarding: 'tunnel' }],
    ['one threshold', { thresholds: '1000' }, { upperThreshold: 1000 }],
    ['two thresholds', { thresholds: '1000, 800' }, { upperThreshold: 1000, lowerThreshold: 800 }],
  ])('%s', (_, texts, expected) => {
    const annotations = Object.fromEntries(
      Object.entries(texts).map(([name, value]) => [
        name.includes('/') ? name : `nodeport.io/${name}`,
        value,
      ]),
    )
    expect(settingsOf(annotations, defaultSettings)).toEqual({ ...defaultSettings, ...expected })
  })

  test('a default holds until something else is said', () => {
    const defaults = settingsFrom({ scheduler: 'mh', forwarding: 'route' }, defaultSettings)
    expect(settingsOf({ 'nodeport.io/thresholds': '5' }, defaults)).toEqual({
      scheduler: 'mh',
      schedulerFlags: Flag.scheduler2,
      forwarding: 'route',
      upperThreshold: 5,
      lowerThreshold: 0,
    })
    const { schedulerFlags } = settingsOf({ 'nodeport.io/scheduler': 'rr' }, defaults)
    expect(schedulerFlags).toBe(0)
  })
})

describe('what cannot be used is refused and changes nothing', () => {
  test.each<[Wording, string, string]>([
    [{ scheduler: 'wcl' }, '"wcl" is no scheduler of IPVS', 'did you mean "wlc"?'],
    [
      { schedulerFlags: 'sh-prot' },
      '"sh-prot" is no flag of a scheduler',
      'there are flag-1, flag-2, flag-3',
    ],
    [
      { scheduler: 'sh', schedulerFlags: 'sh-prot' },
      '"sh-prot" is no flag of a scheduler',
      'did you mean "sh-port"?',
    ],
    [
      { schedulerFlags: 'sh-port' },
      '"sh-port" is for the scheduler sh, and this one is rr',
      'set nodeport.io/scheduler: sh, or leave the flag out',
    ],
    [
      { schedulerFlags: 'flag-1,' },
      '"" is no flag of a scheduler',
      'there are flag-1, flag-2, flag-3',
    ],
    [{ forwarding: 'nat' }, '"nat" is no way of forwarding', 'there are masq, route, tunnel'],
    [
      { thresholds: '10,20' },
      'the lower threshold 20 is above the upper one 10',
      'write UPPER or UPPER,LOWER, such as 1000 or 1000,800',
    ],
    [
      { thresholds: 'many' },
      '"many" is no number of connections',
      'write UPPER or UPPER,LOWER, such as 1000 or 1000,800',
    ],
    [
      { thresholds: '2147483648' },
      '"2147483648" is more than 2147483647',
      'write UPPER or UPPER,LOWER, such as 1000 or 1000,800',
    ],
  ])('%j', (wording, reason, help) => {
    const refused: Unusable[] = []
    const settings = settingsFrom(wording, defaultSettings, (_, it) => refused.push(it))
    expect(refused).toEqual([{ reason, help }])
    expect(settings).toEqual({ ...defaultSettings, scheduler: settings.scheduler })
  })
})
