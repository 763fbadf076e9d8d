import { createServer, type Server } from 'node:http'
import { reasonOf } from './files.ts'
import { WorldError } from './world.ts'

export interface Reply {
  readonly status: number
  readonly type: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

export type Answerer = (path: string) => Reply | Promise<Reply>

/** Somebody who answers on an address until it is closed. */
export interface Listener {
  readonly close: () => void
}

export interface Place {
  /** Nothing where every address of the host is meant. */
  readonly host: string | undefined
  readonly port: number
}

/** Answers GET and HEAD over HTTP; whoever is slow or idle is sent away. */
export async function listen({ host, port }: Place, answer: Answerer): Promise<Listener> {
  const server = createServer({ requestTimeout: 10_000, keepAliveTimeout: 5_000 })
  server.maxConnections = 256
  server.on('request', async (request, response) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    const [path = '/'] = (request.url ?? '/').split('?')
    try {
      const reply = isRead ? await answer(path) : notAllowed
      response.writeHead(reply.status, {
        'Content-Type': reply.type,
        'Content-Length': Buffer.byteLength(reply.body),
        ...reply.headers,
      })
      response.end(request.method === 'HEAD' ? undefined : reply.body)
    } catch (error) {
      response.writeHead(500, { 'Content-Type': 'text/plain' }).end(`${reasonOf(error)}\n`)
    }
  })
  await opened(server, { host, port })
  server.unref()
  return {
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

const notAllowed: Reply = { status: 405, type: 'text/plain', body: 'GET and HEAD are answered\n' }

async function opened(server: Server, { host, port }: Place): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      const where = `${host ?? '*'}:${port}`
      reject(new WorldError(`nobody can listen on ${where}: ${reasonOf(cause)}`, { cause }))
    })
    server.listen({ host, port }, () => {
      server.removeAllListeners('error')
      server.on('error', () => {})
      resolve()
    })
  })
}
