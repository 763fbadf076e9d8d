import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Diagnostic, hasErrors } from '../../src/diagnostic/diagnostic.ts'
import type { Source } from '../../src/diagnostic/source.ts'
import type { HostAddress } from '../../src/table/node-addresses.ts'
import { type ProxyConfig, readProxyConfig } from '../../src/table/proxy-config.ts'

// What a real kube-proxy in IPVS mode put into a real kernel, on the node `node-a`: see
// fixtures/kube-proxy/README.md.

const folder = 'fixtures/kube-proxy'

/** Where we differ on purpose: why, and what stands in the place of what was recorded. */
export const differences: Readonly<Record<string, Difference>> = {
  '040-headless-label-on-service': {
    why: 'Kubernetes 1.36 minds the headless label on slices only, 1.30 minded it on Services too',
    instead: () => recorded('001-single-nodeport', ''),
  },
  '062-topology-hints-no-annotation': {
    why: 'Kubernetes 1.36 follows hints without being asked by an annotation, 1.30 did not',
    instead: (rules) => rules.filter((rule) => !rule.includes(' -r 10.244.2.50:80 ')),
  },
  '091-preexisting-foreign': {
    why: 'the rule with a firewall mark is foreign, and none of what we ask for',
    instead: (rules) => without(rules, '-f 7'),
  },
  '092-exclude-cidrs': {
    why: 'the rules that kube-proxy was told to leave alone are none of what we ask for',
    instead: (rules) => without(rules, '-t 172.16.5.5:8080'),
  },
  '113-external-ip-conflict': {
    why: 'two Services ask for one address; kube-proxy leaves it to chance, we to their names',
    instead: (rules) => [
      ...without(rules, '-t 198.51.100.7:80'),
      '-A -t 198.51.100.7:80 -s rr',
      '-a -t 198.51.100.7:80 -r 10.244.1.57:80 -m -w 1',
      '-a -t 198.51.100.7:80 -r 10.244.2.50:80 -m -w 1',
    ],
  },
}

export interface Difference {
  readonly why: string
  readonly instead: (rules: readonly string[]) => readonly string[]
}

/** Objects that an API server would have filled in before kube-proxy saw them. */
export const unfinished = ['101-no-cluster-ip', '102-no-node-port']

/** Each case by its name, and `-2` for its second state. */
export const cases = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => [[name, ''] as const, [name, '-2'] as const])
  .filter(([name, state]) => existsSync(join(folder, name, `Sn${state}.txt`)))
  .sort()

/** What is said of those where two Services are at odds. */
export const conflicts: Readonly<Record<string, string>> = {
  '113-external-ip-conflict': 'virtual-server-conflict',
}

export interface Situation {
  readonly source: Source
  readonly config: ProxyConfig & { readonly diagnostics: readonly Diagnostic[] }
  readonly hosts: readonly HostAddress[]
}

export function situation(name: string, state: string): Situation {
  const gone = state !== '' && existsSync(join(folder, name, 'cleanup'))
  const text = gone ? '' : textOf(name, 'cluster', state, 'yaml')
  const source = { name: 'cluster.yaml', text }
  return { source, config: configOf(name, state), hosts: hostAddresses(name, state) }
}

/** The command line: everything that kube-proxy found out by itself is said on it. */
export function askedFor(name: string, state: string): { words: string[]; stdin: string } {
  const { source, config, hosts } = situation(name, state)
  const isNarrowed = config.nodePortAddresses.length > 0
  const addresses = hosts
    .filter((host) => isNarrowed || host.interface !== 'kube-ipvs0')
    .map(({ address }) => address)
  const words = [
    ...['-f', '-', '--config', pathOf(name, 'config', state, 'yaml')],
    ...['--node', 'node-a', '--node-ip', addresses.join(',')],
    ...['--service-cidr', '10.96.0.0/12,fd00:96::/108'],
  ]
  return { words, stdin: source.text }
}

function configOf(name: string, state: string): Situation['config'] {
  const diagnostics: Diagnostic[] = []
  const source = { name: 'config.yaml', text: textOf(name, 'config', state, 'yaml') }
  const config = readProxyConfig(source, (diagnostic) => diagnostics.push(diagnostic))
  return { ...config, diagnostics }
}

/** kube-proxy ends, and no rule is written. */
export function isRefused({ diagnostics }: Situation['config']): boolean {
  return hasErrors(diagnostics)
}

/** Those that were there before kube-proxy came, and those that it bound itself. */
function hostAddresses(name: string, state: string): HostAddress[] {
  const before = textOf(name, 'host-addr', '', 'txt').matchAll(/^\d+: (\S+) +inet6? ([^/ ]+)/gm)
  const bound = textOf(name, 'kube-ipvs0', state, 'txt').matchAll(/^ +inet6? ([^/ ]+)/gm)
  return [
    ...[...before].map(([, at = '', address = '']) => ({ interface: at, address })),
    ...[...bound].map(([, address = '']) => ({ interface: 'kube-ipvs0', address })),
  ]
}

export function recorded(name: string, state: string): string[] {
  return linesOf(textOf(name, 'Sn', state, 'txt'))
}

function without(rules: readonly string[], server: string): string[] {
  return rules.filter((rule) => !rule.slice(3).startsWith(`${server} `))
}

export function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}

export function textOf(name: string, base: string, state: string, extension: string): string {
  return readFileSync(pathOf(name, base, state, extension), 'utf8')
}

/** The file of a state, or of the first one where nothing changed. */
export function pathOf(name: string, base: string, state: string, extension: string): string {
  const path = join(folder, name, `${base}${state}.${extension}`)
  return existsSync(path) ? path : join(folder, name, `${base}.${extension}`)
}
