import { expect, test } from '@jest/globals'
import type { Inside } from './inside.ts'
import { inLab } from './lab.ts'

inLab('an agent whose disk is full', (lab) => {
  test('changes nothing that it could not remember, says so, and makes up for it', async () => {
    const namespace = await lab.namespace()
    const folder = `/run/${namespace.name}`
    const found = await namespace.inside(fillUp, folder, { milliseconds: 110_000 })
    const rules = (...addresses: readonly string[]) => [
      '-A -t 10.96.0.10:80 -s rr',
      ...addresses.map((it) => `-a -t 10.96.0.10:80 -r ${it}:8080 -m -w 1`),
    ]
    expect(
      found.full
        .trim()
        .split('\n')
        .map((line) => line.trim()),
    ).toEqual(rules('10.244.0.1'))
    expect(found.said).toMatch(/ledger\.json" cannot be locked: ENOSPC/)
    expect(
      found.room
        .trim()
        .split('\n')
        .map((line) => line.trim()),
    ).toEqual(rules('10.244.0.2'))
    expect(found.audit).toMatchObject({ code: 0, stderr: '' })
  })
})

async function fillUp(
  { startAgent, put, sleep, manifestText, serviceText, sliceText, ipvsadm, ...more }: Inside,
  folder: string,
) {
  const { fs, commandOutput, nodeport } = more
  fs.mkdirSync(`${folder}/disk`, { recursive: true })
  commandOutput('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', `${folder}/disk`])
  const say = (address: string) => {
    const service = serviceText('web', { clusterIP: '10.96.0.10' })
    put(`${folder}/m/web.yaml`, manifestText(service, sliceText('web', [address])))
  }
  const ledger = ['--ledger', `${folder}/disk/ledger.json`]
  say('10.244.0.1')
  const agent = startAgent(['-f', `${folder}/m`, ...ledger, '--rules-only', '--listen', 'none'])
  await agent.until('ready:')
  // Until it is written for good, so that what begins next is written anew.
  await sleep(2500)
  const file = fs.openSync(`${folder}/disk/filler`, 'w')
  try {
    for (;;) fs.writeSync(file, Buffer.alloc(4096))
  } catch {
    fs.closeSync(file)
  }
  say('10.244.0.2')
  await agent.until('ENOSPC')
  const full = ipvsadm(['-Sn'])
  fs.rmSync(`${folder}/disk/filler`)
  for (let waited = 0; waited < 15_000 && !ipvsadm(['-Sn']).includes('.2:'); waited += 100) {
    await sleep(100)
  }
  const room = ipvsadm(['-Sn'])
  await agent.end('SIGTERM')
  const audit = await nodeport(['audit', ...ledger])
  commandOutput('umount', [`${folder}/disk`])
  return { full, room, said: agent.said(), audit }
}
