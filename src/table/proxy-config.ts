import { type CIDR, readCIDR } from '../address/cidr.ts'
import { proxyConfigMissing, proxyConfigType, proxyConfigValue } from '../diagnostic/complaints.ts'
import type { Report } from '../diagnostic/diagnostic.ts'
import { type Place, type Source, spanIn } from '../diagnostic/source.ts'
import { type Fields, isFields, type Path } from '../manifest/document.ts'
import { placeIn } from '../manifest/place.ts'
import { readDocuments } from '../manifest/read.ts'
import { type NodePortAddresses, parseNodePortAddresses } from './node-addresses.ts'
import { defaultSettings, type Settings, settingsFrom } from './service-settings.ts'

/** What a KubeProxyConfiguration says about IPVS mode, so that a node can change over. */
export interface ProxyConfig {
  readonly settings: Settings
  readonly nodePortAddresses: NodePortAddresses
  /** Virtual servers with such addresses are somebody else's. */
  readonly excludeCIDRs: readonly CIDR[]
  /** Where the pods are: from there to a cluster IP nothing is masqueraded. */
  readonly clusterCIDRs: readonly CIDR[]
  readonly hostnameOverride: string | undefined
  readonly strictARP: boolean
  readonly masqueradeAll: boolean
  readonly masqueradeBit: number
  /** In seconds; 0 leaves what the kernel has. */
  readonly tcpTimeout: number
  readonly tcpFinTimeout: number
  readonly udpTimeout: number
  /** In seconds. */
  readonly syncPeriod: number
  readonly minSyncPeriod: number
}

/** Reads kube-proxy's own configuration; what is no part of IPVS mode is passed over. */
export function readProxyConfig(source: Source, report: Report): ProxyConfig {
  for (const { document, value } of readDocuments(source, report)) {
    if (!isFields(value) || value.kind !== 'KubeProxyConfiguration') continue
    return configFrom({ fields: value, placeOf: (path) => placeIn(document, path), report })
  }
  const start = spanIn(source, 0, 0)
  report(proxyConfigMissing().at(start))
  return configFrom({ fields: {}, placeOf: () => start, report })
}

/** A configuration while it is read. */
interface Reading {
  readonly fields: Fields
  readonly placeOf: (path: Path) => Place
  readonly report: Report
}

function configFrom(reading: Reading): ProxyConfig {
  const minSyncPeriod = secondsAt(reading, ['ipvs', 'minSyncPeriod'], 0)
  return {
    settings: settingsIn(reading),
    nodePortAddresses: nodePortAddressesIn(reading),
    excludeCIDRs: cidrsAt(reading, ['ipvs', 'excludeCIDRs']),
    clusterCIDRs: clusterCIDRsIn(reading),
    hostnameOverride: valueAt(reading, ['hostnameOverride'], 'string'),
    strictARP: valueAt(reading, ['ipvs', 'strictARP'], 'boolean') ?? false,
    masqueradeAll: valueAt(reading, ['iptables', 'masqueradeAll'], 'boolean') ?? false,
    masqueradeBit: masqueradeBitIn(reading),
    tcpTimeout: secondsAt(reading, ['ipvs', 'tcpTimeout'], 0),
    tcpFinTimeout: secondsAt(reading, ['ipvs', 'tcpFinTimeout'], 0),
    udpTimeout: secondsAt(reading, ['ipvs', 'udpTimeout'], 0),
    syncPeriod: syncPeriodIn(reading, minSyncPeriod),
    minSyncPeriod,
  }
}

/** An empty text is the scheduler `rr`. kube-proxy takes any other, and ends when the kernel does not. */
function settingsIn(reading: Reading): Settings {
  const path = ['ipvs', 'scheduler']
  const scheduler = valueAt(reading, path, 'string') || undefined
  return settingsFrom({ scheduler }, defaultSettings, (_, { reason, help }) => {
    reading.report(proxyConfigValue(`ipvs.scheduler: ${reason}`, help).at(reading.placeOf(path)))
  })
}

function nodePortAddressesIn(reading: Reading): NodePortAddresses {
  const path = ['nodePortAddresses']
  return parseNodePortAddresses(textsAt(reading, path), (sentence) => {
    reading.report(proxyConfigValue(sentence, undefined).at(reading.placeOf(path)))
  })
}

