import { setTimeout as sleep } from 'node:timers/promises'
import type { Source } from '../diagnostic/source.ts'
import { textOf } from '../watch/api-object.ts'
import type { Access } from '../watch/kubeconfig.ts'
import {
  type ApiObject,
  afterFailure,
  afterPage,
  beginReflection,
  pauseAfter,
  type Resource,
  requestOf,
} from '../watch/reflection.ts'
import { type ApiServer, openApiServer } from './api-server.ts'
import { reasonOf } from './files.ts'
import { WorldError } from './world.ts'

export interface ListApiOptions {
  readonly access: Access
  readonly resources: readonly Resource[]
}

const deadline = 30_000

/** So many failures in a row are an answer too; between them it waits a little. */
const attempts = 4

/** Asks an API server once for all objects of some kinds, as texts of manifests. */
export async function listApi({ access, resources }: ListApiOptions): Promise<readonly Source[]> {
  const server = openApiServer({ access, deadline })
  try {
    const lists = resources.map(async (resource): Promise<Source[]> => {
      const objects = await listOf(resource, server)
      return [...objects].map(([name, object]) => {
        return { name: `${resource.kind.toLowerCase()} ${name}`, text: textOf(resource, object) }
      })
    })
    return (await Promise.all(lists)).flat()
  } finally {
    server.close()
  }
}

async function listOf(
  resource: Resource,
  server: ApiServer,
): Promise<ReadonlyMap<string, ApiObject>> {
  let reflection = beginReflection(resource)
  for (;;) {
    const { reason, status, retryAfter, body } = await answerTo(reflection, server)
    const { told, next } =
      status === 200
        ? afterPage(reflection, parsed(body))
        : { told: [], next: afterFailure(reflection, status) }
    reflection = next
    for (const one of told) if (one.kind === 'all') return one.objects
    const isRefused = status === 401 || status === 403
    if (reflection.failures === attempts || isRefused) {
      const why = status === undefined ? reason : status === 200 ? 'no list' : `status ${status}`
      throw new WorldError(`the API server does not tell ${resource.path}: ${why}`, {
        help: isRefused
          ? 'give the account the rights of the roles in deploy/kubernetes.yaml'
          : 'see whether `kubectl get services` answers with the same kubeconfig and context',
      })
    }
    await sleep(Math.min(2000, pauseAfter(reflection.failures, retryAfter, Math.random())))
  }
}

async function answerTo(reflection: Parameters<typeof requestOf>[0], server: ApiServer) {
  try {
    return await server.get(requestOf(reflection, 0).path)
  } catch (error) {
    return { status: undefined, body: '', retryAfter: undefined, reason: reasonOf(error) }
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
