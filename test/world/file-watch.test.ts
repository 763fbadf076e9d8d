import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type FileWatch, watchFiles } from '../../src/world/file-watch.ts'

let folder = ''
let watch: FileWatch | undefined
let hasStirred = false

beforeEach(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'nodeport-watch-'))
})
afterEach(() => {
  watch?.close()
  rmSync(folder, { recursive: true, force: true })
})

const at = (name: string): string => join(folder, name)

function watching(paths: readonly string[] = ['.'], recursive = false): FileWatch {
  const stirred = () => {
    hasStirred = true
  }
  watch?.close()
  watch = watchFiles({ cwd: folder, paths, recursive, grace: 1000, stirred })
  return watch
}

/** What there is to tell at first, or once something has stirred. */
function told(it: FileWatch, now = 0, whole = false) {
  const { changed, gone, away } = it.look(now, whole)
  return [
    ...changed.map(({ name, text }) => `${name}: ${text}`),
    ...gone.map((name) => `${name} is gone`),
    ...away.map(({ path, reason }) => `${path}: ${reason}`),
  ].sort()
}

async function afterStir(change: () => void): Promise<void> {
  hasStirred = false
  change()
  for (let waited = 0; !hasStirred; waited += 5) {
    if (waited > 3000) throw new Error('nothing stirred')
    await sleep(5)
  }
  await sleep(20)
}

describe('files that are watched', () => {
  test('are told once, and again when they say something else', async () => {
    writeFileSync(at('a.yaml'), 'one')
    writeFileSync(at('notes.txt'), 'no manifest')
    const it = watching()
    expect(told(it)).toEqual(['a.yaml: one'])
    expect(told(it)).toEqual([])
    await afterStir(() => appendFileSync(at('a.yaml'), ' two'))
    expect(told(it)).toEqual(['a.yaml: one two'])
    await afterStir(() => writeFileSync(at('a.yaml'), 'one two'))
    expect(told(it)).toEqual([])
  })

  test('may be replaced, as editors do', async () => {
    writeFileSync(at('a.yaml'), 'one')
    const it = watching()
    told(it)
    await afterStir(() => {
      renameSync(at('a.yaml'), at('a.yaml~'))
      writeFileSync(at('.a.yaml.swp'), 'two')
      renameSync(at('.a.yaml.swp'), at('a.yaml'))
    })
    expect(told(it)).toEqual(['a.yaml: two'])
  })

  test('may be links into a folder that is replaced, as in a mounted ConfigMap', async () => {
    mkdirSync(at('..1'))
    writeFileSync(at('..1/a.yaml'), 'one')
    symlinkSync('..1', at('..data'))
    symlinkSync('..data/a.yaml', at('a.yaml'))
    const it = watching()
    expect(told(it)).toEqual(['a.yaml: one'])
    await afterStir(() => {
      mkdirSync(at('..2'))
      writeFileSync(at('..2/a.yaml'), 'two')
      symlinkSync('..2', at('..data_tmp'))
      renameSync(at('..data_tmp'), at('..data'))
      rmSync(at('..1'), { recursive: true })
    })
    expect(told(it)).toEqual(['a.yaml: two'])
  })

  test('are not believed to be gone or empty before some time has passed', async () => {
    writeFileSync(at('a.yaml'), 'one')
    const it = watching()
    told(it)
    await afterStir(() => writeFileSync(at('a.yaml'), ''))
    expect(told(it, 100)).toEqual([])
    await afterStir(() => writeFileSync(at('a.yaml'), 'two'))
    expect(told(it, 200)).toEqual(['a.yaml: two'])
    await afterStir(() => unlinkSync(at('a.yaml')))
    const { again } = it.look(300, false)
    expect(again).toBe(1000)
    expect(told(it, 1299)).toEqual([])
    expect(told(it, 1300)).toEqual(['a.yaml is gone'])
  })

  test('are not gone because their folder is, and come back with it', async () => {
    mkdirSync(at('m'))
    writeFileSync(at('m/a.yaml'), 'one')
    const it = watching(['m'])
    expect(told(it)).toEqual(['m/a.yaml: one'])
    await afterStir(() => renameSync(at('m'), at('elsewhere')))
    expect(told(it, 100)).toEqual(['m: it does not exist'])
    expect(told(it, 100_000)).toEqual(['m: it does not exist'])
    mkdirSync(at('m'))
    writeFileSync(at('m/a.yaml'), 'two')
    expect(told(it, 100_001)).toEqual(['m/a.yaml: two'])
    await afterStir(() => writeFileSync(at('m/a.yaml'), 'three'))
    expect(told(it, 100_002)).toEqual(['m/a.yaml: three'])
  })

  test('may be named one by one', async () => {
    writeFileSync(at('a.yaml'), 'one')
    writeFileSync(at('b.yaml'), 'one')
    const it = watching(['a.yaml'])
    expect(told(it)).toEqual(['a.yaml: one'])
    await afterStir(() => {
      writeFileSync(at('b.yaml'), 'two')
      writeFileSync(at('a.yaml'), 'two')
    })
    expect(told(it)).toEqual(['a.yaml: two'])
  })

  test('may be in folders that come later', async () => {
    const it = watching(['.'], true)
    expect(told(it)).toEqual([])
    await afterStir(() => mkdirSync(at('m')))
    told(it)
    await afterStir(() => writeFileSync(at('m/a.yaml'), 'one'))
    expect(told(it)).toEqual(['m/a.yaml: one'])
  })

  test('are files: a pipe of such a name is not waited for', () => {
    execFileSync('mkfifo', [at('a.yaml')])
    mkdirSync(at('b.yaml'))
    writeFileSync(at('c.yaml'), 'one')
    expect(told(watching())).toEqual(['a.yaml: it is no file', 'c.yaml: one'])
  })

  test('are told of with whatever garbage is in them', () => {
    writeFileSync(at('a.yaml'), Buffer.from([0xff, 0, 0xc3, 0x28]))
    const { changed } = watching().look(0, false)
    expect(changed.map(({ name, firstBad }) => [name, firstBad])).toEqual([['a.yaml', 0]])
  })

  test('are found out when nothing stirred, too', () => {
    writeFileSync(at('a.yaml'), 'one')
    const it = watching()
    told(it)
    writeFileSync(at('a.yaml'), 'another')
    expect(told(it, 0, true)).toEqual(['a.yaml: another'])
  })
})
