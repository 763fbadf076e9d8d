import { createHash } from 'node:crypto'
import { type FSWatcher, readdirSync, readFileSync, realpathSync, statSync, watch } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Source } from '../diagnostic/source.ts'
import { codeOf, reasonOf } from './files.ts'
import { isManifest, textOf } from './read-sources.ts'

/** Files that are told of again when they say something else. */
export interface FileWatch {
  /** What is different from what was told before, as far as it stirred, or as a whole. */
  readonly look: (now: number, whole: boolean) => Looked
  /** Reads everything again, whatever has been told. */
  readonly forget: () => void
  readonly close: () => void
}

export interface Looked {
  readonly changed: readonly Source[]
  readonly gone: readonly string[]
  /** What is asked for and cannot be read, and why; what was in it is as it was. */
  readonly away: readonly { readonly path: string; readonly reason: string }[]
  /** In so many milliseconds there may be more to tell, though nothing else happens. */
  readonly again: number | undefined
  /** Was all that is asked for told at least once, or found to be away? Nobody is ready before. */
  readonly isWhole: boolean
}

/** Why one is away who is being asked for the first time. */
export const notYet = 'it has not told everything yet'

export interface FileWatchOptions {
  readonly cwd: string
  readonly paths: readonly string[]
  readonly recursive: boolean
  /** A file that is gone or empty may be about to be written: so long it is as it was. */
  readonly grace: number
  readonly stirred: () => void
}

interface Known {
  /** What `stat` says of it: while that is the same, it is not read. */
  stamp: string
  /** Of what was told; nothing where nothing was told yet. */
  hash: string | undefined
  missingSince: number | undefined
}

/** While something cannot be watched, it is looked at so often. */
const poll = 1000

/**
 * Watches folders, not files: editors put a new file in the place of the old one, and a mounted
 * ConfigMap puts a new folder in the place of a link. Whatever stirs, what is there is compared with
 * what was told.
 */
