import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { verbs } from '../src/command/program.ts'
import { knownAnnotations } from '../src/object/annotation.ts'
import { expectedIn, retype, run } from './support/console.ts'

// The README tells the truth: its sessions are typed again, and its tables are made of what they are
// about. `UPDATE=1 npm test` writes both.

const path = 'README.md'

test('every session of the README goes as it stands there', async () => {
  const sessions = /^```console\n(.*?)^```$/gms
  const page = await replaced(sessions, ([, session = '']) => retype(session, '.'))
  expect(page.now).toBe(page.before)
})

const tables: Readonly<Record<string, string>> = {
  commands: table(
    ['command', 'what it does'],
    verbs.map(({ name, summary }) => [`\`nodeport ${name}\``, summary]),
  ),
  annotations: table(
    ['annotation', 'on', 'value', 'says'],
    knownAnnotations.map(({ name, on, value, summary }) => [
      `\`${name}\``,
      on.length > 5 ? 'anything' : on.join(', '),
      value,
      summary,
    ]),
  ),
}

test.each(Object.entries(tables))('the table of %s is up to date', async (name, text) => {
  const marks = new RegExp(`(?<=^<!-- ${name} -->\n).*?(?=^<!-- /${name} -->$)`, 'gms')
  const page = await replaced(marks, () => text)
  expect(page.now).toBe(page.before)
  expect(page.before).toContain(text)
})

test('the picture is the one that nodeport graph draws', async () => {
  const { out } = await run(['graph', '-f', 'fixtures/example', '-o', 'svg'], '.')
  expect(expectedIn('docs/example.svg', out)).toBe(out)
})

const pages = [
  'README.md',
  'src/README.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
]

test.each(pages)('%s names no file that is not there', (page) => {
  const text = readFileSync(page, 'utf8')
  const named = text.matchAll(/\b(?:src|test|fixtures|docs|bin|bench)\/[\w./-]*\w/g)
  const prose = text.replaceAll(/^```.*?^```$/gms, '').replaceAll(/`[^`\n]*`/g, '')
  const linked = prose.matchAll(/\]\((?!https?:)([^)#]+)\)/g)
  const missing = [
    ...[...named].map(([path]) => path).filter((path) => !path.includes('VERB')),
    ...[...linked].map(([, path = '']) => join(dirname(page), path)),
  ].filter((path) => !existsSync(path))
  expect(missing).toEqual([])
})

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((cells) => cells[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |\n`
  return [head, widths.map((width) => '-'.repeat(width)), ...rows].map(line).join('')
}

/** The page with some parts of it made again; what they are now is written where `UPDATE` is set. */
async function replaced(
  parts: RegExp,
  make: (match: RegExpExecArray) => string | Promise<string>,
): Promise<{ before: string; now: string }> {
  const before = readFileSync(path, 'utf8')
  let now = ''
  let from = 0
  for (const match of before.matchAll(parts)) {
    const [whole, session] = match
    const made = await make(match)
    now += before.slice(from, match.index)
    now += session === undefined ? made : whole.replace(session, () => made)
    from = match.index + whole.length
  }
  now += before.slice(from)
  if (process.env.UPDATE) writeFileSync(path, now)
  return { before: process.env.UPDATE ? now : before, now }
}
