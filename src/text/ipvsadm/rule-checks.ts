import { familyOf } from '../../address/ip.ts'
import { Flag, Forwarding } from '../../table/virtual-server.ts'
import { type Places, placeOf, type Refusal, wrong } from './rule.ts'
import { type Command, type CommandName, commandOf } from './rule-commands.ts'
import { badTimeout, type Draft, longestTimeout, takeNumber, tunnelTypes } from './rule-draft.ts'
import { type Topic, topics } from './rule-topics.ts'
import type { Word } from './rule-words.ts'

export function checkDaemon(command: CommandName, state: Word | undefined): Refusal | undefined {
  if (state === undefined || state.text === 'master' || state.text === 'backup') return undefined
  const sentence =
    command === 'start-daemon'
      ? 'illegal start-daemon parameter specified'
      : 'illegal start_daemon specified'
  return wrong(sentence, state, { label: 'not master or backup' })
}

export function checkLeftovers(
  command: CommandName,
  word: Word,
  leftovers: readonly Word[],
): Refusal | undefined {
  let rest = leftovers
  if (command === 'set') {
    if (rest.length < 3) return wrong('--set option requires 3 timeout values', word)
    for (const value of rest.slice(0, 3)) {
      const refusal = takeNumber(value, [0, longestTimeout], badTimeout(value.text))
      if (refusal !== undefined) return refusal
    }
    rest = rest.slice(3)
  }
  const [extra] = rest
  return extra === undefined ? undefined : wrong(`unexpected argument ${extra.text}`, extra)
}

/** Holds what is given against what the command asks for and allows. */
export function checkTopics(name: CommandName, word: Word, { places }: Draft): Refusal | undefined {
  const { name: said, required, optional, exclusive } = commandOf(name)
  if (isPlain(places, commandOf(name))) return undefined
  let only: Topic | undefined
  for (const topic of topics) {
    const place = places.get(topic)
    if (place === undefined) {
      if (required.includes(topic)) {
        return wrong(`You need to supply the '${topic}' option for the '${said}' command`, word)
      }
    } else if (exclusive.includes(topic)) {
      if (only !== undefined) {
        const sentence = `The option '${topic}' conflicts with the '${only}' option in the '${said}' command`
        return wrong(sentence, place)
      }
      only = topic
    } else if (!required.includes(topic) && !optional.includes(topic)) {
      return wrong(`Illegal '${topic}' option with the '${said}' command`, place)
    }
  }
  return undefined
}

/** What nearly every rule is: nothing missing, and nothing that could be too much. */
function isPlain(places: Places, { required, optional }: Command): boolean {
  if (!required.every((topic) => places.has(topic))) return false
  for (const topic of places.keys()) {
    if (!required.includes(topic) && !optional.includes(topic)) return false
  }
  return true
}

export function checkMeaning(command: CommandName, draft: Draft): Refusal | undefined {
  switch (command) {
    case 'add-service':
    case 'edit-service':
      return checkService(draft)
    case 'add-server':
    case 'edit-server':
      return checkRealServer(draft)
    case 'list':
      return checkList(draft)
    default:
      return undefined
  }
}

function checkService({ fwmark, port, protocol, flags, places }: Draft): Refusal | undefined {
  if (fwmark !== 0) return undefined
  if (port === 0 && (flags & Flag.persistent) === 0) {
    const label = 'no port, which means every port'
    const help = 'name a port, or let clients keep their real server with -p'
    const at = placeOf(places, 'service-address')
    return wrong('Zero port specified for non-persistent service', at, { label, help })
  }
  if ((flags & Flag.onePacket) !== 0 && protocol !== 17) {
    const sentence = 'One-Packet Scheduling is only for UDP virtual services'
    return wrong(sentence, placeOf(places, 'ops'))
  }
  return undefined
}

function checkRealServer(draft: Draft): Refusal | undefined {
  const { fwmark, forwarding, family, places } = draft
  if (fwmark === 0 && forwarding !== Forwarding.masq) draft.realPort = draft.port
  if (forwarding === Forwarding.tunnel) return checkTunnel(draft)
  if (familyOf(draft.realAddress) !== family) {
    const sentence = 'Different address family is allowed only for tunneling servers'
    return wrong(sentence, placeOf(places, 'real-server'), {
      label: `the virtual server is ${family}`,
    })
  }
  const option = tunnelTopics.find((topic) => places.has(topic)) ?? tunnelTypeGiven(places)
  if (option === undefined) return undefined
  const sentence = 'Tunnel options conflict with forward method'
  return wrong(sentence, placeOf(places, option), { help: 'tunnels are chosen with -i' })
}

const tunnelTopics = ['tun-port', 'tun-nocsum', 'tun-csum', 'tun-remcsum'] as const

function tunnelTypeGiven(places: Places): Topic | undefined {
  return places.has('tun-type') ? 'tun-type' : undefined
}

function checkTunnel({ tunnelType, places }: Draft): Refusal | undefined {
  const type = tunnelTypes[tunnelType]
  if (type === undefined) return undefined
  const { name, needsPort } = type
  const checksums: readonly Topic[] = type.checksums
  let only: Topic | undefined
  for (const topic of tunnelTopics) {
    const place = places.get(topic)
    if (topic === 'tun-port' && needsPort) {
      if (place !== undefined) continue
      const sentence = `You need to supply the '${topic}' option for the '${name}' tunnel type`
      return wrong(sentence, placeOf(places, 'tun-type'))
    }
    if (place === undefined) continue
    if (!checksums.includes(topic)) {
      return wrong(`Illegal '${topic}' option with the '${name}' tunnel type`, place)
    }
    if (only !== undefined) {
      const sentence = `The option '${topic}' conflicts with the '${only}' option in the '${name}' tunnel type`
      return wrong(sentence, place)
    }
    only = topic
  }
  return undefined
}

function checkList({ places }: Draft): Refusal | undefined {
  const has = (...wanted: readonly Topic[]) => wanted.find((topic) => places.has(topic))
  const clash =
    has('connection', 'timeout', 'daemon') === undefined
      ? undefined
      : (has('stats', 'rate', 'thresholds') ??
        (has('timeout', 'daemon') === undefined ? undefined : has('persistent-conn')))
  if (clash === undefined) return undefined
  return wrong('options conflicts in the list command', placeOf(places, clash))
}
