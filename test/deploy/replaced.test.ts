import { spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from '@jest/globals'
import { trialPath } from '../../src/command/locked.ts'
import { emptyLedger } from '../../src/ledger/ledger.ts'
import { printTrial } from '../../src/ledger/trial.ts'
import { copyProgram } from '../support/program-copy.ts'

const copy = copyProgram()
afterAll(copy.remove)

/** Whatever an upgrade takes away meanwhile: an apply on trial is taken back by whoever watches it. */
test('who waits needs nothing more of the files of the program', async () => {
  const ledger = join(copy.folder, 'ledger.json')
  const until = new Date(Date.now() + 1500).toISOString()
  const trial = { until, boot: 'another', drainTimeout: 0, before: emptyLedger }
  writeFileSync(trialPath(ledger), printTrial(trial))
  const watch = spawn(
    process.execPath,
    [copy.program, 'confirm', '--ledger', ledger, '--watch', until],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const ended = new Promise((done) => watch.once('close', done))
  await sleep(800)
  for (const file of copy.built()) rmSync(file)
  const [said] = await Promise.all([text(watch.stderr), ended])
  expect(said).not.toContain('this is a bug')
})
