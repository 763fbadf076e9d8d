import { setTimeout as sleep } from 'node:timers/promises'
import type { Source } from '../diagnostic/source.ts'
import { textOf } from '../watch/api-object.ts'
import type { Access } from '../watch/kubeconfig.ts'
import {
  afterFailure,
  afterLine,
  afterPage,
  beginReflection,
  pauseAfter,
  type Reflection,
  type Resource,
  requestOf,
  type Told,
} from '../watch/reflection.ts'
import { type ApiAnswer, openApiServer } from './api-server.ts'
import { type FileWatch, type Looked, notYet } from './file-watch.ts'
import { reasonOf } from './files.ts'

export interface ApiWatchOptions {
  readonly access: Access
  readonly resources: readonly Resource[]
  readonly stirred: () => void
  /** How long a watch may last, and how long nothing may come: seconds and milliseconds. */
  readonly watchSeconds?: number
  readonly deadline?: number
  /** For tests: pauses are so many times as long. */
  readonly haste?: number
}

/**
 * Follows the objects of some kinds. Nothing is told before all kinds are listed: a Service without
 * its EndpointSlices would look as if nobody answered.
 */
export function watchApi(options: ApiWatchOptions): FileWatch {
  const { access, resources, stirred, watchSeconds = 300, haste = 1 } = options
  const deadline = options.deadline ?? 1000 * (watchSeconds + 30)
  const server = openApiServer({ access, deadline })
  const follower = resources.map((): Follower => ({ objects: new Map(), trouble: undefined }))
  const listed = new Set<Resource>()
  const changed = new Map<string, Source>()
  const gone = new Set<string>()
  let isClosed = false

  function tell(resource: Resource, { objects }: Follower, told: Told): void {
    if (told.kind === 'one') put(resource, objects, told.name, told.object)
    else {
      for (const name of objects.keys()) {
        if (!told.objects.has(name)) put(resource, objects, name, undefined)
      }
      for (const [name, object] of told.objects) put(resource, objects, name, object)
      listed.add(resource)
    }
    if (listed.size === resources.length) stirred()
  }

  function put(
    resource: Resource,
    objects: Map<string, string>,
    name: string,
    object: Parameters<typeof textOf>[1] | undefined,
  ): void {
    const key = `${resource.kind.toLowerCase()} ${name}`
    if (object === undefined) {
      objects.delete(name)
      changed.delete(key)
      gone.add(key)
      return
    }
    const text = textOf(resource, object)
    if (objects.get(name) === text) return
    objects.set(name, text)
    gone.delete(key)
    changed.set(key, { name: key, text })
  }

  async function run(resource: Resource, it: Follower): Promise<void> {
    let reflection = beginReflection(resource)
    while (!isClosed) {
      const { answer, next } = await step(reflection, resource, it)
      reflection = next
      const trouble = next.failures === 0 ? undefined : troubleIn(answer)
      if (trouble !== it.trouble) stirred()
      it.trouble = trouble
      const pause = pauseAfter(next.failures, answer.retryAfter, Math.random())
      if (pause > 0) await sleep(pause * haste, undefined, { ref: false })
    }
  }

  async function step(
    before: Reflection,
    resource: Resource,
    it: Follower,
  ): Promise<{ answer: ApiAnswer; next: Reflection }> {
    const { path, isWatch } = requestOf(before, watchSeconds)
    let next = before
    try {
      if (isWatch) {
        const begun = performance.now()
        let lines = 0
        const answer = await server.follow(path, {
          opened: () => {
            next = { ...next, failures: 0 }
            if (it.trouble !== undefined) stirred()
            it.trouble = undefined
          },
          line: (text) => {
            lines += 1
            const after = afterLine(next, text)
            next = after.next
            for (const told of after.told) tell(resource, it, told)
            return next.failures === 0
          },
        })
        // A watch may end at any time and goes on from where it was, unless it ends at once each time.
        const hasFailed = lines === 0 && (answer.status !== 200 || performance.now() - begun < 1000)
        return { answer, next: hasFailed ? afterFailure(next, answer.status) : next }
      }
      const answer = await server.get(path)
      if (answer.status !== 200) return { answer, next: afterFailure(next, answer.status) }
      const after = afterPage(next, JSON.parse(answer.body))
      for (const told of after.told) tell(resource, it, told)
      return { answer, next: after.next }
    } catch (error) {
      const reason = reasonOf(error)
      const answer = { status: undefined, body: '', retryAfter: undefined, reason }
      return { answer, next: afterFailure(next, undefined) }
    }
  }

  for (const [index, resource] of resources.entries()) {
    const it = follower[index]
    if (it !== undefined) void run(resource, it)
  }
  return {
    look: (): Looked => {
      const troubles = new Set(follower.flatMap(({ trouble }) => trouble ?? []))
      const away = [...troubles].map((reason) => ({ path: 'kubernetes', reason }))
      if (listed.size < resources.length) {
        const unheard = away.length > 0 ? away : [{ path: 'kubernetes', reason: notYet }]
        return { changed: [], gone: [], away: unheard, again: undefined, isWhole: false }
      }
      const news = { changed: [...changed.values()], gone: [...gone] }
      changed.clear()
      gone.clear()
      return { ...news, away: away.slice(0, 1), again: undefined, isWhole: true }
    },
    forget: () => {},
    close: () => {
      isClosed = true
      server.close()
    },
  }
}

interface Follower {
  /** The text of each object as it was told. */
  readonly objects: Map<string, string>
  trouble: string | undefined
}

function troubleIn({ status, reason }: ApiAnswer): string {
  return status === undefined ? (reason ?? 'there is no answer') : `it answers ${status}`
}
