import { didYouMean } from '../../diagnostic/suggest.ts'
import { Forwarding, type RealServer, type VirtualServer } from '../../table/virtual-server.ts'
import { type Refusal, type Rule, wrong } from './rule.ts'
import { checkDaemon, checkLeftovers, checkMeaning, checkTopics } from './rule-checks.ts'
import { type CommandName, isCommand } from './rule-commands.ts'
import {
  anyAddress,
  type Draft,
  newDraft,
  take,
  takeSchedulerFlags,
  usualScheduler,
} from './rule-draft.ts'
import { longOptions, type Misread, OptionReader } from './rule-options.ts'
import type { Lookup } from './rule-values.ts'
import type { Word } from './rule-words.ts'

/** Reads the words of one line. Mistakes are found in ipvsadm's order, and in its words. */
export function parseRule(words: readonly Word[], lookup: Lookup): Rule | Refusal {
  const reader = new OptionReader(words)
  const first = reader.read()
  if (first === undefined || 'reason' in first) return tryHelp(words)
  const { option, word } = first
  const command = option.long
  if (command === 'help' || command === 'version') {
    return { command, word, places: new Map(), server: undefined, realServer: undefined }
  }
  if (!isCommand(command)) return tryHelp(words)
  const daemon = checkDaemon(command, first.value)
  if (daemon !== undefined) return daemon

  const draft = newDraft(lookup)
  for (let given = reader.read(); given !== undefined; given = reader.read()) {
    const refusal = 'reason' in given ? misread(given) : take(draft, given)
    if (refusal !== undefined) return refusal
  }
  return (
    checkLeftovers(command, word, reader.leftovers) ??
    takeSchedulerFlags(draft) ??
    checkTopics(command, word, draft) ??
    checkMeaning(command, draft) ??
    (command === 'restore' ? tryHelp(words) : ruleFrom(command, word, draft))
  )
}

function ruleFrom(command: CommandName, word: Word, draft: Draft): Rule {
  const { places } = draft
  return {
    command,
    word,
    places,
    server: places.has('service-address') ? serverFrom(draft) : undefined,
    realServer: places.has('real-server') ? realServerFrom(draft) : undefined,
  }
}

function serverFrom(draft: Draft): VirtualServer {
  const { family = 'IPv4', fwmark, engine, scheduler, flags, timeout, netmask } = draft
  return {
    family,
    protocol: fwmark === 0 ? draft.protocol : 0,
    address: fwmark === 0 ? draft.address : anyAddress[family],
    port: draft.port,
    fwmark,
    scheduler: scheduler === '' ? usualScheduler : scheduler,
    flags,
    timeout,
    netmask,
    engine: engine === '' ? undefined : engine,
    realServers: [],
  }
}

function realServerFrom(draft: Draft): RealServer {
  const { forwarding, weight, upperThreshold, lowerThreshold } = draft
  return {
    address: draft.realAddress,
    port: draft.realPort,
    forwarding,
    weight,
    upperThreshold,
    lowerThreshold,
    tunnel:
      forwarding === Forwarding.tunnel
        ? { type: draft.tunnelType, port: draft.tunnelPort, flags: draft.tunnelFlags }
        : undefined,
  }
}

/** popt's complaints do not end a run. */
function misread({ reason, word }: Misread): Refusal {
  const { text } = word
  const unknown = reason === 'unknown option' && text.startsWith('--')
  const help = unknown ? didYouMean(text.replace(/=.*/, ''), longOptions) : undefined
  return { ...wrong(`${text}: ${reason}`, word, { help }), status: 255, ends: false }
}

function tryHelp(words: readonly Word[]): Refusal {
  const [first = { text: '', start: 0 }] = words
  const sentence = "Try `ipvsadm -h' or 'ipvsadm --help' for more information."
  const comment = first.text.startsWith('#')
  const label = comment ? '`ipvsadm -R` has no comments' : 'not a command that a rule can give'
  const help = comment ? undefined : 'a rule begins with -A, -E, -D, -a, -e, -d, -C or -Z'
  return { ...wrong(sentence, first, { label, help }), status: 255 }
}
