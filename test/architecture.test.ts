import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, test } from '@jest/globals'

// The house rule: imports point up the page. `ls src` is the dependency order, so a room may use
// the rooms above it and none below. The one exception is `command`, the door: it sees every room,
// and no room sees it. Where a room is parted into folders, the same holds among these.
const rooms = readdirSync('src', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort()

// What may touch the world outside, and where.
const keepers: Record<string, string> = {
  commander: 'command',
  chalk: 'world',
  netlink: 'world',
  'js-yaml': 'manifest',
  'node:*': 'world',
}

describe.each(rooms)('%s', (room) => {
  test('imports only from rooms above it', () => {
    const strays = importsOf(room)
      .filter(({ path }) => path.startsWith('.') && !path.endsWith('.json'))
      .filter(({ file, path }) => !mayUse(room, roomsOf(file, path)[0] ?? ''))
    expect(strays).toEqual([])
  })

  test('parts itself into folders that import only from those above them', () => {
    const strays = importsOf(room).filter(({ file, path }) => {
      const [, own] = foldersIn(file)
      const [other, folder] = roomsOf(file, path)
      return other === room && own !== undefined && folder !== undefined && folder > own
    })
    expect(strays).toEqual([])
  })

  test('touches the outside only where it is the keeper', () => {
    const strays = importsOf(room)
      .filter(({ path }) => !path.startsWith('.'))
      .filter(({ path }) => keepers[packageOf(path)] !== room)
    expect(strays).toEqual([])
  })
})

test('src/README.md names every room', () => {
  const page = readFileSync('src/README.md', 'utf8')
  expect([...page.matchAll(/^- `(\w+)\/`/gm)].map(([, room]) => room)).toEqual(rooms)
})

function packageOf(path: string): string {
  return path.startsWith('node:') ? 'node:*' : (path.split('/')[0] ?? path)
}

function mayUse(room: string, other: string): boolean {
  if (other === room) return true
  if (other === 'command') return false
  return room === 'command' || other < room || other === 'compile.ts'
}

/** The room that an import leads to, and the folder in it: `text`, `kubectl`. */
function roomsOf(file: string, path: string): readonly string[] {
  if (!path.startsWith('.')) return []
  const target = normalize(join(dirname(file), path))
  return target.includes('/') ? foldersIn(target) : [target]
}

function foldersIn(file: string): readonly string[] {
  return file.split('/').slice(0, -1)
}

function importsOf(room: string): { file: string; path: string }[] {
  return readdirSync(join('src', room), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const text = readFileSync(join('src', room, file), 'utf8')
      const imports = [...text.matchAll(/(?: from |\bimport\(|^import )'(.+?)'/gm)]
      return imports.map(([, path = '']) => ({ file: `${room}/${file}`, path }))
    })
}
