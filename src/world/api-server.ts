import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Access } from '../watch/kubeconfig.ts'
import { eachLine } from './lines.ts'
import { textOf as read } from './material.ts'

/** An API server, asked over HTTP. */
export interface ApiServer {
  /** Asks for all of an answer. */
  readonly get: (path: string) => Promise<ApiAnswer>
  /** Takes an answer line by line, for as long as it goes on; what is left of a line is dropped. */
  readonly follow: (path: string, take: LineTaker) => Promise<ApiAnswer>
  /** Breaks off whatever is asked. */
  readonly close: () => void
}

export interface LineTaker {
  /** The answer begins. */
  readonly opened: () => void
  /** Answers whether it wants more. */
  readonly line: (text: string) => boolean
}

export interface ApiAnswer {
  /** Nothing where there was no answer, or not all of it. */
  readonly status: number | undefined
  readonly body: string
  /** Seconds after which the server wants to be asked again. */
  readonly retryAfter: number | undefined
  /** Why there was none. */
  readonly reason: string | undefined
}

export interface ApiServerOptions {
  readonly access: Access
  /** Without a word for so many milliseconds an answer counts as lost. */
  readonly deadline: number
}

/** Tokens and certificates are read anew for each question: whoever issues them replaces them. */
export function openApiServer({ access, deadline }: ApiServerOptions): ApiServer {
  const open = new Set<{ destroy: () => void }>()

  async function ask(path: string, receive: (response: IncomingMessage) => void) {
    return await new Promise<ApiAnswer>((resolve) => {
      let response: IncomingMessage | undefined
      const settle = (status: number | undefined, body: string, reason?: string) => {
        open.delete(asked)
        const wish = Number(response?.headers['retry-after'] ?? Number.NaN)
        const retryAfter = Number.isNaN(wish) ? undefined : wish
        resolve({ status, body, retryAfter, reason })
        asked.destroy()
      }
      const asked = start(path)
      open.add(asked)
      asked.setTimeout(deadline, () => settle(undefined, '', 'it says nothing any more'))
      asked.on('error', (error) => settle(undefined, '', error.message))
      asked.once('response', (answer) => {
        response = answer
        const { statusCode = 0 } = answer
        if (statusCode === 200) receive(answer)
        else answer.resume()
        answer.on('error', (error) => settle(undefined, '', error.message))
        answer.once('end', () => settle(statusCode, ''))
        answer.once('close', () => {
          settle(answer.complete ? statusCode : undefined, '', 'the answer was cut')
        })
      })
      asked.end()
    })
  }

  function start(path: string) {
    const url = new URL(`${access.server}${path}`)
    const send = url.protocol === 'http:' ? httpRequest : httpsRequest
    const { serverName, insecure, user, password } = access
    const token = read(access.token)?.trim()
    return send(url, {
      headers: {
        Accept: 'application/json',
        'User-Agent': 'nodeport',
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      ...(user === undefined ? {} : { auth: `${user}:${password ?? ''}` }),
      ...{ ca: read(access.authority), cert: read(access.certificate), key: read(access.key) },
      rejectUnauthorized: !insecure,
      ...(serverName === undefined ? {} : { servername: serverName }),
      agent: false,
    })
  }

  return {
    get: async (path) => {
      const chunks: Buffer[] = []
      const answer = await ask(path, (response) => {
        response.on('data', (chunk: Buffer) => void chunks.push(chunk))
      })
      return { ...answer, body: Buffer.concat(chunks).toString('utf8') }
    },
    follow: async (path, take) =>
      await ask(path, (response) => {
        take.opened()
        eachLine(response, take.line)
      }),
    close: () => {
      for (const one of open) one.destroy()
    },
  }
}
