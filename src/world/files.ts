import { isAscii } from 'node:buffer'
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { printable } from '../diagnostic/printable.ts'
import { type Parts, piecesOf, wholeOf } from './pieces.ts'
import { WorldError } from './world.ts'

/** The text of a file, or nothing where there is none. */
export function readWhole(path: string): string | undefined {
  try {
    // Asked for UTF-8 it would be read in small pieces, which takes three times as long.
    return decoded(readFileSync(path))
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined
    throw new WorldError(`the path "${printable(path)}" cannot be read: ${reasonOf(cause)}`, {
      kind: 'input',
      cause,
    })
  }
}

/** Most of what is read is ASCII, which reads fastest and takes one byte a letter. */
export function decoded(bytes: Buffer): string {
  return bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8')
}

/**
 * Writes a file whole, and for good: into a temporary file that is on the disk before it takes the
 * name, so that under the name stands either what was there before or all of the new text. Devices
 * and pipes, such as /dev/stderr, take the text as it comes.
 */
export function writeWhole(name: string, text: Parts, pid: number): void {
  if (isStream(name)) {
    writeAsItComes(name, text)
    return
  }
  const path = existsSync(name) ? realpathSync(name) : name
  try {
    mkdirSync(dirname(path), { recursive: true })
    replace(path, temporaryOf(path, pid), text)
    syncFolder(dirname(path))
  } catch (cause) {
    throw new WorldError(`"${printable(path)}" cannot be written: ${reasonOf(cause)}`, {
      help: 'make room or give permission, and try again',
      cause,
    })
  }
}

function replace(path: string, temporary: string, text: Parts): void {
  try {
    writeThrough(temporary, text, modeOf(path))
    renameSync(temporary, path)
  } catch (cause) {
    rmSync(temporary, { force: true })
    throw cause
  }
}

/** Whether there is something that is no file. What cannot be looked at cannot be written either. */
function isStream(path: string): boolean {
  try {
    return !statSync(path).isFile()
  } catch {
    return false
  }
}

/** What a text is written into before it takes its name. */
export function temporaryOf(path: string, pid: number): string {
  return `${path}.${pid}.tmp`
}

export function isTemporary(path: string): boolean {
  return /\.\d+\.tmp$/.test(path)
}

function writeAsItComes(path: string, text: Parts): void {
  try {
    writeFileSync(path, wholeOf(text))
  } catch (cause) {
    throw new WorldError(`"${printable(path)}" cannot be written: ${reasonOf(cause)}`, { cause })
  }
}

function writeThrough(path: string, text: Parts, mode: number | undefined): void {
  const file = openSync(path, 'w')
  try {
    for (const bytes of piecesOf(text)) {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
    }
    if (mode !== undefined) chmodSync(path, mode)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function modeOf(path: string): number | undefined {
  try {
    return statSync(path).mode & 0o7777
  } catch {
    return undefined
  }
}

/** A new name is on the disk when its folder is. */
function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

// Asked by their fields: an error may come from another realm, where it is made by another class.

export function reasonOf(cause: unknown): string {
  return isObject(cause) && 'message' in cause ? String(cause.message) : String(cause)
}

export function codeOf(cause: unknown): string | undefined {
  return isObject(cause) && 'code' in cause ? String(cause.code) : undefined
}

/** Errors of Node are no instances of `Error` where a test has a realm of its own. */
function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
