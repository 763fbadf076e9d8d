import { printable } from '../../diagnostic/printable.ts'
import { quote } from '../../object/go-text.ts'
import { type LabelSelector, matchesLabels } from '../../object/label-selector.ts'
import type { KubernetesObject } from '../../object/metadata.ts'
import { alignColumns, tableStyle } from './columns.ts'
import { printJSON } from './json.ts'
import { printLabels } from './labels.ts'
import { type Listing, pluralOf, qualifiedName, type ResourceNames, type Row } from './resource.ts'
import { sortByField } from './sort-by.ts'
import { printYAML } from './yaml.ts'

export interface GetOptions {
  readonly output: 'table' | 'wide' | 'name' | 'json' | 'yaml'
  readonly namespace: string
  readonly allNamespaces: boolean
  readonly selector?: LabelSelector | undefined
  readonly headers: boolean
  readonly showLabels: boolean
  /** The keys of labels that get a column each. */
  readonly labelColumns: readonly string[]
  /** A path such as `.spec.ports[0].port`. */
  readonly sortBy?: string | undefined
  readonly ignoreNotFound: boolean
  /** Milliseconds since 1970. */
  readonly now: number
}

/** What was asked for: the objects of one kind, or those of them that were named. */
export interface Request {
  readonly listing: Listing
  readonly names?: readonly string[] | undefined
}

/** What a verb says: to standard output, to standard error, and to the shell. */
export interface Answer {
  readonly out: string
  readonly err: string
  readonly code: 0 | 1
}

/** `kubectl get`. */
export function printGet(requests: readonly Request[], options: GetOptions): Answer {
  const groups = requests.map((request) => select(request, options))
  const notFound = options.ignoreNotFound ? [] : groups.flatMap(({ missing }) => missing)
  const isTable = options.output === 'table' || options.output === 'wide'
  const printed = isTable ? printTables(groups, options) : printObjects(groups, options)
  if (typeof printed === 'object') return failure([printed.error])
  if (notFound.length > 0) return { ...failure(notFound), out: printed }
  if (printed !== '' || !isTable || options.ignoreNotFound)
    return { out: printed, err: '', code: 0 }
  return { out: '', err: nothingFound(groups, options), code: 0 }
}

/** The objects that are shown. */
export function rowsOf(request: Request, options: GetOptions): readonly Row[] {
  return select(request, options).tables.flat()
}

/** What kubectl says to a selector that the server cannot read. */
export function badSelector(names: ResourceNames, selector: string, reason: string): string {
  const resource = `${names.group}/v1, Resource=${names.plural}`
  const asked = `label selector ${quote(selector)}, field selector ""`
  return `Error from server (BadRequest): Unable to find ${quote(resource)} that match ${asked}: ${reason}\n`
}

function failure(sentences: readonly string[]): Answer {
  return { out: '', err: sentences.map((sentence) => `${sentence}\n`).join(''), code: 1 }
}

/** Part of the answer: each name that was asked for is a table of its own, and so is a list. */
interface Group {
  readonly listing: Listing
  readonly tables: readonly (readonly Row[])[]
  readonly missing: readonly string[]
  readonly named: boolean
}

function select({ listing, names }: Request, options: GetOptions): Group {
  const rows = listing.rows.filter(
    ({ object }) =>
      !listing.names.namespaced || options.allNamespaces || object.namespace === options.namespace,
  )
  if (names !== undefined) return selectNamed(listing, rows, names)
  const { selector } = options
  const chosen = selector
    ? rows.filter(({ object }) => matchesLabels(selector, object.labels))
    : rows
  return { listing, tables: [inOrder(chosen)], missing: [], named: false }
}

function selectNamed(listing: Listing, rows: readonly Row[], names: readonly string[]): Group {
  const byName = new Map(rows.map((row) => [row.object.name, row]))
  const tables: Row[][] = []
  const missing: string[] = []
  for (const name of names) {
    const row = byName.get(name)
    if (row !== undefined) tables.push([row])
    else missing.push(notFound(listing.names, name))
  }
  return { listing, tables, missing, named: true }
}

export function notFound(names: ResourceNames, name: string): string {
  return `Error from server (NotFound): ${pluralOf(names)} ${quote(name)} not found`
}

