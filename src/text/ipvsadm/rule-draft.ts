import { type Family, familyOf, type IP, parseIP, wordsOf } from '../../address/ip.ts'
import { hostName } from '../../diagnostic/complaints.ts'
import { didYouMean } from '../../diagnostic/suggest.ts'
import { schedulerFlags } from '../../table/scheduler.ts'
import { Flag, Forwarding, fullNetmask } from '../../table/virtual-server.ts'
import { inetPton6 } from './inet.ts'
import { type Refusal, wrong } from './rule.ts'
import type { Given, OptionName } from './rule-options.ts'
import type { Topic } from './rule-topics.ts'
import {
  type End,
  type Lookup,
  looseNumber,
  type Misfit,
  parseEnd,
  parseHost,
  wholeNumber,
} from './rule-values.ts'
import type { Word } from './rule-words.ts'

/** What the options of a line have said so far. It begins with what is taken for granted. */
export interface Draft {
  readonly lookup: Lookup
  readonly places: Map<Topic, Word>
  /** Unknown until an address is given. */
  family: Family | undefined
  protocol: number
  address: IP
  port: number
  fwmark: number
  scheduler: string
  flags: number
  timeout: number
  netmask: number
  engine: string
  realAddress: IP
  realPort: number
  forwarding: number
  weight: number
  upperThreshold: number
  lowerThreshold: number
  tunnelType: number
  tunnelPort: number
  tunnelFlags: number
}

export function newDraft(lookup: Lookup): Draft {
  return {
    lookup,
    places: new Map(),
    family: undefined,
    protocol: 0,
    address: anyAddress.IPv4,
    port: 0,
    fwmark: 0,
    scheduler: '',
    flags: 0,
    timeout: 0,
    netmask: fullNetmask.IPv4,
    engine: '',
    realAddress: anyAddress.IPv4,
    realPort: 0,
    forwarding: Forwarding.route,
    weight: 1,
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnelType: 0,
    tunnelPort: 0,
    tunnelFlags: 0,
  }
}

export const anyAddress = { IPv4: '0.0.0.0' as IP, IPv6: '::' as IP } satisfies Record<Family, IP>

/** Takes one option into the draft. */
export function take(draft: Draft, given: Given): Refusal | undefined {
  const { option, value, word, last } = given
  const { long, topic } = option
  if (topic === 'command') {
    return wrong(`invalid option \`${last.text}'`, last, {
      label: 'a command must come first, and alone',
    })
  }
  if (topic !== undefined) {
    const earlier = draft.places.get(topic)
    if (earlier !== undefined) {
      const related = { at: earlier, label: 'first given here' }
      const sentence = `multiple '${topic}' options specified`
      return wrong(sentence, value ?? word, { label: 'given again here', related })
    }
    draft.places.set(topic, value ?? word)
  }
  return value === undefined ? takeWord(draft, long, word) : takeValue(draft, long, value)
}

function takeWord(draft: Draft, option: OptionName, word: Word): Refusal | undefined {
  switch (option) {
    case 'persistent':
      draft.flags |= Flag.persistent
      draft.timeout = 360
      return undefined
    case 'masquerading':
      draft.forwarding = Forwarding.masq
      return undefined
    case 'ipip':
      draft.forwarding = Forwarding.tunnel
      return undefined
    case 'gatewaying':
      draft.forwarding = Forwarding.route
      return undefined
    case 'ops':
      draft.flags |= Flag.onePacket
      return undefined
    case 'ipv6':
      if (draft.fwmark === 0) {
        return {
          ...wrong('-6 used before -f', word, { label: 'no mark before it' }),
          printed: '-6 used before -f\n\n',
        }
      }
      draft.family = 'IPv6'
      draft.netmask = fullNetmask.IPv6
      return undefined
    case 'tun-csum':
      draft.tunnelFlags |= 1
      return undefined
    case 'tun-remcsum':
      draft.tunnelFlags |= 2
      return undefined
    default:
      return undefined
  }
}

function takeValue(draft: Draft, option: OptionName, value: Word): Refusal | undefined {
  switch (option) {
    case 'tcp-service':
      return takeService(draft, 6, value)
    case 'udp-service':
      return takeService(draft, 17, value)
    case 'sctp-service':
      return takeService(draft, 132, value)
    case 'fwmark-service':
      return takeMark(draft, value)
    case 'scheduler':
      draft.scheduler = value.text.slice(0, 15)
      return undefined
    case 'pe':
      draft.engine = value.text.slice(0, 16)
      return undefined
    case 'persistent':
      draft.flags |= Flag.persistent
      return takeNumber(value, [1, longestTimeout], badTimeout(value.text), (number) => {
        draft.timeout = number
      })
    case 'netmask':
      return takeNetmask(draft, value)
    case 'real-server':
      return takeRealServer(draft, value)
    case 'weight':
      return takeNumber(value, [0, mostInt], 'illegal weight specified', (number) => {
        draft.weight = number
      })
    case 'u-threshold':
      return takeNumber(value, [0, mostInt], 'illegal u_threshold specified', (number) => {
        draft.upperThreshold = number
      })
    case 'l-threshold':
      return takeNumber(value, [0, mostInt], 'illegal l_threshold specified', (number) => {
        draft.lowerThreshold = number
      })
    case 'tun-type':
      draft.tunnelType = tunnelTypes.findIndex(({ name }) => name === value.text)
      return draft.tunnelType < 0
        ? wrong('illegal tunnel type specified', value, { label: 'not ipip, gue or gre' })
        : undefined
    case 'tun-port':
      return takeNumber(value, [1, 65535], 'illegal tunnel port specified', (number) => {
        draft.tunnelPort = number
      })
    case 'syncid':
      return takeNumber(value, [0, 255], 'illegal syncid specified')
    case 'mcast-port':
      return takeNumber(value, [1, 65535], 'illegal mcast-port specified')
    case 'mcast-ttl':
      return takeNumber(value, [1, 255], 'illegal mcast-ttl specified')
    case 'sync-maxlen':
      return takeNumber(value, [1, 65507], 'illegal sync-maxlen specified')
    case 'mcast-group':
      return checkGroup(value)
    default:
      return undefined
  }
}

