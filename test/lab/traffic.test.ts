import { expect, test } from '@jest/globals'
import type { Inside } from './inside.ts'
import { inLab } from './lab.ts'
import { backends, network, virtualAddress } from './network.ts'

const options = { milliseconds: 180_000 }

inLab('under traffic', (lab) => {
  test('no request fails while back ends come and go, and what was begun is ended', async () => {
    const { client, director, servers } = await network(lab)
    // Four changes and more must fit in between, on slow machines too.
    const milliseconds = 20_000
    // A client that starts late has ended all the same when what drains is cut.
    const traffic = { virtualAddress, held: milliseconds - 6000 }
    const serving = servers.inside(serve, milliseconds + 4000, options)
    const changing = director.inside(changeBackends, { backends, milliseconds }, options)
    // On a slow machine the first back end takes longer to be there.
    const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1500))
    do await wait()
    while (!(await director.ipvsadm(['-Sn'])).includes(':8080'))
    const [requests, changes] = await Promise.all([
      client.inside(request, { ...traffic, milliseconds: traffic.held }, options),
      changing,
    ])
    await serving
    expect(changes.failed).toEqual([])
    expect(changes.count).toBeGreaterThan(3)
    expect(requests.failed).toEqual([])
    expect(requests.answered).toBeGreaterThan(100)
    expect(requests.by.length).toBeGreaterThan(2)
    // Begun on the first back end, which has drained ever since.
    expect(requests.held).toEqual({ by: backends[0], echoes: expect.any(Number), broken: false })
    expect(requests.held.echoes).toBeGreaterThan(10)
    expect(changes.draining).toContain(`-a -t ${virtualAddress}:80 -r ${backends[0]}:8080 -m -w 0`)
    expect(changes).toMatchObject({ remembered: true, finished: true })
  }, 270_000)

  test('a list is what ipvsadm prints, in every mode', async () => {
    const { client, director, servers } = await network(lab)
    const serving = servers.inside(serve, 14_000, options)
    await director.ipvsadm(['-R'], { stdin: rules })
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const requesting = client.inside(
      request,
      { virtualAddress, milliseconds: 2000, held: 12_000 },
      options,
    )
    await new Promise((resolve) => setTimeout(resolve, 3500))
    const found = await director.inside(listInEveryMode, modes, options)
    await Promise.all([requesting, serving])
    for (const { mode, ours, theirs } of found) {
      expect(`${mode}\n${ageless(ours)}`).toBe(`${mode}\n${ageless(theirs)}`)
    }
    expect(found.length).toBe(modes.length)
    const [plain = fail, stats = fail] = found
    expect(plain.theirs).toMatch(/-> 10\.2\.0\.1[12]:8080 +Masq +[13] +[1-9]/)
    expect(stats.theirs).toMatch(/-> 10\.2\.0\.11:8080 +[1-9]\d* +[1-9]/)
    expect(found.find(({ mode }) => mode === '-c')?.theirs).toContain('ESTABLISHED')
  }, 180_000)
})

const fail = { theirs: '' }

/** Of hundreds of connections there is always one that has just become a second older. */
function ageless(text: string): string {
  return text.replace(/ \d\d:\d\d /g, ' ..:.. ')
}

const rules = `-A -t ${virtualAddress}:80 -s rr
-a -t ${virtualAddress}:80 -r 10.2.0.11:8080 -m -w 1
-a -t ${virtualAddress}:80 -r 10.2.0.12:8080 -m -w 3 -x 1000 -y 500
-A -t ${virtualAddress}:81 -s wlc -p 100
-a -t ${virtualAddress}:81 -r 10.2.0.13:8080 -m -w 1
-A -u ${virtualAddress}:53 -s sh -b sh-port -o
-a -u ${virtualAddress}:53 -r 10.2.0.11:53 -m
-A -t [fd00:1::1]:80 -s mh
-a -t [fd00:1::1]:80 -r [fd00:2::1]:8080 -m
-A -f 7 -s wlc -p 360 -M 255.255.255.0
-a -f 7 -r 10.2.0.14:0 -g
-a -f 7 -r 10.2.0.13:0 -i --tun-type gue --tun-port 6080 --tun-nocsum
`

/** ipvsadm's words behind -Ln, which are ours too. */
const modes = [
  '',
  '--stats',
  '--stats --exact',
  '--rate',
  '--rate --exact',
  '--thresholds',
  '--persistent-conn',
  '--tun-info',
  '--nosort',
  '--stats --nosort',
  '-c',
  '-c --persistent-conn',
  '--timeout',
  '--daemon',
  `-t ${virtualAddress}:80`,
  `-t ${virtualAddress}:80 --stats`,
  `-u ${virtualAddress}:53 --rate`,
  '-t [fd00:1::1]:80',
  '--fwmark-service 7 --tun-info',
]

