import type { IncomingMessage } from 'node:http'
import { type ClientRequest, Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Condition, Operation, Transaction } from '../ledger/transaction.ts'
import type { Material } from '../watch/kubeconfig.ts'
import { pauseAfter } from '../watch/reflection.ts'
import { reasonOf } from './files.ts'
import { eachLine } from './lines.ts'
import { textOf } from './material.ts'
import { WorldError } from './world.ts'

// etcd speaks gRPC, and the same in JSON over HTTP: numbers of 64 bits are texts there, and keys and
// values are base64.

export interface EtcdAccess {
  /** `https://10.0.0.1:2379`: members of one cluster, of which any will do. */
  readonly endpoints: readonly string[]
  readonly authority: Material | undefined
  readonly certificate: Material | undefined
  readonly key: Material | undefined
  readonly user: string | undefined
  readonly password: string | undefined
  /** For how many milliseconds what fails is tried again, at any member. */
  readonly patience: number
}

export interface StoredKey {
  readonly key: string
  readonly value: string
  readonly modified: number
}

export interface Span {
  readonly from: string
  /** The first key behind it; nothing where one key alone is meant. */
  readonly to?: string | undefined
}

export interface RangeWish extends Span {
  /** As it was then; nothing where as it is now is meant. */
  readonly revision?: number | undefined
}

export interface Range {
  readonly keys: readonly StoredKey[]
  /** Of the store, when it was asked. */
  readonly revision: number
}

/** A key that was written, or is gone. */
export interface KeyEvent {
  readonly key: string
  readonly value: string | undefined
  readonly modified: number
}

export interface EventTaker {
  /** The watch begins, where the store is at this revision. */
  readonly opened: (revision: number) => void
  /** What happened up to a revision, which is never cut in two. Answers whether it wants more. */
  readonly events: (revision: number, events: readonly KeyEvent[]) => boolean
}

/** How a watch ended: the next one goes on from where it was, unless that is forgotten. */
export interface WatchEnd {
  readonly kind: 'ended' | 'compacted'
  readonly reason: string
}

export interface Etcd {
  readonly range: (wish: RangeWish) => Promise<Range>
  /** Answers whether the conditions were met, and the revision that it made. */
  readonly commit: (
    transaction: Transaction,
  ) => Promise<{ readonly done: boolean; readonly revision: number }>
  readonly watch: (span: Span, from: number, take: EventTaker) => Promise<WatchEnd>
  /** Answers the name of a lease that lasts so many seconds. */
  readonly grantLease: (seconds: number) => Promise<string>
  /** Answers whether there is that lease still. */
  readonly keepAlive: (lease: string) => Promise<boolean>
  /** Waits as long as becomes somebody who failed so often; nobody waits as long as his neighbour. */
  readonly pause: (failures: number) => Promise<void>
  readonly close: () => void
}

/** What etcd says of a failure, by the codes of gRPC. */
export class EtcdError extends WorldError {
  readonly code: number | undefined

  constructor(message: string, code: number | undefined, help?: string) {
    super(message, { help })
    this.code = code
  }
}

/** A revision that was asked for is forgotten. */
export const outOfRange = 11
const unauthenticated = 16

const pageSize = 1000
/** A member that says nothing for so long does not answer. */
const deadline = 5000
/** A watch is begun anew so often: by that it is known that its member is there. */
const watchFor = 60_000

