import { isAscii } from 'node:buffer'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Source } from '../diagnostic/source.ts'
import { WorldError } from './world.ts'

const extensions = ['.json', '.yaml', '.yml']

export interface Shelf {
  readonly cwd: string
  readonly stdin: () => Buffer
}

/** Reads what `-f` names, in the order given; a directory stands for its manifests, sorted. */
export function readSources(
  { cwd, stdin }: Shelf,
  paths: readonly string[],
  recursive: boolean,
): Source[] {
  return paths.flatMap((path) => {
    if (path === '-') return [{ name: '-', text: textOf(stdin()) }]
    const files = filesOf(cwd, path, recursive)
    return files.map((file) => readSource(file, resolve(cwd, file)))
  })
}

function filesOf(cwd: string, path: string, recursive: boolean): string[] {
  if (!isDirectory(cwd, path)) return [path]
  const files: string[] = []
  for (const entry of readdirSync(resolve(cwd, path)).sort()) {
    const inside = join(path, entry)
    if (!isDirectory(cwd, inside)) {
      if (extensions.some((extension) => entry.endsWith(extension))) files.push(inside)
    } else if (recursive) files.push(...filesOf(cwd, inside, recursive))
  }
  return files
}

function isDirectory(cwd: string, path: string): boolean {
  try {
    return statSync(resolve(cwd, path)).isDirectory()
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

function readSource(name: string, file: string): Source {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (cause) {
    throw unreadable(name, cause)
  }
  return { name, text: textOf(bytes) }
}

/**
 * Most manifests are ASCII, which reads fastest and takes one byte a letter. What is no text becomes
 * replacement characters, at which the reader stops and points.
 */
function textOf(bytes: Buffer): string {
  if (isAscii(bytes)) return bytes.toString('latin1')
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString('utf16le')
  return bytes.toString('utf8')
}

function unreadable(path: string, cause: unknown): WorldError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  const message =
    code === 'ENOENT'
      ? `the path "${path}" does not exist`
      : `the path "${path}" cannot be read: ${cause instanceof Error ? cause.message : cause}`
  return new WorldError(message, { kind: 'input', cause })
}