export function watchFiles(options: FileWatchOptions): FileWatch {
  const { cwd, paths, recursive, grace, stirred } = options
  const known = new Map<string, Known>()
  const attended = new Map<string, Attended>()
  /** Names that stirred since they were last read; everything is looked at where that is not known. */
  let stirredPaths: Set<string> | undefined

  function stir(folder: string, name: string | null): void {
    const only = attended.get(folder)?.only
    if (name !== null && only !== undefined && !only.has(name)) return
    const path = join(folder, name ?? '')
    if (name !== null && isManifest(name)) stirredPaths?.add(path)
    else if (name === null || attended.has(path) || isFolder(resolve(cwd, path))) {
      stirredPaths = undefined
    } else if (only === undefined) return
    else stirredPaths?.add(path)
    stirred()
  }

  /** Watches a folder, or only what happens to one name in it. Answers whether that could be done. */
  function attend(folder: string, name: string | undefined, seen: Set<string>): boolean {
    seen.add(folder)
    const inode = inodeOf(resolve(cwd, folder))
    const old = attended.get(folder)
    if (old !== undefined && old.inode === inode) {
      if (name === undefined) old.only = undefined
      else old.only?.add(name)
      return true
    }
    leave(folder)
    try {
      const watcher = watch(resolve(cwd, folder), (_, stirredName) => stir(folder, stirredName))
      watcher.on('error', () => {
        leave(folder)
        stir(folder, null)
      })
      attended.set(folder, { watcher, inode, only: name === undefined ? name : new Set([name]) })
      return true
    } catch {
      return false
    }
  }

  function leave(folder: string): void {
    attended.get(folder)?.watcher.close()
    attended.delete(folder)
  }

  function look(now: number, whole: boolean): Looked {
    const survey: Survey = { found: new Set(), away: [], watched: new Set(), again: undefined }
    const only = whole ? undefined : stirredPaths
    stirredPaths = new Set()
    const reading: Reading = { changed: [], gone: [], survey, now, isStirred: only !== undefined }
    if (only === undefined) {
      for (const path of paths) surveyPath(path, survey)
      for (const folder of attended.keys()) if (!survey.watched.has(folder)) leave(folder)
      for (const path of new Set([...survey.found, ...known.keys()])) {
        if (survey.found.has(path) || !isBelow(path, survey.away)) read(path, reading)
      }
    } else {
      for (const path of only) if (known.has(path) || isAskedFor(path)) read(path, reading)
    }
    const { away, again } = survey
    if (away.length > 0) stirredPaths = undefined
    const { changed, gone } = reading
    return {
      changed,
      gone,
      away,
      again: away.length > 0 ? earlier(again, poll) : again,
      isWhole: true,
    }
  }

  function isAskedFor(path: string): boolean {
    if (paths.includes(path)) return true
    const folder = dirname(path)
    return paths.some((asked) => (recursive ? isIn(folder, asked) : sameFolder(folder, asked)))
  }

  function surveyPath(path: string, survey: Survey): void {
    try {
      if (statSync(resolve(cwd, path)).isDirectory()) surveyFolder(path, survey)
      else {
        survey.found.add(path)
        const target = realpathSync(resolve(cwd, path))
        if (dirname(target) !== resolve(cwd, dirname(path))) attendTarget(target, survey)
      }
      if (!attend(dirname(path), basename(path), survey.watched)) survey.again = poll
    } catch (cause) {
      survey.away.push({ path, reason: awayReason(cause) })
    }
  }

  /** What a link leads to stirs under a name of its own, so that everything is looked at then. */
  function attendTarget(target: string, survey: Survey): void {
    attend(dirname(target), basename(target), survey.watched)
  }

  function surveyFolder(folder: string, survey: Survey): void {
    if (!attend(folder, undefined, survey.watched)) survey.again = poll
    for (const entry of readdirSync(resolve(cwd, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) {
        if (recursive) surveyFolder(path, survey)
      } else if (isManifest(entry.name)) survey.found.add(path)
    }
  }

  function read(path: string, { changed, gone, survey, now, isStirred }: Reading): void {
    const file = known.get(path)
    try {
      const stamp = stampOf(resolve(cwd, path))
      const isWaiting = file?.missingSince !== undefined
      if (!isStirred && !isWaiting && stamp !== '' && file?.stamp === stamp) return
      const bytes = readFileSync(resolve(cwd, path))
      const hash = createHash('sha1').update(bytes).digest('base64')
      if (file?.hash !== hash) {
        if (file !== undefined && isBlank(bytes) && waits(path, file, now, survey)) return
        changed.push({ name: path, ...textOf(bytes) })
      }
      known.set(path, { stamp, hash, missingSince: undefined })
    } catch (cause) {
      if (codeOf(cause) === 'ENOENT') {
        if (file === undefined || waits(path, file, now, survey)) return
        known.delete(path)
        gone.push(path)
      } else survey.away.push({ path, reason: awayReason(cause) })
    }
  }

  /** Is a file that is gone or empty to be taken for what it was, a little longer? */
  function waits(path: string, file: Known, now: number, survey: Survey): boolean {
    file.missingSince ??= now
    const left = file.missingSince + grace - now
    if (left <= 0) return false
    survey.again = earlier(survey.again, left)
    stirredPaths?.add(path)
    return true
  }

  return {
    look,
    forget: () => {
      for (const file of known.values()) file.stamp = ''
      stirredPaths = undefined
    },
    close: () => {
      for (const folder of [...attended.keys()]) leave(folder)
    },
  }
}

interface Survey {
  readonly found: Set<string>
  readonly away: { path: string; reason: string }[]
  readonly watched: Set<string>
  again: number | undefined
}

interface Reading {
  readonly changed: Source[]
  readonly gone: string[]
  readonly survey: Survey
  readonly now: number
  /** Then it is read whatever its stamp says. */
  readonly isStirred: boolean
}

interface Attended {
  readonly watcher: FSWatcher
  /** Another folder may come to have its name. */
  readonly inode: string
  /** The only names that matter; absent where all do. */
  only: Set<string> | undefined
}

/**
 * What tells a file from what it was, without reading it; nothing where it was written so lately
 * that the clock of the file system may not tell it from the next time.
 */
function stampOf(path: string): string {
  const status = statSync(path, { bigint: true })
  const { ino, size, mtimeNs, mtimeMs } = status
  // Whoever reads a pipe waits for somebody to write to it.
  if (!status.isFile()) throw new Error('it is no file')
  return Date.now() - Number(mtimeMs) < 100 ? '' : `${ino} ${size} ${mtimeNs}`
}

/** Or a link to one. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

function inodeOf(path: string): string {
  try {
    const { dev, ino } = statSync(path, { bigint: true })
    return `${dev} ${ino}`
  } catch {
    return ''
  }
}

function isBelow(path: string, away: Survey['away']): boolean {
  return away.some((asked) => path === asked.path || isIn(dirname(path), asked.path))
}

function isIn(folder: string, asked: string): boolean {
  const [inner, outer] = [join(folder, '.'), join(asked, '.')]
  return inner === outer || outer === '.' || inner.startsWith(`${outer}/`)
}

function sameFolder(a: string, b: string): boolean {
  return join(a, '.') === join(b, '.')
}

function isBlank(bytes: Buffer): boolean {
  return bytes.length < 4096 && bytes.toString('latin1').trim() === ''
}

function earlier(a: number | undefined, b: number): number {
  return a === undefined ? b : Math.min(a, b)
}

function awayReason(cause: unknown): string {
  return codeOf(cause) === 'ENOENT' ? 'it does not exist' : (reasonOf(cause).split(', ')[0] ?? '')
}
