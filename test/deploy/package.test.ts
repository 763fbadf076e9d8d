import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { testWith } from '../support/installed.ts'
import { machineWith, run } from '../support/model-world.ts'

const folderOfUnits = 'deploy/systemd'
const fleet = 'nodeport-agent.service.d/fleet.conf'
const services = readdirSync(folderOfUnits).filter((name) => name.endsWith('.service'))
const units = [...services, fleet]
const example = resolve('fixtures/example')
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nodeport-package-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const list = ['list', '-f', example, '--node-ip', '192.0.2.2']
const typed = (program: string, words: readonly string[]) =>
  execFileSync(process.execPath, [program, ...words], { encoding: 'utf8', cwd: folder })

describe.each(units)('%s', (name) => {
  const unit = readFileSync(join(folderOfUnits, name), 'utf8')

  test('runs a verb with flags that it has', async () => {
    const [, verb = '', words = ''] =
      /^ExecStart=\/usr\/bin\/nodeport (\w+) (.*)$/m.exec(unit) ?? []
    const { printed: help, code } = await run(machineWith([]), [verb, '--help'])
    const missing = words
      .split(' ')
      .filter((word) => word.startsWith('-') && !help.includes(`${word}`))
    expect([code, missing]).toEqual([0, []])
  })

  const there = testWith('systemd-analyze', 'apt-get install systemd')
  there('has no fault that systemd finds', () => {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    // What is laid over a unit is looked at together with it.
    const service = name.replace(/\.d\/.*/, '')
    for (const file of [service, name]) copyFileSync(join(folderOfUnits, file), join(folder, file))
    const words = ['verify', join(folder, service)]
    const { stderr } = spawnSync('systemd-analyze', words, { encoding: 'utf8' })
    const others = /is not executable: No such file|Command 'man |^$/
    const found = stderr.split('\n').filter((line) => line.includes(service) && !others.test(line))
    rmSync(path)
    expect(found).toEqual([])
  })
})

test('the program is the same as one file, wherever that stands', () => {
  execFileSync(process.execPath, ['deploy/bundle.mjs'])
  const bundle = join(folder, 'nodeport')
  execFileSync('cp', ['dist/nodeport-bundle.cjs', bundle])
  expect(typed(bundle, list)).toBe(typed(resolve('bin/nodeport.js'), list))
  const { stderr, status } = spawnSync(process.execPath, [bundle, 'list'], { encoding: 'utf8' })
  // The way to the kernel is in it too; whether there is IPVS at its end is another question.
  expect(stderr).not.toContain('there is no way to the kernel')
  expect([0, 3]).toContain(status)
})

const debian = testWith('dpkg-deb', 'apt-get install dpkg')
debian('the program is the same out of a package for Debian', () => {
  const out = execFileSync(process.execPath, ['deploy/package-deb.mjs'], {
    encoding: 'utf8',
  }).trim()
  const root = join(folder, 'root')
  execFileSync('dpkg-deb', ['--extract', out, root])
  const program = join(root, 'usr/bin/nodeport')
  expect(typed(program, list)).toBe(typed(resolve('bin/nodeport.js'), list))
  const pages = readdirSync(join(root, 'usr/share/man/man1'))
  expect(pages).toEqual(expect.arrayContaining(['nodeport.1.gz', 'nodeport-agent.1.gz']))
  const { stderr } = spawnSync(process.execPath, [program, 'list'], { encoding: 'utf8' })
  expect(stderr).not.toContain('there is no way to the kernel')
})

test('what is given to a cluster has no mistake in it', async () => {
  const text = readFileSync('deploy/kubernetes.yaml', 'utf8')
  const { code, said } = await run(machineWith([], { '/k.yaml': text }), [
    'apply',
    '-f',
    'k.yaml',
    '--dry-run',
    '--allow-empty',
  ])
  expect([code, said]).toEqual([0, ''])
  const [, words = ''] = /args: \[(.*)\]/.exec(text) ?? []
  const { printed: help } = await run(machineWith([]), ['agent', '--help'])
  const flags = words.split(', ').filter((word) => word.startsWith('--'))
  expect(flags.filter((flag) => !help.includes(flag))).toEqual([])
})
