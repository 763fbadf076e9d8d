import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Diagnostic } from '../../src/diagnostic/diagnostic.ts'
import type { Source } from '../../src/diagnostic/source.ts'
import { readDocuments } from '../../src/manifest/read.ts'
import { readSources } from '../../src/world/read-sources.ts'
import { WorldError } from '../../src/world/world.ts'

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nodeport-'))
  const files = [
    'b.yaml',
    'a.yml',
    'c.json',
    'notes.txt',
    'B.yaml',
    'below/d.yaml',
    'below/far/e.yaml',
  ]
  for (const file of files) write(file, `# ${file}\n`)
  mkdirSync(join(folder, 'empty'))
  symlinkSync('below', join(folder, 'link'))
  symlinkSync('below/d.yaml', join(folder, 'z.yaml'))
})

afterAll(() => rmSync(folder, { recursive: true }))

describe('-f names', () => {
  test.each([
    ['a file', ['b.yaml'], ['b.yaml']],
    ['a file of any name', ['notes.txt'], ['notes.txt']],
    ['files in the order given', ['b.yaml', 'a.yml'], ['b.yaml', 'a.yml']],
    ['a file twice, which is then read twice', ['b.yaml', 'b.yaml'], ['b.yaml', 'b.yaml']],
    [
      'a directory for its manifests, sorted',
      ['.'],
      ['B.yaml', 'a.yml', 'b.yaml', 'c.json', 'z.yaml'],
    ],
    ['a link to a directory', ['link'], ['link/d.yaml']],
  ])('%s', (_, paths, names) => {
    expect(read(paths).map(({ name }) => name)).toEqual(names)
  })

  test('a directory for all below it with -R, but for links to directories', () => {
    const names = readSources(shelf(), ['.'], true).map(({ name }) => name)
    expect(names).toEqual([
      'B.yaml',
      'a.yml',
      'b.yaml',
      'below/d.yaml',
      'below/far/e.yaml',
      'c.json',
      'z.yaml',
    ])
  })

  test('standard input as -, which is read once', () => {
    expect(textsOf(read(['-', 'a.yml', '-']))).toEqual([
      { name: '-', text: 'said\n' },
      { name: 'a.yml', text: '# a.yml\n' },
    ])
  })

  test('a pipe that somebody is still writing to', () => {
    execFileSync('mkfifo', [join(folder, 'pipe')])
    spawn('sh', ['-c', "(printf 'a: 1\\n'; sleep 0.1; printf 'b: 2\\n') > pipe"], { cwd: folder })
    expect(textsOf(read(['pipe']))).toEqual([{ name: 'pipe', text: 'a: 1\nb: 2\n' }])
  })
})

describe('what cannot be read is named', () => {
  test.each([
    ['nowhere.yaml', 'the path "nowhere.yaml" does not exist'],
    ['b.yaml/c', 'the path "b.yaml/c" cannot be read: ENOTDIR: not a directory'],
    ['empty', 'error reading [empty]: recognized file extensions are [.json .yaml .yml]'],
    ['\u001b[31mred.yaml', 'the path "\\x1b[31mred.yaml" does not exist'],
  ])('%j', (path, message) => {
    expect(refusalOf([path])).toEqual({ kind: 'input', message })
  })

  test('a link in a directory that leads nowhere', () => {
    mkdirSync(join(folder, 'broken'))
    symlinkSync('nowhere', join(folder, 'broken/a.yaml'))
    expect(refusalOf(['broken']).message).toBe('the path "broken/a.yaml" does not exist')
  })

  test('a link in a directory that leads to a directory and calls itself a manifest', () => {
    mkdirSync(join(folder, 'odd'))
    symlinkSync('../below', join(folder, 'odd/a.yaml'))
    expect(refusalOf(['odd']).message).toBe(
      'the path "odd/a.yaml" cannot be read: EISDIR: illegal operation on a directory',
    )
  })
})

describe('bytes are read', () => {
  const utf16 = Buffer.from('\ufeffa: é\n', 'utf16le')
  test.each<[string, Buffer]>([
    ['as UTF-8', Buffer.from('a: é\n')],
    ['as UTF-8 behind its mark', Buffer.from('\ufeffa: é\n')],
    ['as UTF-16 behind its mark', utf16],
    ['as UTF-16 of the other order', Buffer.from(utf16).swap16()],
  ])('%s', (_, bytes) => {
    expect(complaintsAndValues(bytes)).toEqual([{ a: 'é' }])
  })

  test('a replacement character that somebody wrote is text', () => {
    expect(complaintsAndValues(Buffer.from('a: \ufffd\n'))).toEqual([{ a: '\ufffd' }])
  })

  test.each<[string, Buffer, number]>([
    ['a byte that begins no letter', Buffer.from([0x61, 0x3a, 0x20, 0xff, 0x0a]), 3],
    ['a letter that is cut off', Buffer.from('a: é').subarray(0, 4), 3],
    [
      'a letter of Latin-1',
      Buffer.concat([Buffer.from('# \ufffd é\na: '), Buffer.from([0xe9])]),
      9,
    ],
    ['half a letter', Buffer.from([0x61, 0x3a, 0x20, 0xed, 0xa0, 0x80]), 3],
    ['half a letter of UTF-16', Buffer.from('\ufeffa: \ud800\n', 'utf16le'), 3],
    ['a letter of UTF-16 that is cut off', Buffer.from([0xff, 0xfe, 0x61, 0, 0x3a]), 1],
    ['a compressed file', Buffer.from([0x1f, 0x8b, 0x08, 0x00]), 1],
  ])('%s is shown where it stands', (_, bytes, at) => {
    expect(complaintsAndValues(bytes)).toEqual([`${at} not-text`])
  })
})

function write(file: string, content: string | Buffer): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), content)
}

function shelf() {
  return { cwd: folder, stdin: () => Buffer.from('said\n') }
}

function read(paths: readonly string[]) {
  return readSources(shelf(), paths, false)
}

function textsOf(sources: readonly Source[]) {
  return sources.map(({ name, text }) => ({ name, text }))
}

function refusalOf(paths: readonly string[]): { kind: string; message: string } {
  try {
    read(paths)
  } catch (error) {
    if (error instanceof WorldError) return { kind: error.kind, message: error.message }
    throw error
  }
  throw new Error('it was read')
}

function complaintsAndValues(bytes: Buffer): unknown[] {
  write('bytes', bytes)
  const complaints: Diagnostic[] = []
  const documents = read(['bytes']).flatMap((source) => [
    ...readDocuments(source, (it) => complaints.push(it)),
  ])
  return [
    ...complaints.map(({ at, code }) => `${at?.span().start} ${code}`),
    ...documents.map(({ value }) => value),
  ]
}
