import { connect } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { type Answerer, type Listener, listen } from '../../src/world/sockets.ts'

let listener: Listener | undefined
afterEach(() => listener?.close())

const port = 20_000 + (process.pid % 10_000)
const place = { host: '127.0.0.1', port }

/** What comes back to one request, and with which status. */
async function asked(answer: Answerer, path: string, method = 'GET'): Promise<[number, string]> {
  listener = await listen(place, answer)
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method })
  return [response.status, await response.text()]
}

describe('somebody who listens', () => {
  test('answers by the path', async () => {
    const answer: Answerer = (path) => ({ status: 200, type: 'text/plain', body: `at ${path}` })
    expect(await asked(answer, '/healthz?verbose')).toEqual([200, 'at /healthz'])
  })

  test('lets nobody write', async () => {
    const answer: Answerer = () => ({ status: 200, type: 'text/plain', body: '' })
    expect((await asked(answer, '/', 'POST'))[0]).toBe(405)
  })

  test('survives trouble with an answer', async () => {
    const answer: Answerer = () => {
      throw new Error('the kernel is away')
    }
    expect(await asked(answer, '/')).toEqual([500, 'the kernel is away\n'])
  })

  test('survives those who talk nonsense or say nothing', async () => {
    const answer: Answerer = () => ({ status: 200, type: 'text/plain', body: 'well' })
    listener = await listen(place, answer)
    const silent = connect(port, '127.0.0.1')
    const nonsense = connect(port, '127.0.0.1')
    nonsense.resume().write('\0\0\0\0\r\n\r\n')
    await new Promise((done) => nonsense.once('close', done))
    const response = await fetch(`http://127.0.0.1:${port}/`)
    expect(await response.text()).toBe('well')
    silent.destroy()
  })

  test('says so where somebody else does already', async () => {
    const answer: Answerer = () => ({ status: 200, type: 'text/plain', body: '' })
    listener = await listen(place, answer)
    await expect(listen(place, answer)).rejects.toThrow(`nobody can listen on 127.0.0.1:${port}`)
  })
})
