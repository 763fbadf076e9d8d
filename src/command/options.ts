import { type Command, InvalidArgumentError, Option } from 'commander'
import { type CIDR, parseCIDR, printCIDR, readCIDR } from '../address/cidr.ts'
import { type IP, parseIP } from '../address/ip.ts'
import { type PortRange, parseRange } from '../address/port.ts'
import { didYouMean } from '../diagnostic/suggest.ts'
import { isAddress, parseFleetAddress } from '../ledger/fleet-address.ts'
import { serviceCIDRFault } from '../pool/cluster-ip-pool.ts'
import type { DrainRules } from '../table/leaving.ts'
import { type NodePortAddresses, parseNodePortAddresses } from '../table/node-addresses.ts'
import type { DryRun } from '../text/kubectl/apply.ts'
import type { Place } from '../world/sockets.ts'
import type { ColourWish } from '../world/world.ts'

// The flags that several verbs share, under kubectl's names where kubectl has them. What a flag is
// set to is read here, so that a verb gets values and never texts.

export interface InputOptions {
  readonly filename: readonly string[]
  readonly recursive: boolean
  readonly namespace: string | undefined
}

export function withInput(command: Command): Command {
  return command
    .optionsGroup('Manifests:')
    .addOption(repeated('-f, --filename <path>', 'a file, a directory, or - for standard input'))
    .option('-R, --recursive', 'read the folders below a directory too', false)
    .option('-n, --namespace <name>', 'the namespace of objects that name none')
}

export interface ChoiceFlags {
  readonly allNamespaces: boolean
  readonly selector: string | undefined
}

/** Which objects are meant, of all that there are. */
export function withChoice(command: Command): Command {
  return command
    .optionsGroup('Objects:')
    .option('-A, --all-namespaces', 'those of every namespace', false)
    .option('-l, --selector <query>', 'those with these labels, such as app=web,tier!=back')
}

export interface NodePortFlags {
  readonly nodePortRange: PortRange
  readonly reserveNodePorts: readonly PortRange[]
}

export interface PoolFlags extends NodePortFlags {
  readonly serviceCidr: readonly CIDR[]
}

export function withPools(command: Command): Command {
  return withNodePorts(command).addOption(
    serviceCIDRFlag().default(serviceCIDRs('10.96.0.0/12'), '10.96.0.0/12'),
  )
}

export function serviceCIDRFlag(): Option {
  return flag(
    '--service-cidr <cidrs>',
    'the addresses that cluster IPs are taken from',
    serviceCIDRs,
  )
}

export function withNodePorts(command: Command): Command {
  return command
    .optionsGroup('Numbers:')
    .addOption(
      flag(
        '--node-port-range <range>',
        'the numbers that node ports are taken from',
        range,
      ).default(parseRange('30000-32767'), '30000-32767'),
    )
    .addOption(
      flag('--reserve-node-ports <list>', 'node ports never handed out unasked', ranges).default(
        [],
        'none',
      ),
    )
}

export interface ViewFlags {
  readonly role: 'node' | 'director'
  readonly node: string | undefined
  readonly nodeIp: readonly IP[]
  readonly nodeportAddresses: NodePortAddresses | undefined
  readonly vip: readonly IP[]
  readonly backend: readonly IP[]
  readonly scheduler: string | undefined
  readonly schedulerFlags: string | undefined
  readonly forwarding: string | undefined
  /** A KubeProxyConfiguration, for what no flag says. */
  readonly config: string | undefined
}

/** For whom the table is, and what holds where no annotation says otherwise. */
export function withView(command: Command): Command {
  return command
    .optionsGroup('Whose table:')
    .addOption(
      flag(
        '--role <role>',
        'whose table: a node, or a director before the nodes',
        oneOf(roles),
      ).default('node', 'node'),
    )
    .option('--node <name>', 'the Node that this is (default: the Node named as this host)')
    .addOption(addresses('--node-ip <ip>', 'an address on which node ports answer'))
    .addOption(
      flag(
        '--nodeport-addresses <cidrs>',
        'node ports answer on addresses in these alone; or primary',
        nodePortAddresses,
      ),
    )
    .addOption(addresses('--vip <ip>', "director: an address that stands in for the Services' own"))
    .addOption(addresses('--backend <ip>', 'director: a node to send to'))
    .option('--scheduler <name>', 'the scheduler where no annotation names one (default: rr)')
    .option('--scheduler-flags <list>', 'its flags, such as sh-port or mh-fallback')
    .option('--forwarding <way>', 'masq, route or tunnel (default: masq)')
    .option('--config <file>', 'a KubeProxyConfiguration to take defaults from')
}

const roles = ['node', 'director'] as const

export interface LedgerFlag {
  readonly ledger: string | undefined
}

export function withLedger(command: Command): Command {
  return command
    .optionsGroup('Ledger:')
    .addOption(flag('--ledger <file>', 'what was granted and what is ours', ledgerFile))
}

