import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect } from 'node:net'

/** A question to one address: does anybody answer? */
export interface Question {
  readonly kind: 'tcp' | 'http' | 'https'
  readonly address: string
  readonly port: number
  readonly path: string
  /** In place of the address, where a server goes by its name. */
  readonly host: string | undefined
  readonly headers: Readonly<Record<string, string>>
  /** Milliseconds. */
  readonly timeout: number
}

/**
 * Asks as a kubelet does: a connection is enough for TCP, any status from 200 to 399 for HTTP, and
 * nobody's certificate is looked at. Whoever is slow does not answer.
 */
export async function ask(question: Question): Promise<boolean> {
  return question.kind === 'tcp' ? await connects(question) : await responds(question)
}

async function connects({ address, port, timeout }: Question): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ host: address, port })
    const timer = setTimeout(() => settle(false), timeout)
    const settle = (answers: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answers)
    }
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
  })
}

async function responds(question: Question): Promise<boolean> {
  const { kind, address, port, path, host, headers, timeout } = question
  return await new Promise((resolve) => {
    const send = kind === 'https' ? httpsRequest : httpRequest
    const named = host === undefined ? {} : { Host: host }
    const asked = send({
      ...{ host: address, port, path, agent: false, rejectUnauthorized: false },
      headers: { 'User-Agent': 'nodeport-probe', Connection: 'close', ...named, ...headers },
      ...(host === undefined ? {} : { servername: host }),
    })
    const timer = setTimeout(() => settle(false), timeout)
    const settle = (answers: boolean) => {
      clearTimeout(timer)
      asked.destroy()
      resolve(answers)
    }
    asked.once('response', ({ statusCode = 0 }) => settle(statusCode >= 200 && statusCode < 400))
    asked.on('error', () => settle(false))
    asked.end()
  })
}
