import { expect, test } from '@jest/globals'
import { rulesIn } from '../support/canonical.ts'
import type { Inside } from './inside.ts'
import { inLab } from './lab.ts'

const foreign = ['-A -t 192.0.2.1:9 -s lc', '-A -f 7 -s rr']
const drained = '-a -t 10.96.0.100:80 -r 10.244.0.101:8080 -m -w 0'

// As many of 100 deaths as there is time for: `KILL_SECONDS=300 npx jest test/lab/killed` sees all of
// them on a slow machine too.
const seconds = Number(process.env.KILL_SECONDS ?? 20)

inLab('an agent that is killed again and again in the middle of changes', (lab) => {
  const long = 150_000 + 1000 * seconds
  test(
    'loses no drain and leaves no rule that nobody asks for',
    async () => {
      const namespace = await lab.namespace()
      const folder = `/run/${namespace.name}`
      await namespace.ipvsadm(['-R'], { stdin: `${foreign.join('\n')}\n` })
      const input = { folder, kills: 100, seconds, lasting: [...foreign, drained] }
      const found = await namespace.inside(liveAndDie, input, { milliseconds: long - 20_000 })
      process.stderr.write(`killed ${found.kills} times in ${found.lived} s\n`)
      expect(found.kills).toBeGreaterThan(0)
      expect(found.missing).toEqual([])
      // A drain is no wish of the manifests: to them the real server has its usual weight.
      const wanted = found.wanted.replace(drained.replace('-w 0', '-w 1'), drained)
      expect(rulesIn(found.is)).toEqual(rulesIn([...foreign, wanted].join('\n')))
      expect(found.is).toContain(drained)
      expect(rulesIn(found.end)).toEqual(rulesIn([...foreign, found.wanted].join('\n')))
    },
    long,
  )
})

interface Life {
  readonly folder: string
  readonly kills: number
  readonly seconds: number
  /** Rules that are there whatever happens. */
  readonly lasting: readonly string[]
}

async function liveAndDie(
  { startAgent, put, remove, sleep, manifestText, serviceText, sliceText, ...more }: Inside,
  { folder, kills, seconds, lasting }: Life,
) {
  const { ipvsadm, nodeport } = more
  let seed = 4711
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
    return (seed >> 8) % below
  }
  const ledger = ['--ledger', `${folder}/ledger.json`]
  const input = ['-f', `${folder}/m`, ...ledger, '--node-ip', '192.168.10.10']
  const words = [...input, '--resync', '1s', '--rules-only', '--listen', 'none']
  const change = () => {
    const name = `s${random(8)}`
    const addresses = Array.from({ length: random(5) }, () => `10.244.1.${random(20)}`)
    const type = random(2) === 0 ? 'NodePort' : 'ClusterIP'
    const annotations = { 'nodeport.io/scheduler': random(2) === 0 ? 'rr' : 'lc' }
    const service = serviceText(name, { type, annotations })
    if (random(6) === 0) remove(`${folder}/m/${name}.yaml`)
    else {
      const slice = sliceText(name, [...new Set(addresses)])
      put(`${folder}/m/${name}.yaml`, manifestText(service, slice))
    }
  }
  // The one who drains has company, which changes with everything else.
  const keep = () => {
    const service = serviceText('kept', { clusterIP: '10.96.0.100' })
    const addresses = ['10.244.0.101', `10.244.0.${102 + random(5)}`]
    put(`${folder}/m/kept.yaml`, manifestText(service, sliceText('kept', addresses)))
  }
  const rules = () =>
    ipvsadm(['-Sn'])
      .split('\n')
      .map((line) => line.trim())
  const until = async (isSo: () => boolean | Promise<boolean>) => {
    for (let waited = 0; waited < 10_000 && !(await isSo()); waited += 50) await sleep(50)
  }
  const wantedNow = async () => (await nodeport(['list', ...input, '-o', 'rules'])).stdout

  keep()
  let agent = startAgent(words)
  await agent.until('ready:')
  await nodeport(['drain', '10.244.0.101:8080', '--for', '2h', '--lock-timeout', '5s', ...ledger])
  const missing: string[] = []
  const begun = Date.now()
  let dead = 0
  for (; dead < kills && Date.now() - begun < 1000 * seconds; dead++) {
    // Some die before they are ready, and some while they change something.
    const isPatient = random(3) > 0
    if (isPatient) await agent.until('ready:')
    for (let count = random(4); count >= 0; count--) {
      change()
      if (random(4) === 0) keep()
      if (random(2) === 0) await sleep(random(15))
    }
    await sleep(random(isPatient ? 60 : 300))
    await agent.end('SIGKILL')
    const now = rules()
    for (const rule of lasting) if (!now.includes(rule)) missing.push(`kill ${dead}: ${rule}`)
    agent = startAgent(words)
  }
  const lived = Math.round((Date.now() - begun) / 1000)
  await agent.until('ready:')
  // What went just now is believed to be gone after a second, and all is compared every second.
  await sleep(2500)
  const lines = (text: string) => text.split('\n').filter(Boolean).length
  await until(async () => lines(ipvsadm(['-Sn'])) === lines(await wantedNow()) + 2)
  const is = ipvsadm(['-Sn'])
  await nodeport(['undrain', '10.244.0.101:8080', '--lock-timeout', '5s', ...ledger])
  await until(() => !rules().some((rule) => rule.endsWith('-w 0')))
  const [end, wanted] = [ipvsadm(['-Sn']), await wantedNow()]
  await agent.end('SIGTERM')
  return { kills: dead, missing, is, end, wanted, lived }
}