/** The address of a server is no file, and none is made of that name. */
function ledgerFile(text: string): string {
  if (isAddress(text)) {
    throw new InvalidArgumentError(`a ledger is a file, and "${text}" is the address of a server.`)
  }
  return text
}

/** How to reach etcd, where a fleet keeps its ledger there. */
export interface EtcdFlags {
  readonly etcdCacert?: string | undefined
  readonly etcdCert?: string | undefined
  readonly etcdKey?: string | undefined
  readonly etcdUser?: string | undefined
  readonly etcdPasswordFile?: string | undefined
}

/** For verbs that know the ledger of a fleet too. */
export function withFleetLedger(command: Command): Command {
  command
    .optionsGroup('Ledger:')
    .addOption(
      flag(
        '--ledger <where>',
        'what was granted: a file, or etcd://HOST:PORT[,HOST:PORT...]/PREFIX',
        fleetLedger,
      ),
    )
  return withEtcd(command)
}

export function withEtcd(command: Command): Command {
  return command
    .optionsGroup('etcd:')
    .option('--etcd-cacert <file>', 'whose certificates are trusted')
    .option('--etcd-cert <file>', 'a certificate of our own')
    .option('--etcd-key <file>', 'its key')
    .option('--etcd-user <name>', 'a user; the password is NODEPORT_ETCD_PASSWORD, or in a file')
    .option('--etcd-password-file <file>', 'a file with the password')
}

/** A file, or the address of a fleet. */
function fleetLedger(text: string): string {
  return isAddress(text) ? fleetAddress(text) : text
}

export function fleetAddress(text: string): string {
  const read = parseFleetAddress(text, false)
  if (typeof read !== 'string') return text
  throw new InvalidArgumentError(`"${text}" is no address of a fleet: ${read}.`)
}

export interface DryRunFlag {
  readonly dryRun: DryRun
}

export function withDryRun(command: Command): Command {
  return command.addOption(
    flag(
      '--dry-run [client|server]',
      'compute everything, and leave kernel and ledger as they are',
      oneOf(dryRuns),
    )
      .preset('client')
      .default('none', 'none'),
  )
}

const dryRuns = ['none', 'client', 'server'] as const

export interface LockFlags {
  /** Milliseconds. */
  readonly lockTimeout: number
}

export function withLock(command: Command): Command {
  return command.addOption(
    flag('--lock-timeout <time>', 'how long to wait for another nodeport', duration).default(
      60_000,
      '60s',
    ),
  )
}

export interface DrainFlags {
  readonly drain: boolean
  /** Milliseconds. */
  readonly drainTimeout: number
}

export function withDrain(command: Command): Command {
  return command
    .addOption(
      flag(
        '--drain-timeout <time>',
        'how long one that leaves keeps its connections',
        duration,
      ).default(900_000, '15m'),
    )
    .option('--no-drain', 'take real servers away at once')
}

export function drainRules({ drain, drainTimeout }: DrainFlags, now: Date): DrainRules {
  return { now, timeoutMs: drain ? drainTimeout : 0 }
}

/** Reads `30s`, `5m`, `1h30m` or `500ms`, as milliseconds. */
export function duration(text: string): number {
  const parts = [...text.matchAll(/([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)/g)]
  const whole = parts.map(([part]) => part).join('')
  if (text === '0') return 0
  if (parts.length === 0 || whole !== text) {
    throw new InvalidArgumentError(`"${text}" is no length of time; write it like 30s or 5m.`)
  }
  return parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * (units.get(unit ?? '') ?? 0),
    0,
  )
}

const units: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
])

export interface HostFlags {
  readonly rulesOnly: boolean
  readonly interface: string | undefined
}

/** The host's part: what a table needs around it. */
export function withHost(command: Command): Command {
  return command
    .optionsGroup('Host:')
    .option('--rules-only', 'virtual servers alone; leave the host itself as it is', false)
    .addOption(
      flag(
        '--interface <name>',
        'the interface for the addresses of Services (default: nodeport0)',
        interfaceName,
      ),
    )
}