function cidrsAt(reading: Reading, path: Path): readonly CIDR[] {
  return textsAt(reading, path).flatMap((text, index) => {
    const read = readCIDR(text)
    if (read === undefined) refuse(reading, [...path, index], text, 'must be a valid CIDR')
    return read?.cidr ?? []
  })
}

/** One block, or one of each family with a comma between them. */
function clusterCIDRsIn(reading: Reading): readonly CIDR[] {
  const path = ['clusterCIDR']
  const text = valueAt(reading, path, 'string') || undefined
  return (text?.split(',') ?? []).flatMap((part) => {
    const read = readCIDR(part.trim())
    if (read === undefined) refuse(reading, path, part, 'must be a valid CIDR')
    return read?.cidr ?? []
  })
}

function masqueradeBitIn(reading: Reading): number {
  const path = ['iptables', 'masqueradeBit']
  const bit = valueAt(reading, path, 'number') ?? 14
  if (bit < 0 || bit > 31) refuse(reading, path, bit, 'must be within the range [0, 31]')
  return bit
}

function syncPeriodIn(reading: Reading, least: number): number {
  const path = ['ipvs', 'syncPeriod']
  const seconds = secondsAt(reading, path, 30, 'must be greater than 0')
  if (seconds < least) {
    refuse(reading, path, `${seconds}s`, 'must be greater than or equal to ipvs.minSyncPeriod')
  }
  return seconds
}

/** Durations are Go's: `30s`, `1h15m`, `1.5s`, `500ms`. Zero in a file means the default. */
function secondsAt(
  reading: Reading,
  path: Path,
  usual: number,
  bound = 'must be greater than or equal to 0',
): number {
  const text = valueAt(reading, path, 'string') ?? '0s'
  const seconds = parseDuration(text)
  if (seconds === undefined) refuse(reading, path, text, 'must be a duration such as 30s')
  else if (seconds < 0) refuse(reading, path, text, bound)
  return seconds === undefined || seconds <= 0 ? usual : seconds
}

const unitSeconds: Readonly<Record<string, number>> = {
  h: 3600,
  m: 60,
  s: 1,
  ms: 1e-3,
  us: 1e-6,
  µs: 1e-6,
  ns: 1e-9,
}

function parseDuration(text: string): number | undefined {
  const [, sign = '', rest = ''] = /^([-+]?)(.*)$/.exec(text) ?? []
  if (rest === '0') return 0
  if (!/^((\d+\.?\d*|\.\d+)(h|ms|m|s|us|\u00b5s|ns))+$/.test(rest)) return undefined
  let seconds = 0
  for (const [, count, unit = ''] of rest.matchAll(/([\d.]+)([a-z\u00b5]+)/g)) {
    seconds += Number(count) * (unitSeconds[unit] ?? 0)
  }
  return sign === '-' ? -seconds : seconds
}

function textsAt(reading: Reading, path: Path): readonly string[] {
  const value = find(reading.fields, path)
  if (value === undefined || value === null) return []
  const list: readonly unknown[] = Array.isArray(value) ? value : [undefined]
  if (list.every((entry) => typeof entry === 'string')) return list
  reading.report(proxyConfigType(path.join('.'), 'a list of texts').at(reading.placeOf(path)))
  return []
}

interface Scalars {
  readonly string: string
  readonly number: number
  readonly boolean: boolean
}

const scalarNames = { string: 'a text', number: 'a number', boolean: 'true or false' }

function valueAt<K extends keyof Scalars>(
  { fields, placeOf, report }: Reading,
  path: Path,
  type: K,
): Scalars[K] | undefined {
  const value = find(fields, path)
  if (value === undefined || value === null) return undefined
  if (typeof value === type) return value as Scalars[K]
  report(proxyConfigType(path.join('.'), scalarNames[type]).at(placeOf(path)))
  return undefined
}

function find(fields: Fields, path: Path): unknown {
  let value: unknown = fields
  for (const step of path) value = isFields(value) ? value[step] : undefined
  return value
}

/** In the words of kube-proxy's validation, with the names that stand in the file. */
function refuse({ placeOf, report }: Reading, path: Path, value: unknown, detail: string): void {
  const name = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')
  const message = `${name.slice(1)}: Invalid value: ${JSON.stringify(value)}: ${detail}`
  report(proxyConfigValue(message, undefined).at(placeOf(path)))
}