export function openEtcd(access: EtcdAccess): Etcd {
  const { endpoints, user, password, patience } = access
  const isSecure = endpoints.some((one) => one.startsWith('https:'))
  // Certificates may be replaced while a program stays: each connection reads them anew.
  const agent = isSecure
    ? new HttpsAgent({ keepAlive: true, maxCachedSessions: 0 })
    : new HttpAgent({ keepAlive: true })
  const open = new Set<ClientRequest>()
  const closing = new AbortController()
  // Many who come at once begin with different members.
  let at = Math.floor(Math.random() * endpoints.length)
  let token: string | undefined

  function start(path: string, body: object, isLong: boolean): ClientRequest {
    const url = new URL(`${endpoints[at % endpoints.length] ?? ''}${path}`)
    const text = JSON.stringify(body)
    const secure = isSecure
      ? {
          ca: textOf(access.authority),
          cert: textOf(access.certificate),
          key: textOf(access.key),
        }
      : {}
    const asked = (isSecure ? httpsRequest : httpRequest)(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(text),
        'User-Agent': 'nodeport',
        ...(token === undefined ? {} : { Authorization: token }),
        // A member that has lost the others knows of nothing new.
        ...(isLong ? { 'Grpc-Metadata-hasleader': 'true' } : {}),
      },
      ...secure,
      agent: isLong ? false : agent,
    })
    open.add(asked)
    asked.once('close', () => open.delete(asked))
    asked.end(text)
    return asked
  }

  /** Asks one member once. */
  async function askOnce(path: string, body: object): Promise<Answer> {
    return await new Promise((resolve) => {
      let asked: ClientRequest
      const timer = setTimeout(() => settle({ status: 0, text: 'it does not answer' }), deadline)
      const settle = (answer: Answer) => {
        clearTimeout(timer)
        resolve(answer)
        if (answer.status === 0) asked?.destroy()
      }
      try {
        asked = start(path, body, false)
      } catch (error) {
        settle({ status: 0, text: reasonOf(error) })
        return
      }
      asked.on('error', (error) => settle({ status: 0, text: reasonOf(error) }))
      asked.once('response', (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => void chunks.push(chunk))
        response.on('error', (error) => settle({ status: 0, text: reasonOf(error) }))
        response.once('end', () => {
          settle({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') })
        })
        response.once('close', () => settle({ status: 0, text: 'the answer was cut' }))
      })
    })
  }

  /**
   * Asks until somebody answers. What is asked may be done twice where an answer is lost: whoever
   * asks says by conditions what must still be so.
   */
  async function ask(path: string, body: object, isLogin = false): Promise<Fields> {
    const until = performance.now() + patience
    let renewed = false
    for (let failures = 1; ; failures++) {
      if (user !== undefined && token === undefined && !isLogin) await logIn()
      const answer = await askOnce(path, body)
      if (answer.status === 200) return fieldsIn(answer.text)
      const error = errorIn(answer)
      if (error.code === unauthenticated && user !== undefined && !isLogin && !renewed) {
        // Tokens end after a time, and with the member that gave them.
        token = undefined
        renewed = true
        continue
      }
      if (!isPassing(answer, error) || closing.signal.aborted) throw error
      at += 1
      // The first time around, each member is asked at once.
      const pause = pauseAfter(Math.floor(failures / endpoints.length), undefined, Math.random())
      if (performance.now() + pause > until) throw error
      await sleep(Math.min(pause, 2000), undefined, { signal: closing.signal }).catch(() => {})
    }
  }

  async function logIn(): Promise<void> {
    const answer = await ask(
      '/v3/auth/authenticate',
      { name: user, password: password ?? '' },
      true,
    )
    token = String(answer.token)
  }

  async function range({ from, to, revision }: RangeWish): Promise<Range> {
    const keys: StoredKey[] = []
    let next = from
    let pinned = revision
    let latest: number | undefined
    for (;;) {
      const answer = await ask('/v3/kv/range', {
        key: base64(next),
        ...(to === undefined ? {} : { range_end: base64(to) }),
        ...(pinned === undefined ? {} : { revision: String(pinned) }),
        limit: String(pageSize),
      })
      latest ??= revisionIn(answer)
      // All pages are of one moment.
      pinned ??= latest
      const page = listIn(answer.kvs).map(storedKey)
      keys.push(...page)
      const last = page.at(-1)
      if (answer.more !== true || last === undefined) return { keys, revision: latest }
      next = `${last.key}\0`
    }
  }

  async function watch(span: Span, from: number, take: EventTaker): Promise<WatchEnd> {
    if (user !== undefined && token === undefined) await logIn()
    const end = await new Promise<WatchEnd>((resolve) => {
      let end: WatchEnd = { kind: 'ended', reason: '' }
      const settle = (reason: string, kind: WatchEnd['kind'] = 'ended') => {
        if (end.reason === '') end = { kind, reason }
        clearTimeout(timer)
        asked?.destroy()
        resolve(end)
      }
      let timer = setTimeout(() => settle('it does not answer'), deadline)
      let asked: ClientRequest | undefined
      try {
        asked = start('/v3/watch', { create_request: createRequest(span, from) }, true)
      } catch (error) {
        settle(reasonOf(error))
        return
      }
      asked.on('error', (error) => settle(reasonOf(error)))
      asked.once('socket', (socket) => void socket.setKeepAlive(true, 10_000))
      asked.once('response', (response: IncomingMessage) => {
        response.on('error', (error) => settle(reasonOf(error)))
        response.once('close', () => settle('the watch was cut'))
        if (response.statusCode !== 200) {
          response.resume()
          if (response.statusCode === 401) token = undefined
          settle(`it answers ${response.statusCode}`)
          return
        }
        let hasOpened = false
        eachLine(response, (line) => {
          const { result, error } = fieldsIn(line)
          const said = mapIn(result)
          if (error !== undefined || said.canceled === true) {
            const compacted = Number(said.compact_revision ?? 0) > 0
            const reason = said.cancel_reason ?? mapIn(error).message ?? 'the watch was ended'
            if (/token|permission/.test(String(reason))) token = undefined
            settle(String(reason), compacted ? 'compacted' : 'ended')
            return false
          }
          const revision = revisionIn(said)
          if (!hasOpened) {
            hasOpened = true
            clearTimeout(timer)
            timer = setTimeout(() => settle(renewal), watchFor * (0.75 + Math.random() / 2))
            timer.unref()
            take.opened(revision)
          }
          const events = listIn(said.events).map(keyEvent)
          // Of much that happened a part may come first: the store is further on by then.
          const reached = events.reduce((most, { modified }) => Math.max(most, modified), 0)
          if (events.length > 0 && !take.events(reached, events)) {
            settle(renewal)
            return false
          }
          return true
        })
      })
    })
    if (end.reason !== renewal) at += 1
    return end
  }

  return {
    range,
    commit: async ({ conditions, operations }) => {
      const answer = await ask('/v3/kv/txn', {
        compare: conditions.map(compareOf),
        success: operations.map(operationOf),
      })
      return { done: answer.succeeded === true, revision: revisionIn(answer) }
    },
    watch,
    grantLease: async (seconds) => {
      const { ID } = await ask('/v3/lease/grant', { TTL: String(seconds) })
      return String(ID)
    },
    keepAlive: async (lease) => {
      const { result } = await ask('/v3/lease/keepalive', { ID: lease })
      return Number(mapIn(result).TTL ?? 0) > 0
    },
    pause: async (failures) => {
      const longest = Math.min(1000, 20 * 2 ** Math.min(failures, 10))
      await sleep(longest * Math.random(), undefined, { signal: closing.signal }).catch(() => {})
    },
    close: () => {
      closing.abort()
      for (const one of open) one.destroy()
      agent.destroy()
    },
  }
}