/** As the kernel takes it. */
function interfaceName(text: string): string {
  if (/^[^\s/:"]{1,15}$/.test(text) && !/^\.{1,2}$/.test(text)) return text
  throw new InvalidArgumentError(`"${text}" is no name of an interface.`)
}

/** kube-proxy's flags that mean the same here, for whoever changes over with the flags he has. */
export interface KubeProxyFlags {
  readonly proxyMode: 'ipvs' | undefined
  readonly ipvsScheduler: string | undefined
  readonly ipvsExcludeCidrs: readonly CIDR[] | undefined
  readonly clusterCidr: readonly CIDR[] | undefined
}

export function withKubeProxy(command: Command): Command {
  return command
    .optionsGroup('From kube-proxy:')
    .addOption(flag('--proxy-mode <mode>', 'ipvs, and no other', proxyMode))
    .option('--ipvs-scheduler <name>', 'as --scheduler, which comes first')
    .addOption(flag('--ipvs-exclude-cidrs <cidrs>', 'where --adopt takes nothing over', cidrs))
    .addOption(flag('--cluster-cidr <cidrs>', 'addresses of pods, which stay as they are', cidrs))
}

function proxyMode(text: string): 'ipvs' {
  if (text === 'ipvs') return text
  throw new InvalidArgumentError('nodeport does what kube-proxy does in the mode ipvs alone.')
}

/** As kube-proxy takes them: host bits may be set, and an empty text is none. */
function cidrs(text: string): readonly CIDR[] {
  return text.split(',').flatMap((part) => {
    if (part.trim() === '') return []
    const read = readCIDR(part.trim())
    if (read === undefined) throw new InvalidArgumentError(`"${part}" is no CIDR.`)
    return read.cidr
  })
}

/** An API server in the place of files. */
export function withCluster<T>(command: Command, says: string, from: (word: string) => T): Command {
  return command
    .optionsGroup('Kubernetes:')
    .addOption(flag('--from <source>', says, from))
    .option('--kubeconfig <file>', 'how to reach it (default: as kubectl, or as a pod does)')
    .option('--context <name>', 'the context of the kubeconfig (default: its current one)')
}

export interface ColourOption {
  readonly color: ColourWish
}

export function withColour(command: Command): Command {
  return command
    .optionsGroup('Options:')
    .addOption(
      flag('--color <when>', 'colours: always, never, or auto', oneOf(colourWishes)).default(
        'auto',
      ),
    )
}

const colourWishes = ['auto', 'always', 'never'] as const

/** A flag that adds up when it is given again. */
export function repeated(name: string, description: string): Option {
  return new Option(name, description)
    .argParser((value, before: readonly string[]) => [...before, value])
    .default([], '')
}

/** A flag whose value is read by a function; what it throws is a usage error. */
export function flag<T>(name: string, description: string, read: (text: string) => T): Option {
  return new Option(name, description).argParser(read)
}

/** Reads one of several words, with a suggestion where it is none of them. */
export function oneOf<T extends string>(words: readonly T[]): (text: string) => T {
  const read = (text: string): T => {
    const found = words.find((word) => word === text)
    if (found !== undefined) return found
    const hint = didYouMean(text, words)
    const choices = `it is one of ${words.join(', ')}`
    throw new InvalidArgumentError(hint === undefined ? `${choices}.` : `${choices}; ${hint}`)
  }
  choicesByReader.set(read, words)
  return read
}

const choicesByReader = new WeakMap<object, readonly string[]>()

/** The words that a flag may be set to, where only some will do. */
export function choicesOf({ parseArg }: Option): readonly string[] {
  return (parseArg && choicesByReader.get(parseArg)) ?? []
}

function addresses(name: string, description: string): Option {
  return new Option(name, description)
    .argParser((text, before: readonly IP[]) => [...before, ...text.split(',').map(address)])
    .default([], '')
}

function address(text: string): IP {
  const ip = parseIP(text.trim())
  if (ip === undefined) throw new InvalidArgumentError(`"${text}" is no IP address.`)
  return ip
}

function nodePortAddresses(text: string): NodePortAddresses {
  const parts = text.split(',').map((part) => part.trim())
  return parseNodePortAddresses(parts, (sentence) => {
    throw new InvalidArgumentError(`${sentence}.`)
  })
}

export function count(text: string): number {
  if (/^[0-9]{1,6}$/.test(text)) return Number(text)
  throw new InvalidArgumentError(`"${text}" is no number.`)
}

/** Reads `127.0.0.1:10256`, `[::1]:10256` or `:10256`, or `none`. */
export function place(text: string): Place | 'none' {
  if (text === 'none') return text
  const [, host = '', digits] = /^(.*):([0-9]{1,5})$/.exec(text) ?? []
  const port = Number(digits)
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  if (digits === undefined || port > 65_535 || (bare !== '' && parseIP(bare) === undefined)) {
    throw new InvalidArgumentError(`"${text}" is no address with a port, such as 127.0.0.1:10256.`)
  }
  return { host: bare === '' ? undefined : bare, port }
}

export function range(text: string): PortRange {
  const read = parseRange(text)
  if (typeof read === 'string') throw new InvalidArgumentError(`${read}.`)
  return read
}

export function ranges(text: string): readonly PortRange[] {
  return text === '' ? [] : text.split(',').map(range)
}

export function serviceCIDRs(text: string): readonly CIDR[] {
  const cidrs = text.split(',').map((part) => {
    const cidr = parseCIDR(part.trim())
    if (cidr === undefined) throw new InvalidArgumentError(`"${part}" is no CIDR.`)
    const fault = serviceCIDRFault(cidr)
    if (fault !== undefined) throw new InvalidArgumentError(`${printCIDR(cidr)}: ${fault}.`)
    return cidr
  })
  const [first, second, third] = cidrs
  if (third !== undefined) throw new InvalidArgumentError('give one CIDR, or one of each family.')
  if (first !== undefined && second !== undefined) {
    if (first.base.includes(':') === second.base.includes(':')) {
      throw new InvalidArgumentError('two CIDRs must be of two families.')
    }
  }
  return cidrs
}
