import { describe, expect, test } from '@jest/globals'
import type { Verb } from '../../src/table/change.ts'
import { reasonOf } from '../../src/world/refusal.ts'
import { realServerWith, serverWith } from '../support/tables.ts'

describe('a refusal in words', () => {
  test.each<[Verb, string, string]>([
    ['add', 'EEXIST', 'TCP 10.96.0.1:80 is there already'],
    ['edit', 'ESRCH', 'TCP 10.96.0.1:80 is not there'],
    ['delete', 'ESRCH', 'TCP 10.96.0.1:80 is not there'],
    ['add', 'ENOENT', 'TCP 10.96.0.1:80: the kernel has no scheduler "rr"'],
    ['add', 'EAFNOSUPPORT', 'TCP 10.96.0.1:80: the kernel has no IPv6'],
    ['add', 'EINVAL', 'TCP 10.96.0.1:80: the kernel does not take its settings'],
    ['attach', 'EEXIST', 'TCP 10.96.0.1:80 has the real server 10.244.0.5:8080 already'],
    ['attach', 'ESRCH', 'TCP 10.96.0.1:80 is not there'],
    ['adjust', 'ENOENT', 'TCP 10.96.0.1:80 has no real server 10.244.0.5:8080'],
    ['detach', 'ENOENT', 'TCP 10.96.0.1:80 has no real server 10.244.0.5:8080'],
    [
      'attach',
      'ERANGE',
      'TCP 10.96.0.1:80: the weight or the thresholds of 10.244.0.5:8080 are out of range',
    ],
    [
      'attach',
      'EINVAL',
      'TCP 10.96.0.1:80: the kernel does not take 10.244.0.5:8080 as a real server',
    ],
    ['add', 'ENOMEM', 'the kernel refuses to add TCP 10.96.0.1:80: ENOMEM'],
    ['detach', 'EINVAL', 'the kernel refuses to detach TCP 10.96.0.1:80: EINVAL'],
  ])('%s, %s', (verb, code, message) => {
    const server = serverWith({})
    const change =
      verb === 'add' || verb === 'edit' || verb === 'delete'
        ? ({ verb, server } as const)
        : ({ verb, server, realServer: realServerWith({}) } as const)
    expect(reasonOf({ change, index: 0, code }).message).toBe(message)
  })
})
