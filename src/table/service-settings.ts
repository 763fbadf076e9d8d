import type { Unusable } from '../diagnostic/complaints.ts'
import { didYouMean } from '../diagnostic/suggest.ts'
import { annotationPrefix, annotations } from '../object/annotation.ts'
import type { Strings } from '../object/metadata.ts'
import { defaultFlags, schedulerFlags, schedulers } from './scheduler.ts'
import { Forwarding } from './virtual-server.ts'

/** What IPVS can be told and Kubernetes has no field for. */
export interface Settings {
  readonly scheduler: string
  /** See `Flag`. */
  readonly schedulerFlags: number
  readonly forwarding: ForwardingName
  readonly upperThreshold: number
  readonly lowerThreshold: number
}

export const forwardingNames = ['masq', 'route', 'tunnel'] as const
export type ForwardingName = (typeof forwardingNames)[number]

/** What kube-proxy does where it is told nothing. */
export const defaultSettings: Settings = {
  scheduler: 'rr',
  schedulerFlags: 0,
  forwarding: 'masq',
  upperThreshold: 0,
  lowerThreshold: 0,
}

/** Settings in words, whether in annotations or in flags of the command line. */
export interface Wording {
  readonly scheduler?: string | undefined
  readonly schedulerFlags?: string | undefined
  readonly forwarding?: string | undefined
  readonly thresholds?: string | undefined
}

export type WordingKey = keyof Wording

/**
 * What words say over settings that hold otherwise. What cannot be used is told to `refuse` and
 * leaves its setting as it was.
 */
export function settingsFrom(
  wording: Wording,
  defaults: Settings,
  refuse: (key: WordingKey, unusable: Unusable) => void = () => {},
): Settings {
  const read = <K extends WordingKey, T>(key: K, parse: (text: string) => T | Unusable) => {
    const text = wording[key]
    if (text === undefined) return undefined
    const value = parse(text)
    if (!isUnusable(value)) return value
    refuse(key, value)
    return undefined
  }
  const scheduler = read('scheduler', parseScheduler)?.name ?? defaults.scheduler
  const usual = scheduler === defaults.scheduler ? defaults.schedulerFlags : defaultFlags(scheduler)
  return {
    scheduler,
    schedulerFlags:
      read('schedulerFlags', (text) => parseSchedulerFlags(text, scheduler))?.flags ?? usual,
    forwarding: read('forwarding', parseForwarding)?.name ?? defaults.forwarding,
    ...(read('thresholds', parseThresholds) ?? {
      upperThreshold: defaults.upperThreshold,
      lowerThreshold: defaults.lowerThreshold,
    }),
  }
}

/** What the annotations of a Service say over the settings that hold for all. */
export function settingsOf(texts: Strings, defaults: Settings): Settings {
  return isSilent(texts) ? defaults : settingsFrom(wordingOf(texts), defaults)
}

/** Kubernetes' own annotations and everybody else's are no concern of ours. */
export function isSilent(texts: Strings): boolean {
  for (const name in texts) if (name.startsWith(annotationPrefix)) return false
  return true
}

export function wordingOf(texts: Strings): Wording {
  return {
    scheduler: texts[annotations.scheduler.name],
    schedulerFlags: texts[annotations.schedulerFlags.name],
    forwarding: texts[annotations.forwarding.name],
    thresholds: texts[annotations.thresholds.name],
  }
}

/** The forwarding as the kernel numbers it. */
export function forwardingOf({ forwarding }: Settings): number {
  return Forwarding[forwarding]
}

function parseScheduler(text: string): { readonly name: string } | Unusable {
  if (schedulers.includes(text)) return { name: text }
  return unusable(`"${text}" is no scheduler of IPVS`, text, schedulers)
}

/** Commas part the flags, as after ipvsadm's `-b`; nothing at all takes the usual ones away. */
function parseSchedulerFlags(
  text: string,
  scheduler: string,
): { readonly flags: number } | Unusable {
  let flags = 0
  for (const name of text.split(',').map((part) => part.trim())) {
    if (name === '' && text.trim() === '') break
    const flag = schedulerFlags.find((known) => known.name === name)
    if (flag === undefined) {
      const known = schedulerFlags.filter(({ scheduler: own = scheduler }) => own === scheduler)
      const names = known.map(({ name }) => name)
      return unusable(`"${name}" is no flag of a scheduler`, name, names)
    }
    if (flag.scheduler !== undefined && flag.scheduler !== scheduler) {
      const reason = `"${name}" is for the scheduler ${flag.scheduler}, and this one is ${scheduler}`
      const help = `set ${annotations.scheduler.name}: ${flag.scheduler}, or leave the flag out`
      return { reason, help }
    }
    flags |= flag.bit
  }
  return { flags }
}

function parseForwarding(text: string): { readonly name: ForwardingName } | Unusable {
  const name = forwardingNames.find((known) => known === text)
  return name === undefined
    ? unusable(`"${text}" is no way of forwarding`, text, forwardingNames)
    : { name }
}

const mostConnections = 2 ** 31 - 1

function parseThresholds(
  text: string,
): Pick<Settings, 'upperThreshold' | 'lowerThreshold'> | Unusable {
  const match = /^\s*(\d{1,10})\s*(?:,\s*(\d{1,10})\s*)?$/.exec(text)
  const upperThreshold = Number(match?.[1])
  const lowerThreshold = Number(match?.[2] ?? 0)
  const help = 'write UPPER or UPPER,LOWER, such as 1000 or 1000,800'
  if (match === null) return { reason: `"${text}" is no number of connections`, help }
  if (Math.max(upperThreshold, lowerThreshold) > mostConnections) {
    return { reason: `"${text}" is more than ${mostConnections}`, help }
  }
  if (lowerThreshold > upperThreshold) {
    const reason = `the lower threshold ${lowerThreshold} is above the upper one ${upperThreshold}`
    return { reason, help }
  }
  return { upperThreshold, lowerThreshold }
}

function unusable(reason: string, text: string, known: readonly string[]): Unusable {
  return { reason, help: didYouMean(text, known) ?? `there are ${known.join(', ')}` }
}

function isUnusable(value: unknown): value is Unusable {
  return typeof value === 'object' && value !== null && 'reason' in value
}
