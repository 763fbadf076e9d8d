import { spawnSync } from 'node:child_process'
import { describe, expect, test } from '@jest/globals'
import { verbs } from '../../src/command/program.ts'
import { printManualPage } from '../../src/text/manual/page.ts'
import { testWith } from '../support/installed.ts'
import { machineWith, run } from '../support/model-world.ts'

async function pageOf(...verb: readonly string[]): Promise<string> {
  const { printed, code } = await run(machineWith([]), ['man', ...verb])
  expect(code).toBe(0)
  return printed
}

describe('the manual', () => {
  test.each(verbs.map(({ name }) => name))('says of %s all flags that --help has', async (verb) => {
    const page = await pageOf(verb)
    const { printed: help } = await run(machineWith([]), [verb, '--help'])
    const flags = [...help.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, flag = '']) => flag)
    const missing = flags.filter((flag) => {
      return flag !== '--help' && !page.includes(flag.replaceAll('-', '\\-'))
    })
    expect(missing).toEqual([])
  })

  test.each(verbs.map(({ name }) => name))('says of %s what each example is for', async (verb) => {
    const { printed: help } = await run(machineWith([]), [verb, '--help'])
    expect(help).not.toMatch(/# *$/m)
  })

  test('lists all verbs', async () => {
    const page = await pageOf()
    for (const { name, summary } of verbs) {
      expect(page).toContain(`.B ${name}\n${summary.replaceAll('-', '\\-')}`)
    }
  })

  const there = testWith('groff', 'apt-get install groff')
  there('has no fault that groff finds', async () => {
    for (const page of [await pageOf(), await pageOf('agent'), await pageOf('list')]) {
      const options = { input: page, encoding: 'utf8' } as const
      const { stderr, stdout } = spawnSync('groff', ['-man', '-Tutf8', '-ww', '-P-c'], options)
      expect(stderr).toBe('')
      expect(stdout).toContain('nodeport')
    }
  })

  test('lets no text be taken for a request', () => {
    const page = printManualPage({
      ...{ name: 'nodeport-x', summary: '.so /etc/passwd', version: '1', synopsis: 'nodeport x' },
      ...{ sections: [{ title: 'Options', terms: [["'a", '.b\\c']] }], examples: [], seeAlso: [] },
    })
    expect(page).toContain("\n.B \\&'a\n\\&.b\\ec\n")
  })
})
