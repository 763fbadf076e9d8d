import { describe, expect, test } from '@jest/globals'
import { parseLedger } from '../../src/ledger/ledger.ts'
import { printRules } from '../../src/text/ipvsadm/rules.ts'
import { ledgerPath, type Machine, machineWith, run } from '../support/model-world.ts'
import { serverWith } from '../support/tables.ts'
import { serviceText } from '../support/watched.ts'

const files = {
  '/m/web.yaml': serviceText('web', { clusterIP: '10.96.0.10' }),
  '/config': 'kind: KubeProxyConfiguration\nipvs: {excludeCIDRs: [10.96.0.0/24]}\n',
}
const theirs = serverWith({ address: '10.96.0.10' as never, port: 80, scheduler: 'lc' })
const verbs = [
  ['apply', ['apply', '-f', '/m/web.yaml']],
  ['agent', ['agent', '-f', '/m']],
] as const

describe.each(verbs)("kube-proxy's flags for %s", (_, words) => {
  test.each([
    [['--ipvs-scheduler', 'wrr'], 'wrr'],
    [['--ipvs-scheduler', ''], 'rr'],
    [['--ipvs-scheduler', 'wrr', '--scheduler', 'sh'], 'sh'],
    [['--proxy-mode', 'ipvs'], 'rr'],
  ])('%j have Services scheduled by %s', async (flags, scheduler) => {
    const machine = machineWith([], files)
    expect((await run(machine, [...words, ...flags])).code).toBe(0)
    expect(rulesIn(machine)).toBe(`-A -t 10.96.0.10:80 -s ${scheduler}\n`)
  })

  test('say where the pods are, whose addresses stay as they are', async () => {
    const machine = machineWith([], files)
    await run(machine, [...words, '--cluster-cidr', '10.244.7.1/16,fd00:10::/64'])
    const ledger = parseLedger(machine.files.get(ledgerPath) ?? '')
    const terrain = typeof ledger === 'string' ? ledger : ledger.terrain?.podCIDRs
    expect(terrain).toEqual(['10.244.0.0/16', 'fd00:10::/64'])
    expect([...(machine.ground.sets?.pods4.keys() ?? [])]).toEqual(['10.244.0.0/16'])
  })

  test.each([
    ['--ipvs-exclude-cidrs', '10.97.0.0/24,10.96.0.0/24'],
    ['--config', '/config'],
  ])('%s %s leave virtual servers of others to them, whatever is adopted', async (...flags) => {
    const machine = machineWith([theirs], files)
    const { said } = await run(machine, [...words, '--adopt', ...flags])
    expect(said).toContain('error[not-ours]: TCP 10.96.0.10:80')
    expect(rulesIn(machine)).toBe('-A -t 10.96.0.10:80 -s lc\n')
    await run(machine, [...words, '--adopt'])
    expect(rulesIn(machine)).toBe('-A -t 10.96.0.10:80 -s rr\n')
  })

  test.each([
    [['--proxy-mode', 'iptables'], 'nodeport does what kube-proxy does in the mode ipvs alone'],
    [['--ipvs-scheduler', 'wr'], '--ipvs-scheduler: '],
    [['--cluster-cidr', '10.244.0.0'], '"10.244.0.0" is no CIDR'],
  ])('%j are refused', async (flags, sentence) => {
    const { code, said } = await run(machineWith([], files), [...words, ...flags])
    expect([code === 0, said]).toEqual([false, expect.stringContaining(sentence)])
  })
})

function rulesIn({ kernel }: Machine): string {
  return printRules(kernel.table())
}
