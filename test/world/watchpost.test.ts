import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { takeUpWatch, type Watchpost } from '../../src/world/watchpost.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nodeport-post-'))
  const script = `#!/bin/sh\nprintf '%s|' "$NOTIFY_SOCKET" "$@" >${folder}/told\n`
  writeFileSync(join(folder, 'systemd-notify'), script)
  chmodSync(join(folder, 'systemd-notify'), 0o755)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function post(env: Readonly<Record<string, string>> = {}): Watchpost {
  return takeUpWatch({
    cwd: folder,
    pid: process.pid,
    env: { PATH: `${folder}:${process.env.PATH}`, ...env },
  })
}

describe('a watchpost', () => {
  test('tells systemd by its own program, and nobody where nobody listens', async () => {
    const told = join(folder, 'told')
    const silent = post()
    silent.notify(['READY=1'])
    await sleep(100)
    expect(existsSync(told)).toBe(false)
    silent.close()
    const it = post({ NOTIFY_SOCKET: '/run/systemd/notify' })
    it.notify(['READY=1', 'STATUS=all; is $(well)'])
    for (let waited = 0; !existsSync(told) && waited < 100; waited++) await sleep(20)
    await sleep(50)
    expect(readFileSync(told, 'utf8')).toBe('/run/systemd/notify|READY=1|STATUS=all; is $(well)|')
    it.close()
  })

  test.each([
    ['is asked for a sign of life', { WATCHDOG_USEC: '60000000' }, 60_000],
    [
      'is asked by its number',
      { WATCHDOG_USEC: '1000000', WATCHDOG_PID: String(process.pid) },
      1000,
    ],
    ['is not meant', { WATCHDOG_USEC: '1000000', WATCHDOG_PID: '1' }, undefined],
    ['is not asked', {}, undefined],
  ])('%s, as the service manager wants it', (_, env, milliseconds) => {
    const it = post(env)
    expect(it.watchdog).toBe(milliseconds)
    it.close()
  })

  test('waits no longer than it is told, and not at all where something stirred', async () => {
    const it = post()
    const begun = it.elapsed()
    await it.wait(30)
    expect(it.elapsed() - begun).toBeGreaterThanOrEqual(28)
    it.stir()
    await it.wait(60_000)
    const waiting = it.wait(60_000)
    it.stir()
    await waiting
    expect(it.elapsed() - begun).toBeLessThan(5000)
    it.close()
  })

  test('says where it cannot write', () => {
    const it = post()
    expect(() => it.jot(join(folder, 'systemd-notify', 'file'), '')).toThrow('cannot be written')
    it.close()
  })
})
