import { constants, isAscii, isUtf8 } from 'node:buffer'
import {
  closeSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { printable } from '../diagnostic/printable.ts'
import type { Source } from '../diagnostic/source.ts'
import { AsciiSource } from './ascii-source.ts'
import { codeOf, decoded, reasonOf } from './files.ts'
import { expectMuch } from './much.ts'
import { WorldError } from './world.ts'

const extensions = ['.json', '.yaml', '.yml']

/** Node holds no longer text. */
const mostBytes = constants.MAX_STRING_LENGTH

/** Where paths begin, and what `-` stands for. */
export interface Shelf {
  readonly cwd: string
  readonly stdin: () => Buffer
}

/**
 * Reads what `-f` names, in the order given, as kubectl does: a directory stands for its manifests,
 * sorted, and a file that is named twice is read twice. Standard input can be read only once.
 */
export function readSources(
  { cwd, stdin }: Shelf,
  paths: readonly string[],
  recursive: boolean,
): Source[] {
  return paths.flatMap((path, index) => {
    if (path !== '-') return filesOf(cwd, path, recursive).map((file) => readFile(cwd, file))
    return paths.indexOf('-') === index ? [readStandardInput(stdin)] : []
  })
}

function filesOf(cwd: string, path: string, recursive: boolean): string[] {
  if (!isDirectory(cwd, path)) return [path]
  const files = manifestsIn(cwd, path, recursive)
  if (files.length > 0) return files
  const known = extensions.join(' ')
  throw new WorldError(
    `error reading [${printable(path)}]: recognized file extensions are [${known}]`,
    { kind: 'input' },
  )
}

/**
 * Links to files are followed and links to directories are not, as in kubectl: a mounted ConfigMap
 * has two of those for every file.
 */
function manifestsIn(cwd: string, folder: string, recursive: boolean): string[] {
  return entriesOf(cwd, folder).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return recursive ? manifestsIn(cwd, path, recursive) : []
    return isManifest(entry.name) ? [path] : []
  })
}

/** By its name, as kubectl has it. */
export function isManifest(name: string): boolean {
  return extensions.some((extension) => name.endsWith(extension))
}

function entriesOf(cwd: string, folder: string) {
  try {
    return readdirSync(resolve(cwd, folder), { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )
  } catch (cause) {
    throw unreadable(folder, cause)
  }
}

function isDirectory(cwd: string, path: string): boolean {
  try {
    return statSync(resolve(cwd, path)).isDirectory()
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

function readFile(cwd: string, path: string): Source {
  let file: number | undefined
  try {
    file = openSync(resolve(cwd, path), 'r')
    return sourceOf(path, bytesOf(file))
  } catch (cause) {
    throw unreadable(path, cause)
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

function readStandardInput(stdin: () => Buffer): Source {
  try {
    return sourceOf('-', stdin())
  } catch (cause) {
    throw unreadable('-', cause)
  }
}

/** All that an open file, a pipe or a terminal has to give. */
export function bytesOf(file: number): Buffer {
  const status = fstatSync(file)
  if (status.size > mostBytes) throw tooLong()
  if (!status.isFile()) return bytesOfStream(file)
  noteRead(status.size)
  return readFileSync(file)
}

const little = 1 << 20
let read = 0

/** Many small files are as much work as a large one. */
function noteRead(bytes: number): void {
  read += bytes
  if (read > little) expectMuch()
}

/** A pipe says neither how much it holds nor, when it is of the kind that does not wait, when. */
function bytesOfStream(file: number): Buffer {
  const chunks: Buffer[] = []
  let total = 0
  for (;;) {
    const chunk = Buffer.allocUnsafe(65_536)
    const length = readChunk(file, chunk)
    if (length === 0) return Buffer.concat(chunks)
    chunks.push(chunk.subarray(0, length))
    total += length
    noteRead(length)
    if (total > mostBytes) throw tooLong()
  }
}

function readChunk(file: number, chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(file, chunk)
    } catch (error) {
      const code = codeOf(error)
      if (code === 'EOF') return 0
      if (code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
    }
  }
}

function tooLong(): Error {
  return new Error(`it is longer than ${Math.floor(mostBytes / 1024 / 1024)} MiB`)
}

/** ASCII is made a text when one is asked for: of a long List in JSON nobody does. */
function sourceOf(name: string, bytes: Buffer): Source {
  return isAscii(bytes) ? new AsciiSource(name, bytes) : { name, ...textOf(bytes) }
}

/** What is no text becomes replacement characters; the reader points at the first of them. */
export function textOf(bytes: Buffer): Omit<Source, 'name'> {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return utf16Text(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return utf16Text(swapped(bytes))
  const text = decoded(bytes)
  return isUtf8(bytes) ? { text } : { text, firstBad: firstBadIn(text, bytes) }
}

/** With its byte order mark, which alone tells it from binary files. */
function utf16Text(bytes: Buffer): Omit<Source, 'name'> {
  const cut = bytes.length % 2 === 0 ? '' : '\ufffd'
  const text = bytes.subarray(2).toString('utf16le') + cut
  const firstBad = text.search(/\p{Surrogate}/u)
  if (firstBad >= 0) return { text: text.replaceAll(/\p{Surrogate}/gu, '\ufffd'), firstBad }
  return cut === '' ? { text } : { text, firstBad: text.length - 1 }
}

function swapped(bytes: Buffer): Buffer {
  const even = bytes.length - (bytes.length % 2)
  bytes.subarray(0, even).swap16()
  return bytes
}

/** A replacement character may also have been written by somebody: then its bytes are there. */
function firstBadIn(text: string, bytes: Buffer): number | undefined {
  const written = Buffer.from('\ufffd')
  let at = -1
  let offset = 0
  for (;;) {
    const next = text.indexOf('\ufffd', at + 1)
    if (next < 0) return undefined
    offset += Buffer.byteLength(text.slice(at + 1, next))
    if (!bytes.subarray(offset, offset + written.length).equals(written)) return next
    offset += written.length
    at = next
  }
}

/** The path stands as a terminal may see it, and Node's message without the path in it. */
function unreadable(path: string, cause: unknown): WorldError {
  const shown = printable(path)
  if (codeOf(cause) === 'ENOENT') {
    return new WorldError(`the path "${shown}" does not exist`, { kind: 'input', cause })
  }
  const [reason] = reasonOf(cause).split(', ')
  const message = `the path "${shown}" cannot be read: ${reason}`
  return new WorldError(message, { kind: 'input', cause })
}