/** A watch that ended for no other reason than its age. */
const renewal = 'it is time to watch anew'

export function isRenewal({ reason }: WatchEnd): boolean {
  return reason === renewal
}

interface Answer {
  /** 0 where there was no answer. */
  readonly status: number
  readonly text: string
}

type Fields = Readonly<Record<string, unknown>>

/** Whether another member, or the same one later, may answer otherwise. */
function isPassing({ status }: Answer, { code, message }: EtcdError): boolean {
  if (status === 0) return !/certificate|self.signed|TLS|SSL|ECONFIG/i.test(message)
  return status === 503 || status === 504 || code === 14 || code === 4 || code === 8
}

function errorIn({ status, text }: Answer): EtcdError {
  if (status === 0) {
    return new EtcdError(`etcd cannot be reached: ${text}`, undefined, 'look at its members')
  }
  const { code, error, message } = fieldsIn(text)
  const said = String(message ?? error ?? `it answers ${status}`).replace(/^etcdserver: /, '')
  const number = typeof code === 'number' ? code : undefined
  return new EtcdError(`etcd refuses: ${said}`, number)
}

function createRequest({ from, to }: Span, revision: number): object {
  return {
    key: base64(from),
    ...(to === undefined ? {} : { range_end: base64(to) }),
    start_revision: String(revision),
  }
}

function compareOf(condition: Condition): object {
  const key = base64(condition.key)
  switch (condition.is) {
    case 'absent':
      return { key, target: 'CREATE', result: 'EQUAL', create_revision: '0' }
    case 'modified':
      return { key, target: 'MOD', result: 'EQUAL', mod_revision: String(condition.at) }
    case 'value':
      return { key, target: 'VALUE', result: 'EQUAL', value: base64(condition.value) }
  }
}

function operationOf(operation: Operation): object {
  if ('remove' in operation) return { request_delete_range: { key: base64(operation.remove) } }
  const { put, value, lease } = operation
  const bound = lease === undefined ? {} : { lease }
  return { request_put: { key: base64(put), value: base64(value), ...bound } }
}

function storedKey(value: unknown): StoredKey {
  const { key, value: text, mod_revision } = mapIn(value)
  return {
    key: unbase64(key),
    value: unbase64(text),
    modified: Number(mod_revision),
  }
}

function keyEvent(value: unknown): KeyEvent {
  const { type, kv } = mapIn(value)
  const { key, value: text, mod_revision } = mapIn(kv)
  return {
    key: unbase64(key),
    value: type === 'DELETE' ? undefined : unbase64(text),
    modified: Number(mod_revision),
  }
}

function revisionIn({ header }: Fields): number {
  return Number(mapIn(header).revision ?? 0)
}

function fieldsIn(text: string): Fields {
  try {
    return mapIn(JSON.parse(text))
  } catch {
    return {}
  }
}

function mapIn(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64')
}

function unbase64(value: unknown): string {
  return Buffer.from(String(value ?? ''), 'base64').toString('utf8')
}
