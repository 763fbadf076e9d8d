// How the objects of one kind are followed on an API server: they are listed, page by page, and then
// watched from the version of the list on. Everything that can go wrong on the way has its answer
// here; there is no network and no clock.

/** One kind of objects. */
export interface Resource {
  /** `/api/v1/services` */
  readonly path: string
  readonly kind: 'Service' | 'EndpointSlice' | 'Node'
  readonly apiVersion: string
  readonly labelSelector: string | undefined
}

export interface Reflection {
  readonly resource: Resource
  /** Where to watch from; nothing while a list is being made. */
  readonly version: string | undefined
  /** How the list goes on, and what of it has come. */
  readonly page: string | undefined
  readonly listed: ReadonlyMap<string, ApiObject>
  /** Failures in a row. */
  readonly failures: number
}

export type ApiObject = Readonly<Record<string, unknown>>

/** What is to be told: all there is, or one object; nothing of an object means that it is gone. */
export type Told =
  | { readonly kind: 'all'; readonly objects: ReadonlyMap<string, ApiObject> }
  | { readonly kind: 'one'; readonly name: string; readonly object: ApiObject | undefined }

export function beginReflection(resource: Resource): Reflection {
  return { resource, version: undefined, page: undefined, listed: new Map(), failures: 0 }
}

const pageSize = 500

/** What to ask next. A watch is ended by the server after a time, so that none hangs for ever. */
export function requestOf(
  { resource, version, page }: Reflection,
  watchSeconds: number,
): { readonly path: string; readonly isWatch: boolean } {
  const { path, labelSelector } = resource
  const query = new URLSearchParams()
  if (labelSelector !== undefined) query.set('labelSelector', labelSelector)
  if (version === undefined) {
    query.set('limit', String(pageSize))
    if (page !== undefined) query.set('continue', page)
  } else {
    query.set('watch', 'true')
    query.set('resourceVersion', version)
    query.set('allowWatchBookmarks', 'true')
    query.set('timeoutSeconds', String(watchSeconds))
  }
  return { path: `${path}?${query}`, isWatch: version !== undefined }
}

/** Takes a page of a list. */
export function afterPage(
  reflection: Reflection,
  body: unknown,
): { readonly next: Reflection; readonly told: readonly Told[] } {
  const { metadata, items } = asFields(body)
  const { resourceVersion, continue: more } = asFields(metadata)
  if (!Array.isArray(items) || typeof resourceVersion !== 'string') {
    return { next: afterFailure(reflection, undefined), told: [] }
  }
  const listed = new Map(reflection.listed)
  for (const item of items) {
    const object = asFields(item)
    listed.set(nameOf(object), object)
  }
  if (typeof more === 'string' && more !== '') {
    return { next: { ...reflection, listed, page: more, failures: 0 }, told: [] }
  }
  const next = { ...beginReflection(reflection.resource), version: resourceVersion }
  return { next, told: [{ kind: 'all', objects: listed }] }
}

/** Takes one line of a watch. */
export function afterLine(
  reflection: Reflection,
  line: string,
): { readonly next: Reflection; readonly told: readonly Told[] } {
  const event = parsed(line)
  const object = asFields(event?.object)
  const version = asFields(object.metadata).resourceVersion
  const next = {
    ...reflection,
    version: typeof version === 'string' ? version : reflection.version,
    failures: 0,
  }
  switch (event?.type) {
    case 'ADDED':
    case 'MODIFIED':
      return { next, told: [{ kind: 'one', name: nameOf(object), object }] }
    case 'DELETED':
      return { next, told: [{ kind: 'one', name: nameOf(object), object: undefined }] }
    case 'BOOKMARK':
      return { next, told: [] }
    case 'ERROR':
      return { next: afterFailure(reflection, Number(object.code)), told: [] }
    default:
      // A line that was cut: the connection is at its end, and the next one begins before it.
      return { next: reflection, told: [] }
  }
}

/** What was asked was refused, with a status where there was an answer at all. */
export function afterFailure(reflection: Reflection, status: number | undefined): Reflection {
  const failures = reflection.failures + 1
  // The version is too old, or the list's next page: then everything is listed anew.
  if (status === 410) return { ...beginReflection(reflection.resource), failures }
  return { ...reflection, failures }
}

/** How long to wait before asking again, in milliseconds. `chance` is a number from 0 to 1. */
export function pauseAfter(
  failures: number,
  retryAfter: number | undefined,
  chance: number,
): number {
  if (failures === 0) return 0
  if (retryAfter !== undefined) return 1000 * Math.min(retryAfter, 60) * (1 + chance / 10)
  return Math.min(30_000, 250 * 2 ** Math.min(failures, 10)) * (0.5 + chance / 2)
}

function nameOf({ metadata }: ApiObject): string {
  const { namespace, name } = asFields(metadata)
  return typeof namespace === 'string' ? `${namespace}/${name}` : String(name)
}

function parsed(line: string): ApiObject | undefined {
  try {
    return asFields(JSON.parse(line))
  } catch {
    return undefined
  }
}

function asFields(value: unknown): ApiObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as ApiObject)
    : {}
}
