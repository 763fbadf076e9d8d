import { complaint } from '../diagnostic/complaint.ts'
import { notAnObject } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import { type Disputed, isFields, type ReadDocument } from '../manifest/document.ts'
import { goNameOf, wrongType } from './decode.ts'
import { placeOf, type Written } from './written.ts'

/** An object whose kind is known. */
export interface WrittenObject extends Written {
  readonly kind: string
  readonly apiVersion: string
}

// In kubectl's words, which it puts into one pair of brackets.
export const kindNotSet = complaint(
  'kind-not-set',
  'error',
  'an object must say its apiVersion and its kind',
  (missing: readonly string[]) => ({
    message: missing.map((field) => `${field} not set`).join(', '),
    help: 'every object begins with its apiVersion and its kind, such as "v1" and "Service"',
  }),
)

/** The objects of a document: itself, or the items of a List, and of Lists in that. */
export function* flatten(
  { document, value, items, disputed }: ReadDocument,
  report: Report,
): Generator<WrittenObject, void> {
  if (value === null || value === undefined) return
  yield* objectsIn({ document, path: [], value, items, disputed, kind: '', apiVersion: '' }, report)
}

function* objectsIn(waiting: Waiting, report: Report): Generator<WrittenObject, void> {
  const object = identify(waiting, report)
  if (object === undefined) return
  if (!isList(object)) yield object
  else {
    const { items = listIn(object, report) } = waiting
    for (const item of itemsOf(object, items)) yield* objectsIn(item, report)
  }
}

/** A value that should be an object. An item that says no kind at all has that of its List. */
interface Waiting extends Omit<WrittenObject, 'fields'>, Pick<ReadDocument, 'value' | 'items'> {}

function identify(waiting: Waiting, report: Report): WrittenObject | undefined {
  const { document, path, value, disputed } = waiting
  if (!isFields(value)) {
    report(notAnObject(nameOf(value)).at(placeOf(waiting, [])))
    return undefined
  }
  const own = { kind: textOf(value.kind), apiVersion: textOf(value.apiVersion) }
  const { kind, apiVersion } = own.kind === '' && own.apiVersion === '' ? waiting : own
  const missing = [...(apiVersion === '' ? ['apiVersion'] : []), ...(kind === '' ? ['kind'] : [])]
  if (missing.length > 0) {
    const near = ['kind', 'apiVersion', ...Object.keys(value)].find((key) =>
      Object.hasOwn(value, key),
    )
    report(kindNotSet(missing).at(placeOf(waiting, near === undefined ? [] : [near], 'key')))
    return undefined
  }
  return { document, path, fields: value, disputed, kind, apiVersion }
}

/** kubectl takes whatever has items for a list; only those without any need a name that says so. */
function isList({ kind, fields: { items } }: WrittenObject): boolean {
  return Array.isArray(items) || kind === 'List' || (items !== undefined && kind.endsWith('List'))
}

function* itemsOf(list: WrittenObject, items: Iterable<unknown>): Generator<Waiting, void> {
  const { document, path } = list
  const kind = list.kind.replace(/List$/, '')
  const apiVersion = kind === '' ? '' : list.apiVersion
  const disputed = byItem(list)
  let index = 0
  for (const value of items) {
    yield {
      document,
      // A spread would leave room for more, and there are many.
      path: path.concat('items', index),
      value,
      disputed: disputed.get(index) ?? none,
      kind,
      apiVersion,
    }
    index += 1
  }
}

function listIn(origin: WrittenObject, report: Report): readonly unknown[] {
  const { items } = origin.fields
  if (Array.isArray(items)) return items
  if (items !== null && items !== undefined) {
    const message = `json: cannot unmarshal ${goNameOf(items)} into Go struct field decodeList.items of type []json.RawMessage`
    report(wrongType(message, undefined).at(placeOf(origin, ['items'])))
  }
  return []
}

const none: readonly Disputed[] = []

/** The disputed values of a List, parted by the items that they are in. */
function byItem({ path, disputed }: WrittenObject): Map<unknown, Disputed[]> {
  const found = new Map<unknown, Disputed[]>()
  for (const entry of disputed) {
    if (entry.path[path.length] !== 'items') continue
    const index = entry.path[path.length + 1]
    const among = found.get(index)
    if (among === undefined) found.set(index, [entry])
    else among.push(entry)
  }
  return found
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function nameOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (value === null) return 'null'
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`
}
