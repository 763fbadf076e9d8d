import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ask, type Question } from '../../src/world/ask.ts'

const server = createServer(({ url, headers }, response) => {
  if (url === '/never') return
  const status =
    url === '/host' ? (headers.host === 'web.example' ? 200 : 404) : Number(url?.slice(1))
  response.writeHead(status, status === 302 ? { Location: 'http://192.0.2.1/' } : {})
  response.write('a beginning')
  // The end never comes, and nobody waits for it.
})
let port = 0

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  port = (server.address() as AddressInfo).port
})
afterAll(() => {
  server.close()
  server.closeAllConnections()
})

function asking(parts: Partial<Question>): Promise<boolean> {
  const address = '127.0.0.1'
  const usual = { kind: 'http', path: '/200', host: undefined, headers: {}, timeout: 300 } as const
  return ask({ ...usual, address, port, ...parts })
}

describe('whoever is asked', () => {
  test.each<readonly [string, Partial<Question>, boolean]>([
    ['answers with a connection', { kind: 'tcp' }, true],
    ['answers with 200', { path: '/200' }, true],
    ['answers by leading elsewhere', { path: '/302' }, true],
    ['does not answer with 404', { path: '/404' }, false],
    ['does not answer with 500', { path: '/500' }, false],
    ['does not answer when it takes too long', { path: '/never' }, false],
    ['answers by the name it goes by', { path: '/host', host: 'web.example' }, true],
    ['does not answer in clear what is asked in cipher', { kind: 'https' }, false],
  ])('%s', async (_, parts, answers) => {
    expect(await asking(parts)).toBe(answers)
  })

  test.each(['tcp', 'http', 'https'] as const)(
    'over %s does not answer where nobody is',
    async (kind) => {
      expect(await asking({ kind, port: 1 })).toBe(false)
    },
  )
})
