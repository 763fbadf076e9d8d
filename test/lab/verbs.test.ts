import { expect, test } from '@jest/globals'
import type { Inside, Ran } from './inside.ts'
import { inLab } from './lab.ts'

const foreign = '-A -t 172.16.0.1:99 -s lc\n'

inLab('on a table that others use too,', (lab) => {
  test('every verb does what it says, and nothing else', async () => {
    const namespace = await lab.namespace()
    const found = await namespace.inside(goThrough, foreign)
    expect(found.applied).toEqual(done('service/web created\n'))
    expect(found.wide.stdout).toMatch(
      /^TCP {2}10\.96\.0\.10:80 rr +default\/web +80 +clusterIP +-:\d+$/m,
    )
    expect(found.wide.stdout).toMatch(/^TCP {2}172\.16\.0\.1:99 lc +- +- +- +-$/m)

    expect(found.drained).toEqual(done('10.244.0.2:8080 drained\n'))
    expect(found.wideDrained.stdout).toMatch(/10\.244\.0\.2:8080 .* 0 .*\(drained: new disk\)/)
    expect(found.again).toEqual(done('service/web unchanged\n'))
    expect(found.rulesDrained).toContain('-r 10.244.0.2:8080 -m -w 0')
    expect(found.undrained).toEqual(done('10.244.0.2:8080 undrained\n'))

    expect(found.diff).toMatchObject({ code: 1, stderr: '' })
    expect(found.diff.stdout).toBe(
      [
        'default/web port 80 (-:6)',
        '+ -a -t 10.96.0.10:80 -r 10.244.0.4:8080 -m -w 1',
        '- -d -t 10.96.0.10:80 -r 10.244.0.3:8080',
        '',
        'changed behind our back:',
        'default/web port 80 (-:6)',
        '~ -E -t 10.96.0.10:80 -s rr',
        '',
        'not ours, and left alone:',
        '  -A -t 172.16.0.1:99 -s lc',
        '',
      ].join('\n'),
    )
    expect(JSON.parse(found.diffAsData.stdout).changes.length).toBe(3)
    expect(found.audit).toMatchObject({ code: 1 })
    expect(found.restored).toEqual(done('restored, in 1 change\n'))
    expect(found.auditAfter).toMatchObject({ code: 0 })

    expect(found.afterBoot).toEqual(done('restored, in 3 changes\n'))
    expect(found.rulesAfterBoot).toBe(found.rules)
    expect(found.zeroed).toEqual(done(''))
    expect(found.notThere).toEqual({ code: 1, stdout: '', stderr: 'No such service\n' })
    expect(found.deleted).toEqual(done('service "web" deleted from default namespace\n'))
    expect(found.rulesDeleted).toBe(foreign)
    expect(found.uninstalled).toEqual(
      done('uninstalled: 1 virtual server deleted, ledger removed\n'),
    )
    expect(found.left).toBe(foreign)
  })

  test('what is not ours is a conflict, until it is adopted', async () => {
    const namespace = await lab.namespace()
    const ledger = ['--ledger', '/tmp/adopting.json']
    const apply = (...more: readonly string[]) =>
      namespace.nodeport(['apply', '--rules', '-', ...ledger, ...more], {
        stdin: '-A -t 10.96.0.1:80 -s rr\n',
      })
    await namespace.ipvsadm(['-R'], {
      stdin: '-A -t 10.96.0.1:80 -s wlc\n-a -t 10.96.0.1:80 -r 10.0.0.1:80 -m\n',
    })
    expect(await apply()).toEqual({
      code: 3,
      stdout: '',
      stderr:
        'error[not-ours]: TCP 10.96.0.1:80 is in the kernel already, and it is not ours\nhelp: --adopt takes it over; `nodeport list` shows what it is now\n',
    })
    expect(await apply('--adopt')).toMatchObject({ code: 0 })
    expect(await namespace.ipvsadm(['-Sn'])).toBe('-A -t 10.96.0.1:80 -s rr\n')
    expect(await namespace.nodeport(['list', '-o', 'wide', ...ledger])).toMatchObject({
      stdout: expect.stringMatching(/^TCP {2}10\.96\.0\.1:80 rr +rules:default +- +- +-$/m),
    })
    expect(await apply('--set', 'other')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('error[taken-by-another-set]'),
    })
    expect(await apply('--allow-empty', '--prune')).toMatchObject({
      code: 0,
      stdout: 'rules/default unchanged\n',
    })
  })

  test('any verb is done in the network namespace that is asked for', async () => {
    const namespace = await lab.namespace()
    await namespace.ipvsadm(['-R'], { stdin: foreign })
    const listed = await lab.nodeport(['list', '-o', 'rules', '--netns', namespace.name])
    expect(listed).toEqual(done(foreign))
    expect(await lab.nodeport(['list', '--netns=nowhere'])).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^error: there is no network namespace "nowhere"\nhelp: .+\n$/),
    })
  })
})

function done(stdout: string): Ran {
  return { code: 0, stdout, stderr: '' }
}

async function goThrough({ nodeport, ipvsadm, scratch }: Inside, foreign: string) {
  const ledger = ['--ledger', `${scratch()}/ledger.json`]
  const manifest = (last: number) => `apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  clusterIP: 10.96.0.10
  ports: [{port: 80, targetPort: 8080}]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
ports: [{port: 8080}]
endpoints: [{addresses: [10.244.0.2]}, {addresses: [10.244.0.${last}]}]
`
  const run = (words: readonly string[], stdin = '') => nodeport([...words, ...ledger], { stdin })
  const rules = () => ipvsadm(['-Sn'])
  ipvsadm(['-R'], foreign)

  const applied = await run(['apply', '-f', '-', '--rules-only'], manifest(3))
  const wide = await run(['list', '-o', 'wide'])
  const drained = await run(['drain', '10.244.0.2:8080', '--reason', 'new disk', '--for', '2h'])
  const wideDrained = await run(['list', '-o', 'wide'])
  const again = await run(['apply', '-f', '-', '--rules-only'], manifest(3))
  const rulesDrained = rules()
  const undrained = await run(['undrain', '10.244.0.2:8080'])

  ipvsadm(['-E', '-t', '10.96.0.10:80', '-s', 'wlc'])
  const diff = await run(['diff', '-f', '-', '--rules-only'], manifest(4))
  const diffAsData = await run(['diff', '-f', '-', '--rules-only', '-o', 'json'], manifest(4))
  const audit = await run(['audit'])
  const restored = await run(['restore'])
  const auditAfter = await run(['audit'])

  const before = rules()
  ipvsadm(['-R'], `-C\n${foreign}`)
  const afterBoot = await run(['restore'])
  const rulesAfterBoot = rules()
  const zeroed = await nodeport(['zero', '-t', '10.96.0.10:80'])
  const notThere = await nodeport(['zero', '-t', '10.96.0.11:80'])
  const deleted = await run(['delete', 'service', 'web'])
  const rulesDeleted = rules()
  await run(['apply', '-f', '-', '--rules-only'], manifest(3))
  const uninstalled = await run(['uninstall'])
  return {
    ...{ applied, wide, drained, wideDrained, again, rulesDrained, undrained },
    ...{ diff, diffAsData, audit, restored, auditAfter, rules: before, afterBoot, rulesAfterBoot },
    ...{ zeroed, notThere, deleted, rulesDeleted, uninstalled, left: rules() },
  }
}
