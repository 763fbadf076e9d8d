import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  bashCompletion,
  fishCompletion,
  printCandidates,
  zshCompletion,
} from '../../../src/text/shell/completion.ts'
import { testWith } from '../../support/installed.ts'

test('a candidate has a line, with what it means behind a tab', () => {
  const candidates = [
    { text: 'apply', meaning: 'make it so' },
    { text: '10.0.0.1:80', meaning: undefined },
  ]
  expect(printCandidates(candidates, true)).toBe('apply\tmake it so\n10.0.0.1:80\n:files\n')
})

// Each shell is asked how a line goes on, where it is installed; `nodeport` is a script that tells
// what it was asked and answers the same each time.

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nodeport-shell-'))
  const answers = 'apply\\tmake it so\\nagent\\tstay\\n10.0.0.1:80\\n10.0.0.1:443\\n'
  const script = `#!/bin/sh\nshift 2\nprintf '<%s>' "$@" >${folder}/asked\nprintf '${answers}'\n`
  writeFileSync(join(folder, 'nodeport'), script)
  chmodSync(join(folder, 'nodeport'), 0o755)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const env = () => ({ ...process.env, PATH: `${folder}:${process.env.PATH}`, HOME: folder })
const asked = () => execFileSync('cat', [join(folder, 'asked')], { encoding: 'utf8' })

describe('bash', () => {
  const complete = (line: string) => {
    const script = `${bashCompletion}
      compopt() { :; }
      COMP_LINE='${line}' COMP_POINT=${line.length}
      _nodeport
      printf '%s\\n' "\${COMPREPLY[@]}"`
    return execFileSync('bash', ['-c', script], { encoding: 'utf8', env: env() })
      .split('\n')
      .slice(0, -1)
  }
  const there = testWith('bash', 'apt-get install bash')
  there('asks with all words that are typed, and the one that is begun', () => {
    expect(complete('nodeport drain 10.0.0.1 ')).toContain('apply')
    expect(asked()).toBe('<drain><10.0.0.1><>')
  })
  there('is told only what stands behind the last colon, at which it parts words', () => {
    expect(complete('nodeport drain 10.0.0.1:')).toEqual(['apply', 'agent', '80', '443'])
    expect(asked()).toBe('<drain><10.0.0.1:>')
  })
})

describe('fish', () => {
  const there = testWith('fish', 'apt-get install fish')
  there('asks with all words that are typed, and shows what they mean', () => {
    const script = `${fishCompletion}\ncomplete -C 'nodeport a'`
    const out = execFileSync('fish', ['-c', script], { encoding: 'utf8', env: env() })
    expect(out.split('\n').sort()).toEqual(
      expect.arrayContaining(['agent\tstay', 'apply\tmake it so']),
    )
    expect(asked()).toBe('<a>')
  })
})

describe('zsh', () => {
  const there = testWith('zsh', 'apt-get install zsh')
  there('describes what it is told', () => {
    const script = `compdef() { : }
      _describe() { print -rl -- "\${(@P)2}" }
      ${zshCompletion}
      words=(nodeport drain 1) CURRENT=3
      _nodeport`
    const out = execFileSync('zsh', ['-fc', script], { encoding: 'utf8', env: env() })
    expect(out).toBe('apply:make it so\nagent:stay\n10.0.0.1\\:80\n10.0.0.1\\:443\n')
    expect(asked()).toBe('<drain><1>')
  })
})