const mostInt = 0x7fffffff
export const longestTimeout = 31 * 86_400

export function badTimeout(text: string): string {
  return `invalid timeout value \`${text}' specified`
}

export function takeNumber(
  value: Word,
  [least, most]: readonly [number, number],
  sentence: string,
  keep?: (number: number) => void,
): Refusal | undefined {
  const number = wholeNumber(value.text, least, most)
  if (number === undefined) {
    return wrong(sentence, value, { label: `not a number from ${least} to ${most}` })
  }
  keep?.(number)
  return undefined
}

function takeService(draft: Draft, protocol: number, value: Word): Refusal | undefined {
  draft.protocol = protocol
  const end = parseEnd(value, protocol, draft.lookup)
  if (isMisfit(end)) return badEnd('illegal virtual server address[:port] specified', end)
  draft.family = familyOf(end.address)
  draft.address = end.address
  draft.port = end.port ?? draft.port
  // A mask that was given before it is lost.
  if (draft.family === 'IPv6') draft.netmask = fullNetmask.IPv6
  return undefined
}

function takeMark(draft: Draft, value: Word): Refusal | undefined {
  draft.family = 'IPv4'
  draft.protocol = 6
  return takeNumber(
    value,
    [1, 0xffffffff],
    `invalid fwmark value \`${value.text}' specified`,
    (number) => {
      draft.fwmark = number
    },
  )
}

/** What it is taken for depends on the options before it. */
function takeNetmask(draft: Draft, value: Word): Refusal | undefined {
  if (draft.family === 'IPv6') {
    const bits = looseNumber(value.text)
    if (bits < 1 || bits > 128) {
      return wrong('illegal ipv6 netmask specified', value, { label: 'not a number from 1 to 128' })
    }
    draft.netmask = bits
    return undefined
  }
  const mask = parseHost(value, draft.lookup)
  if (isMisfit(mask)) return badEnd('illegal virtual server persistent mask specified', mask)
  const [word = 0] = wordsOf(mask)
  draft.netmask = word
  return undefined
}

/** What it lacks it has from the virtual server, if that was named before it. */
function takeRealServer(draft: Draft, value: Word): Refusal | undefined {
  const end = parseEnd(value, draft.protocol, draft.lookup)
  if (isMisfit(end)) return badEnd('illegal real server address[:port] specified', end)
  draft.realAddress = end.address
  draft.realPort = end.port ?? draft.port
  return undefined
}

function isMisfit(read: End | IP | Misfit): read is Misfit {
  return typeof read !== 'string' && 'why' in read
}

function badEnd(sentence: string, { part, why, isName }: Misfit): Refusal {
  // Of a name that nobody looked up, ipvsadm would say so only if there were no such host.
  const refusal = wrong(sentence, part, { label: why })
  return isName ? { ...refusal, said: hostName(part.text) } : refusal
}

/** The list is read when all else has been, since the scheduler may come behind it. */
export function takeSchedulerFlags(draft: Draft): Refusal | undefined {
  const place = draft.places.get('sched-flags')
  if (place === undefined || place.text === '') return undefined
  // ipvsadm has 127 bytes for it.
  const list = place.text.slice(0, 127)
  const scheduler = draft.scheduler === '' ? usualScheduler : draft.scheduler
  let at = place.start
  let flags = 0
  for (const name of list.split(',')) {
    const word = { text: name, start: at }
    at += name.length + 1
    if (name === '') continue
    const flag = schedulerFlags.find((known) => known.name === name)
    if (flag === undefined) {
      const help = didYouMean(
        name,
        schedulerFlags.map((known) => known.name),
      )
      return wrong(`invalid scheduler flag \`${name}'`, word, { help })
    }
    if (flag.scheduler !== undefined && flag.scheduler !== scheduler) {
      const label = `the scheduler is ${scheduler}`
      return wrong(`incompatible scheduler flag \`${name}'`, word, { label })
    }
    flags |= flag.bit
  }
  if (flags === 0) return crash(place)
  draft.flags |= flags
  return undefined
}

export const usualScheduler = 'wlc'

function checkGroup(value: Word): Refusal | undefined {
  const v6 = inetPton6(value.text)
  if (v6 !== undefined) {
    return v6.startsWith('ff')
      ? undefined
      : wrong(`invalid IPv6 mcast-group \`${value.text}'`, value)
  }
  const v4 = parseIP(value.text)
  const [word = 0] = v4 === undefined ? [] : wordsOf(v4)
  return word >>> 28 === 14 ? undefined : wrong(`invalid IPv4 mcast-group \`${value.text}'`, value)
}

/** As the kernel numbers them, with what each needs and allows; of checksums at most one. */
export const tunnelTypes = [
  { name: 'ipip', needsPort: false, checksums: [] },
  { name: 'gue', needsPort: true, checksums: ['tun-nocsum', 'tun-csum', 'tun-remcsum'] },
  { name: 'gre', needsPort: false, checksums: ['tun-nocsum', 'tun-csum'] },
] as const

/** strtok finds nothing in a list of commas, and ipvsadm compares nothing with names. */
function crash(list: Word): Refusal {
  const sentence = 'a list of scheduler flags without a flag makes ipvsadm crash'
  return { ...wrong(sentence, list), printed: '', status: 139 }
}