/** Each answers with the address that it was reached at, line for line. */
async function serve({ createServer, sleep }: Inside, milliseconds: number): Promise<void> {
  const server = createServer((socket) => {
    socket.setEncoding('utf8').on('error', () => {})
    socket.on('data', () => socket.write(`${socket.localAddress}\n`))
  })
  server.listen(8080, '0.0.0.0')
  await sleep(milliseconds)
  process.exitCode = 0
  server.close()
  setTimeout(() => process.exit(), 500).unref()
}

interface Traffic {
  readonly virtualAddress: string
  readonly milliseconds: number
  /** How long one connection is held besides. */
  readonly held: number
}

/** Asks and asks, each time anew; and once at the beginning, to go on with that to the end. */
async function request({ connect, sleep }: Inside, traffic: Traffic) {
  const { virtualAddress, milliseconds } = traffic
  const end = Date.now() + milliseconds
  const endOfHeld = Date.now() + traffic.held
  const failed: string[] = []
  const by = new Map<string, number>()
  const held = { by: '', echoes: 0, broken: false }
  const long = connect(80, virtualAddress)
  long.setEncoding('utf8').on('data', (text) => {
    held.by = String(text).trim()
    held.echoes += 1
  })
  long.on('error', () => {
    held.broken = true
  })
  const ask = () =>
    new Promise<void>((resolve) => {
      const socket = connect(80, virtualAddress)
      socket.setTimeout(5000, () => socket.destroy(new Error('no answer')))
      socket.setEncoding('utf8').on('error', ({ message }) => void failed.push(message))
      socket.on('connect', () => socket.write('?'))
      socket.on('data', (text) => {
        const who = String(text).trim()
        by.set(who, (by.get(who) ?? 0) + 1)
        socket.end()
      })
      socket.on('close', () => resolve())
    })
  const asking = Array.from({ length: 3 }, async () => {
    while (Date.now() < end) await ask()
  })
  while (Date.now() < endOfHeld) {
    long.write('?')
    await sleep(100)
  }
  await Promise.all(asking)
  if (long.closed) held.broken = true
  else await new Promise<void>((resolve) => long.once('close', () => resolve()).end())
  const answered = [...by.values()].reduce((sum, count) => sum + count, 0)
  return { failed, answered, by: [...by.keys()], held }
}

interface Changing {
  readonly backends: readonly string[]
  readonly milliseconds: number
}

/** Applies one set of back ends after the other: first the first alone, and then never again. */
async function changeBackends(tools: Inside, { backends, milliseconds }: Changing) {
  const { nodeport, ipvsadm, scratch, sleep } = tools
  const end = Date.now() + milliseconds
  const ledger = ['--ledger', `${scratch()}/ledger.json`]
  const [first = '', ...others] = backends
  const failed: string[] = []
  const apply = async (reals: readonly string[], scheduler: string) => {
    const rows = reals.map((real) => `-a -t 10.1.0.1:80 -r ${real}:8080 -m -w 1\n`)
    const stdin = `-A -t 10.1.0.1:80 -s ${scheduler}\n${rows.join('')}`
    const { code, stderr } = await nodeport(['apply', '--rules', '-', ...ledger], { stdin })
    if (code !== 0) failed.push(stderr)
  }
  await apply([first], 'rr')
  await sleep(3500)
  let count = 0
  let draining = ''
  for (; Date.now() < end - 3000; count++) {
    const kept = others.filter((_, index) => index !== count % others.length)
    await apply(kept, count % 2 === 0 ? 'rr' : 'wlc')
    draining = ipvsadm(['-Sn'])
    await sleep(200)
  }
  await sleep(3500)
  // The last connection has ended by now. The kernel remembers it for two minutes more.
  await nodeport(['drain', '--finish', ...ledger])
  const remembered = ipvsadm(['-Sn']).includes(first)
  await nodeport(['drain', '--finish', '--no-drain', ...ledger])
  return { failed, count, draining, remembered, finished: !ipvsadm(['-Sn']).includes(first) }
}

/** Where connections age and counters count, what ipvsadm prints before and after must be the same. */
async function listInEveryMode({ nodeport, ipvsadm }: Inside, modes: readonly string[]) {
  const found = []
  for (const mode of modes) {
    const words = mode.split(' ').filter((word) => word !== '')
    const asked = words.map((word) => (word === '--fwmark-service' ? '-f' : word))
    const judge = () => ipvsadm(['-L', '-n', ...asked])
    for (let attempt = 1; ; attempt++) {
      const theirs = judge()
      const { stdout: ours } = await nodeport(['list', ...words])
      if (judge() !== theirs && attempt < 20 && mode[1] !== 'c') continue
      found.push({ mode, ours, theirs })
      break
    }
  }
  return found
}
