import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'

// The program as it was built, on input that means it no good. `npm test` builds it first.

const folder = mkdtempSync(join(tmpdir(), 'nodeport-hostile-'))
afterAll(() => rmSync(folder, { recursive: true }))

function check(input: string | Buffer, name: string, ...flags: string[]) {
  writeFileSync(join(folder, name), input)
  const program = resolve('bin/nodeport.js')
  const args = [program, 'check', '-f', name, '--color', 'never', ...flags]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1e9,
  })
  return { exit: status, out: stdout, err: stderr }
}

const alias = (name: string, of: string): string => `${name}: &${name} [${`*${of},`.repeat(9)}]\n`
const bomb = ['a: &a [1,2,3,4,5,6,7,8,9]\n', ...[...'bcdefghi'].map(aliasOfLast)].join('')
const service = (name: string, spec = '{ports: [{port: 80}]}'): string =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: ${spec}\n`

describe('a clear error with a place, and no more', () => {
  test.each<[string, string | Buffer, string, string]>([
    ['binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0xff, 0xfe]), '1:9', 'not-text'],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), '1:1', 'not-text'],
    ['UTF-8 that is cut off', Buffer.from('a: caf\xc3', 'latin1'), '1:7', 'not-text'],
    ['UTF-16 that is cut off', Buffer.from('\xff\xfea\0:\0 \0b', 'latin1'), '1:4', 'not-text'],
    ['one line of 100 MB', `a: ${'x'.repeat(100_000_000)}`, '1:1', 'kind-not-set'],
    ['one word of 100 MB', 'x'.repeat(100_000_000), '1:1', 'document-too-large'],
    ['one line of 100 MB of JSON', `{"a": "${'x'.repeat(1e8)}"}`, '1:2', 'kind-not-set'],
    ['one line of 100 MB of brackets', '['.repeat(100_000_000), '1:201', 'too-deep'],
    ['100 MB of line ends', '\n'.repeat(100_000_000), '1:1', 'document-too-large'],
    ['aliases that multiply', bomb, '7:8', 'alias-bomb'],
    ['an alias to itself', 'a: &a [*a]\n', '1:8', 'yaml-syntax'],
    [
      '10,000 brackets in each other',
      `a: ${'['.repeat(1e4)}${']'.repeat(1e4)}`,
      '1:204',
      'too-deep',
    ],
    ['10,000 braces of JSON', `${'{"a":'.repeat(1e4)}1${'}'.repeat(1e4)}`, '1:1001', 'too-deep'],
    [
      '10,000 levels of indentation',
      Array.from({ length: 1e4 }, (_, level) => `${' '.repeat(level)}a:`).join('\n'),
      '201:201',
      'too-deep',
    ],
    ['10,000 dashes on a line', '- '.repeat(10_000), '1:403', 'too-deep'],
    ['an escape sequence', 'a: \x1b]0;title\x07\n', '1:4', 'control-character'],
    ['one in a name', service('"\\e[31mred"'), '3:18', 'invalid-value'],
    ['one in a key', service('web', '{ports: [{port: 80}], "\\e[2J": 1}'), '4:29', 'unknown-field'],
    ['one in a kind', 'apiVersion: v1\nkind: "\\e[1mService"\n', '2:7', 'unknown-kind'],
    ['a letter that turns the direction of text', service('"a\\u202eb"'), '3:18', 'invalid-value'],
  ])('%s', (_, input, position, code) => {
    const { exit, out, err } = check(input, 'input.yaml')
    expect(out + err).not.toMatch(unfit)
    expect(out + err).not.toMatch(/\n {4}at |nodeport\.cjs|node:internal/)
    expect(out.length).toBeLessThan(3000)
    expect(out).toMatch(`error[${code}]: `)
    expect(out).toMatch(` --> input.yaml:${position}\n`)
    expect(exit).toBe(1)
  })
})

/** What no terminal should be given: controls, and letters that are not seen but change what is. */
const unfit = /[^\n\P{Cc}]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u

describe('no format lets an escape sequence through', () => {
  const text = `# Source: \u202e\n${service('"\\e[31mred\\u009b1m"', '{"\\e[2J": 1, "\\u202e": 2}')}`
  test.each(['text', 'json', 'github', 'sarif', 'junit'])('%s', (format) => {
    const { exit, out, err } = check(text, 'in\x1b[31m\u202e\n.yaml', '--format', format, '-v')
    expect(exit).toBe(1)
    expect(out).toContain('unknown-field')
    expect(out + err).not.toMatch(unfit)
  })
})

test('nor does the name of a file that is not there', () => {
  const { exit, err } = check('', 'a.yaml', '-f', 'no\x1b[31m\u202e.yaml')
  expect(err).toBe('error: the path "no\\x1b[31m\\u202e.yaml" does not exist\n')
  expect(exit).toBe(2)
})

function aliasOfLast(name: string): string {
  return alias(name, String.fromCharCode(name.charCodeAt(0) - 1))
}
