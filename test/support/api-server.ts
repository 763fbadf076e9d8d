import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

// An API server in a few lines, which speaks the real protocol of list and watch: versions, pages,
// bookmarks, and all the trouble there can be.

type ApiObject = {
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly resourceVersion?: string
  }
}

interface Event {
  readonly version: number
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly object: ApiObject
}

/** What goes wrong next; each happens once. */
export type Fault = 'refuse' | 'busy' | 'gone' | 'expired' | 'cut' | 'hang up' | 'slow'

interface Kind {
  readonly objects: Map<string, ApiObject>
  events: Event[]
  readonly watchers: Set<Watcher>
}

interface Watcher {
  readonly response: ServerResponse
  isSlow: boolean
}

export class ModelApiServer {
  readonly #server: Server
  readonly #kinds = new Map<string, Kind>()
  readonly faults: Fault[] = []
  /** What was asked, as far as it is worth telling. */
  readonly asked: string[] = []
  #version = 100

  constructor() {
    this.#server = createServer(({ url = '' }, response) => this.#answer(url, response))
  }

  async listen(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  /** Nobody can be reached, and all connections are gone. */
  cutAll(): void {
    for (const { watchers } of this.#kinds.values()) {
      for (const { response } of watchers) response.destroy()
    }
  }

  objects(path: string): readonly ApiObject[] {
    return [...this.#kind(path).objects.values()]
  }

  put(path: string, object: ApiObject): void {
    const kind = this.#kind(path)
    const name = keyOf(object)
    const stored = this.#stamped(object)
    this.#happen(kind, kind.objects.has(name) ? 'MODIFIED' : 'ADDED', stored)
    kind.objects.set(name, stored)
  }

  remove(path: string, name: string): void {
    const kind = this.#kind(path)
    const object = kind.objects.get(name)
    if (object === undefined) return
    kind.objects.delete(name)
    this.#happen(kind, 'DELETED', this.#stamped(object))
  }

  /** Old versions are forgotten: whoever watches from one of them is told so. */
  compact(): void {
    for (const kind of this.#kinds.values()) kind.events = []
  }

  #kind(path: string): Kind {
    const known = this.#kinds.get(path)
    if (known !== undefined) return known
    const kind = { objects: new Map(), events: [], watchers: new Set<Watcher>() }
    this.#kinds.set(path, kind)
    return kind
  }

  #stamped(object: ApiObject): ApiObject {
    this.#version += 1
    const managedFields = [{ manager: 'somebody', fieldsV1: {} }]
    const metadata = { ...object.metadata, resourceVersion: String(this.#version), managedFields }
    return { ...object, metadata }
  }

  #happen(kind: Kind, type: Event['type'], object: ApiObject): void {
    const event = { version: this.#version, type, object }
    kind.events.push(event)
    for (const watcher of kind.watchers) this.#send(watcher, event)
  }

  #send(watcher: Watcher, { type, object }: Event): void {
    const { response } = watcher
    const line = Buffer.from(`${JSON.stringify({ type, object })}\n`)
    const half = Math.floor(line.length / 2)
    if (this.#takes('cut')) {
      response.write(line.subarray(0, half))
      response.destroy()
    } else if (this.#takes('hang up')) response.destroy()
    else if (this.#takes('slow')) {
      for (let at = 0; at < line.length; at += 7) response.write(line.subarray(at, at + 7))
    } else response.write(line)
  }

  #takes(fault: Fault): boolean {
    if (this.faults[0] !== fault) return false
    this.faults.shift()
    return true
  }

  #answer(url: string, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(url, 'http://localhost')
    const kind = this.#kind(pathname)
    const isWatch = searchParams.get('watch') === 'true'
    this.asked.push(`${isWatch ? 'watch' : 'list'} ${pathname.split('/').at(-1)}`)
    if (this.#takes('refuse')) {
      response.writeHead(503).end()
      return
    }
    if (this.#takes('busy')) {
      response.writeHead(429, { 'Retry-After': '1' }).end()
      return
    }
    if (isWatch) this.#watch(kind, Number(searchParams.get('resourceVersion')), response)
    else this.#list(kind, Number(searchParams.get('limit')), searchParams.get('continue'), response)
  }

  #list(kind: Kind, limit: number, from: string | null, response: ServerResponse): void {
    if (from !== null && this.#takes('expired')) {
      response.writeHead(410).end()
      return
    }
    const all = [...kind.objects.values()]
    const start = Number(from ?? 0)
    const end = Math.min(all.length, start + Math.min(limit, 3))
    const more = end < all.length ? { continue: String(end) } : {}
    const metadata = { resourceVersion: String(this.#version), ...more }
    response.writeHead(200, { 'Content-Type': 'application/json' })
    response.end(JSON.stringify({ kind: 'List', metadata, items: all.slice(start, end) }))
  }

  #watch(kind: Kind, version: number, response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'application/json' })
    const oldest = kind.events[0]?.version ?? this.#version + 1
    if (
      this.#takes('gone') ||
      (version < oldest - 1 && version < this.#version && kind.events.length === 0)
    ) {
      response.end(`${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410 } })}\n`)
      return
    }
    const watcher = { response, isSlow: false }
    kind.watchers.add(watcher)
    response.on('close', () => kind.watchers.delete(watcher))
    const bookmark = { metadata: { resourceVersion: String(version) } }
    response.write(`${JSON.stringify({ type: 'BOOKMARK', object: bookmark })}\n`)
    for (const event of kind.events) if (event.version > version) this.#send(watcher, event)
  }
}

function keyOf({ metadata: { namespace, name } }: ApiObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`
}
