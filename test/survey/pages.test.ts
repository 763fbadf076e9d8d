import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { plain } from '../../src/diagnostic/frame.ts'
import { everyComplaint } from '../../src/object/complaints.ts'
import { type Ailment, ailments } from '../../src/terrain/ailments.ts'
import { printAilments } from '../../src/text/findings/ailments.ts'
import { ailing } from '../support/ailing.ts'
import { expectedIn, foldersIn, retype, run } from '../support/console.ts'

// Each finding has a folder: what is said about it, a bad example, a good one, and the console
// session that shows both. The sessions are typed again here, and docs/diagnostics.md is made of
// the folders. `UPDATE=1 npm test` writes both; read the diff before you commit it.

const root = 'fixtures/diagnostics'
const codes = foldersIn(root)

/** What no file of a reasonable size, or no console, can show; and where it is shown instead. */
const withoutSession: Readonly<Record<string, string>> = {
  'document-too-large': 'takes 256 MiB: test/manifest/limits.test.ts',
  'too-many-values': 'takes ten million values: test/manifest/limits.test.ts',
  'too-many-faults': 'takes ten thousand faults: test/manifest/limits.test.ts',
  'too-long': 'takes 256 KiB of annotations: test/object/validate-service.test.ts',
  'not-ours': 'takes a kernel: apply and diff',
  'service-of-another-set': 'takes a ledger: apply and diff',
  'taken-by-another-set': 'takes a kernel: apply and diff',
}

test('there is a folder for each code, and a code for each folder', () => {
  expect(codes).toEqual(everyComplaint.map(({ code }) => code).sort())
})

test('there is a session for each code that can be shown', () => {
  const silent = codes.filter((code) => !existsSync(join(root, code, 'session.txt')))
  expect(silent).toEqual(Object.keys(withoutSession).sort())
})

describe.each(codes.filter((code) => !(code in withoutSession)))('%s', (code) => {
  const folder = join(root, code)
  const path = join(folder, 'session.txt')

  test('the session goes as it is written', async () => {
    const seen = await retype(readFileSync(path, 'utf8'), folder)
    expect(seen).toBe(expectedIn(path, seen))
  })

  test('the bad example shows it, and the good one nothing', () => {
    const [bad = '', good = ''] = runsIn(readFileSync(path, 'utf8'))
    expect(bad).toContain(`[${code}]`)
    expect(good).not.toMatch(/^(error|warning|note)\[/m)
    if (good.startsWith('$ nodeport check')) expect(good).toContain('nothing found')
  })
})

test('there is an ailment of each kind to be shown', () => {
  expect(ailing.map(({ code }) => code)).toEqual(ailments.map(({ code }) => code))
})

test('docs/diagnostics.md is what the folders say, and what the doctor does', () => {
  const sections = [...codes.map(sectionOf), doctorsPart, ...ailing.map(sectionOfAilment)]
  const page = `${introduction}\n${sections.join('\n')}`
  expect(page).toBe(expectedIn('docs/diagnostics.md', page))
})

describe('nodeport explain knows every code', () => {
  const all = [...everyComplaint, ...ailments]

  test('and none stands for two things', () => {
    expect(new Set(all.map(({ code }) => code)).size).toBe(all.length)
  })

  test.each(all.map(({ code }) => code))('%s', async (code) => {
    const { out, exit } = await run(['explain', code], '.')
    expect(exit).toBe(0)
    expect(out.split('\n')[0]).toBe(`## ${code}`)
    expect(out.match(/^#+ /gm)?.filter((heading) => heading !== '# ')).toEqual(['## '])
  })

  test('and lists them', async () => {
    const { out } = await run(['explain'], '.')
    const codesOut = out
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ')[0])
    expect(codesOut).toEqual(all.map(({ code }) => code).sort())
  })
})

/** The parts of a session, each from one command to the next. */
function runsIn(session: string): string[] {
  return session.split(/^(?=\$ nodeport )/m)
}

const introduction = `# Findings

Everything that \`nodeport check\` and the other verbs can find, by its code; at the end what \`nodeport doctor\` finds.
\`nodeport explain CODE\` prints one of these sections.

An **error** is what an API server would refuse, or what cannot be applied.
A **warning** is what will hardly do what its author wants.
A **note** may be as it is meant; notes are shown with \`--level note\` and never fail a run.

A warning or note that is as it should be is left out

- for one object, with the annotation \`nodeport.io/ignore: code, code\`;
- for one line, with a comment \`# nodeport-ignore code: reason\` on the line or above it;
- for a run, with \`--ignore code\`.
`

const doctorsPart = `# Ailments

What \`nodeport doctor\` can find about a machine: what was seen and where, what a client notices of it, and what mends it.
`

function sectionOfAilment(ailment: Ailment): string {
  const { code, severity } = ailment
  const summary = ailments.find((it) => it.code === code)?.summary
  const shown = block('console', printAilments([ailment], plain))
  return `## ${code}\n\n*${severity}*: ${summary}.\n\n${shown}`
}

function sectionOf(code: string): string {
  const rule = everyComplaint.find((it) => it.code === code)
  const folder = join(root, code)
  const about = readFileSync(join(folder, 'about.md'), 'utf8')
  const head = `## ${code}\n\n*${rule?.severity}*: ${rule?.summary}.\n\n${about}`
  const files = readdirSync(folder).filter((file) => !['about.md', 'session.txt'].includes(file))
  if (files.length === 0) return head
  const [bad = '', good = ''] = runsIn(readFileSync(join(folder, 'session.txt'), 'utf8'))
  const others = files.filter((file) => !/^(bad|good)\./.test(file))
  return [
    head,
    ...others.map((file) => shown(folder, file)),
    ...files.filter((file) => file.startsWith('bad.')).map((file) => shown(folder, file)),
    block('console', bad),
    ...files.filter((file) => file.startsWith('good.')).map((file) => shown(folder, file)),
    block('console', good),
  ].join('\n')
}

function shown(folder: string, file: string): string {
  const text = readFileSync(join(folder, file), 'utf8').replace(/[^\n -~\p{L}]/gu, '\ufffd')
  return `\`${file}\`:\n\n${block(file.split('.').at(-1) ?? '', text)}`
}

function block(language: string, text: string): string {
  return `\`\`\`${language === 'txt' ? '' : language}\n${text.trimEnd()}\n\`\`\`\n`
}