/** The order of the server's keys, `namespace/name`: `a-b/x` comes before `a/x`. */
function inOrder(rows: readonly Row[]): readonly Row[] {
  return rows
    .map((row) => ({ row, key: `${row.object.namespace}/${row.object.name}` }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ row }) => row)
}

function nothingFound(groups: readonly Group[], options: GetOptions): string {
  const namespaced = groups.every(({ listing }) => listing.names.namespaced)
  if (options.allNamespaces || !namespaced) return 'No resources found\n'
  return `No resources found in ${options.namespace} namespace.\n`
}

/** A sentence in the place of a text. */
interface Refusal {
  readonly error: string
}

function printTables(groups: readonly Group[], options: GetOptions): string | Refusal {
  const withKind = new Set(groups.map(({ listing }) => pluralOf(listing.names))).size > 1
  const tables: string[] = []
  for (const { listing, tables: parts } of groups) {
    const rows: Row[] = []
    for (const part of parts) {
      const sorted = sorting(part, options)
      if ('error' in sorted) return sorted
      rows.push(...sorted)
    }
    if (rows.length > 0) tables.push(printTable(listing, rows, options, withKind))
  }
  return tables.join(options.headers ? '\n' : '')
}

function printTable(
  listing: Listing,
  rows: readonly Row[],
  options: GetOptions,
  withKind: boolean,
): string {
  const { output, labelColumns, showLabels } = options
  const width = output === 'wide' ? 'wide' : 'narrow'
  const withNamespace = options.allNamespaces && listing.names.namespaced
  const lines = rows.map(({ object, cells }) => {
    const line = [...cells(width, options.now)]
    if (withKind) line[0] = qualifiedName(listing.names, object.name)
    if (withNamespace) line.unshift(object.namespace)
    for (const key of labelColumns) line.push(labelOf(object, key))
    if (showLabels) line.push(printLabels(object.labels))
    return line.map(printCell)
  })
  if (options.headers) {
    const headers = [...listing.headers(width)]
    if (withNamespace) headers.unshift('NAMESPACE')
    for (const key of labelColumns) headers.push((key.split('/').at(-1) ?? '').toUpperCase())
    if (showLabels) headers.push('LABELS')
    lines.unshift(headers)
  }
  return alignColumns(lines, tableStyle)
}

function labelOf({ labels }: KubernetesObject, key: string): string {
  return Object.hasOwn(labels, key) ? (labels[key] ?? '') : ''
}

/** The first line of a text that has several, with nothing in it that could move a cursor. */
function printCell(text: string): string {
  const end = text.search(/[\n\r\f]/)
  const line = end < 0 ? text : `${text.slice(0, end)}...`
  return printable(line.replaceAll('\x1b', '^['))
}

function printObjects(groups: readonly Group[], options: GetOptions): string | Refusal {
  const rows = groups.flatMap(({ listing, tables }) =>
    tables.flat().map((row) => ({ ...row, names: listing.names })),
  )
  const [only] = groups
  const single = groups.length === 1 && only?.named === true && isSingle(only)
  const sorted = single ? rows : sorting(rows, options)
  if ('error' in sorted) return sorted
  if (options.output === 'name') {
    return sorted.map(({ names, object }) => `${qualifiedName(names, object.name)}\n`).join('')
  }
  const [first] = sorted
  if (first === undefined && (single || options.ignoreNotFound)) return ''
  const value =
    single && first !== undefined ? first.fields : listOf(sorted.map(({ fields }) => fields))
  return options.output === 'json' ? printJSON(value) : printYAML(value)
}

/** Whether one object was asked for by its name: that one is shown bare, not as a list. */
function isSingle({ tables, missing }: Group): boolean {
  return tables.length + missing.length === 1
}

/** Several objects as one. */
export function listOf(items: readonly unknown[]): object {
  return { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } }
}

function sorting<T extends Row>(
  rows: readonly T[],
  { sortBy }: GetOptions,
): readonly T[] | Refusal {
  if (sortBy === undefined || sortBy === '' || rows.length === 0) return rows
  const sorted = sortByField(rows, sortBy, ({ fields }) => fields)
  return typeof sorted === 'string' ? { error: `error: ${sorted}` } : sorted
}
