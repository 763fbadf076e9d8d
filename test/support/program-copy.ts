import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** The built program once more, for who does to its files what nobody does to those of others. */
export interface ProgramCopy {
  readonly folder: string
  readonly program: string
  /** What was built, without what V8 made of it. */
  readonly built: () => readonly string[]
  readonly remove: () => void
}

export function copyProgram(): ProgramCopy {
  const folder = mkdtempSync(join(tmpdir(), 'nodeport-copy-'))
  for (const part of ['bin', 'dist']) {
    mkdirSync(join(folder, part))
    for (const name of readdirSync(part)) {
      if (/^nodeport\.([\w-]+\.)?c?js$/.test(name) || name === 'package.json') {
        copyFileSync(join(part, name), join(folder, part, name))
      }
    }
  }
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  const dist = join(folder, 'dist')
  return {
    folder,
    program: join(folder, 'bin/nodeport.js'),
    built: () =>
      readdirSync(dist)
        .filter((name) => name.endsWith('.cjs'))
        .map((name) => join(dist, name)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
