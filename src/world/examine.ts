import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { release } from 'node:os'
import { type IP, ipFromWords, withPort } from '../address/ip.ts'
import type { Protocol } from '../address/port.ts'
import { printable } from '../diagnostic/printable.ts'
import type { Examination, ExaminationWish, Listener } from '../terrain/examination.ts'
import type { Link } from '../terrain/link.ts'
import type { LiveRules } from '../terrain/steps.ts'
import { closedHooks } from './closed-hooks.ts'
import { readRules } from './firewall.ts'
import { readSysctl } from './ground.ts'
import { runProgram } from './programs.ts'
import { openRouteLine, type RouteLine } from './route-line.ts'
import { WorldError } from './world.ts'

/** Reads all that a machine tells of itself; nothing is changed, and root sees more of it. */
export async function examine(wish: ExaminationWish): Promise<Examination> {
  const line = await openRouteLine()
  try {
    const links = await line.links()
    const own = await line.addresses()
    const names = links.map(({ name }) => name)
    const bridges = readSysctl('net.bridge.bridge-nf-call-iptables') === '1'
    const ports = links.filter(({ hairpin }) => bridges && hairpin === false)
    return {
      release: release(),
      hasIPVS: existsSync('/proc/net/ip_vs'),
      isPrivileged: isPrivileged(),
      sysctls: sysctlsOf(wish, names),
      missingSchedulers: wish.schedulers.filter(isMissing),
      links,
      addresses: new Map(own.map(({ address, index }) => [address, index])),
      routes: await line.routesTo(wish.realServers),
      arrival: wish.arrival && (await arrivalOf(wish.arrival, links, line)),
      tracked: trackedNow(),
      reversePathDrops: reversePathDrops(),
      listeners: listeners(),
      closedHooks: closedHooks(),
      withoutHairpin: ports.map(({ name }) => name),
      managers: managersHere(),
      rules: rulesSeen(),
      probes: await probesOf(wish.probes),
    }
  } finally {
    line.close()
  }
}

async function arrivalOf(
  { from, to, by }: NonNullable<ExaminationWish['arrival']>,
  links: readonly Link[],
  line: RouteLine,
): Promise<Examination['arrival']> {
  const link = links.find(({ name }) => name === by)
  if (link === undefined) {
    throw new WorldError(`this machine has no interface "${printable(by)}"`, {
      kind: 'input',
      help: `it has ${links.map(({ name }) => name).join(', ')}`,
    })
  }
  return { by, refused: await line.refusalOf(from, to, link.index) }
}

const netAdmin = 12n

function isPrivileged(): boolean {
  const found = /^CapEff:\s*([0-9a-f]+)$/m.exec(textOf('/proc/self/status'))
  return ((BigInt(`0x${found?.[1] ?? '0'}`) >> netAdmin) & 1n) === 1n
}

function sysctlsOf(
  { sysctls, interfaceSysctls }: ExaminationWish,
  links: readonly string[],
): ReadonlyMap<string, string> {
  const names = interfaceSysctls.flatMap((pattern) =>
    links.map((link) => pattern.replace('*', link)),
  )
  return new Map(
    [...sysctls, ...names].flatMap((name) => {
      const value = readSysctl(name)
      return value === undefined ? [] : [[name, value] as const]
    }),
  )
}

/** Neither there nor to be loaded; what is built into the kernel is known to modprobe too. */
function isMissing(scheduler: string): boolean {
  if (existsSync(`/sys/module/ip_vs_${scheduler}`)) return false
  const { code } = runProgram('modprobe', ['-n', '-q', `ip_vs_${scheduler}`])
  return code !== undefined && code !== 0
}

function trackedNow(): Examination['tracked'] {
  const count = readSysctl('net.netfilter.nf_conntrack_count')
  const most = readSysctl('net.netfilter.nf_conntrack_max')
  if (count === undefined || most === undefined) return undefined
  return { count: Number(count), most: Number(most) }
}

/** From two lines, one of which has the names of what the other counts. */
function reversePathDrops(): number {
  const [names = '', values = ''] = textOf('/proc/net/netstat')
    .split('\n')
    .filter((line) => line.startsWith('TcpExt:'))
  const at = names.split(' ').indexOf('IPReversePathFilter')
  return Number(values.split(' ')[at] ?? 0)
}

const tables: readonly (readonly [file: string, protocol: Protocol, waiting: string])[] = [
  ['tcp', 'TCP', '0A'],
  ['tcp6', 'TCP', '0A'],
  ['udp', 'UDP', '07'],
  ['udp6', 'UDP', '07'],
]

function listeners(): readonly Listener[] {
  const found = tables.flatMap(([file, protocol, waiting]) =>
    textOf(`/proc/net/${file}`)
      .split('\n')
      .slice(1)
      .flatMap((line) => {
        const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
        const [address = '', port = ''] = local.split(':')
        if (state !== waiting) return []
        return [{ protocol, address: addressFrom(address), port: Number.parseInt(port, 16), inode }]
      }),
  )
  const programs = programsBehind(new Set(found.map(({ inode }) => inode)))
  return found.map(({ inode, ...listener }) => ({ ...listener, program: programs.get(inode) }))
}

/** The words of an address, each in the byte order of the machine. */
function addressFrom(hex: string): IP {
  const words = (hex.match(/.{8}/g) ?? []).map((word) => {
    const bytes = (word.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).reverse()
    return bytes.reduce((sum, byte) => sum * 256 + byte, 0)
  })
  return ipFromWords(words)
}

/** The names of programs that have sockets open; those of others are for root to see. */
function programsBehind(inodes: ReadonlySet<string>): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const pid of processes()) {
    for (const file of namesIn(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${file}`))?.[1]
      if (inode === undefined || !inodes.has(inode)) continue
      found.set(inode, textOf(`/proc/${pid}/comm`).trim())
    }
  }
  return found
}

const managers = ['kube-proxy', 'keepalived', 'ldirectord']

/** Those in other network namespaces have other tables. */
export function managersHere(): readonly string[] {
  const here = linkOf('/proc/self/ns/net')
  const found = processes().flatMap((pid) => {
    const name = textOf(`/proc/${pid}/comm`).trim()
    if (!managers.includes(name)) return []
    const there = linkOf(`/proc/${pid}/ns/net`)
    return there === '' || there === here ? [name] : []
  })
  return [...new Set(found)]
}

function processes(): readonly string[] {
  return namesIn('/proc').filter((name) => /^\d+$/.test(name))
}

function rulesSeen(): LiveRules | undefined {
  try {
    return readRules()
  } catch (error) {
    if (error instanceof WorldError) return undefined
    throw error
  }
}

const patience = 2000
const atOnce = 64

/** Asks real servers if they take connections: some at once, and answers them in their order. */
async function probesOf(wishes: ExaminationWish['probes']): Promise<ReadonlyMap<string, string>> {
  const found = new Map(wishes.map(({ address, port }) => [withPort(address, port), '']))
  const waiting = wishes.values()
  const ask = async (): Promise<void> => {
    for (const { address, port } of waiting) {
      found.set(withPort(address, port), await probe(address, port))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, ask))
  return found
}

function probe(host: IP, port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: patience })
    const end = (said: string) => {
      socket.destroy()
      resolve(said)
    }
    socket.once('connect', () => end('answers'))
    socket.once('timeout', () => end(`nothing within ${patience / 1000} s`))
    socket.once('error', (error: NodeJS.ErrnoException) => {
      end(error.code === 'ECONNREFUSED' ? 'refused' : (error.code ?? error.message))
    })
  })
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
