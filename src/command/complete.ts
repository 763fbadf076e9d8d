import type { Command, Option } from 'commander'
import { type Entry, type HeldServer, type Ledger, placeOf } from '../ledger/ledger.ts'
import { type Candidate, printCandidates } from '../text/shell/completion.ts'
import { type World, WorldError } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'
import { readLedger } from './ledger.ts'
import { choicesOf } from './options.ts'

/** Says how a command line may go on; the last word is the one that is being typed. */
export function complete(
  typed: readonly string[],
  wordsOf: (verb: string | undefined) => Command,
  world: World,
): ExitCode {
  const words = typed.length === 0 ? [''] : typed
  const current = words.at(-1) ?? ''
  const { candidates, withFiles } = continuations(words.slice(0, -1), current, wordsOf, world)
  const fitting = candidates.filter(({ text }) => text.startsWith(current))
  world.print(printCandidates(fitting, withFiles))
  return ExitCode.Done
}

interface Continuations {
  readonly candidates: readonly Candidate[]
  /** Whether a path of a file will do. */
  readonly withFiles: boolean
}

const nothing: Continuations = { candidates: [], withFiles: false }

function continuations(
  before: readonly string[],
  current: string,
  wordsOf: (verb: string | undefined) => Command,
  world: World,
): Continuations {
  const [verb] = before
  if (verb === undefined) return verbsIn(wordsOf(undefined))
  const command = wordsOf(verb).commands.find((one) => one.name() === verb)
  if (command === undefined) return nothing
  const known = () => ledgerFor(before, world)

  const asking = optionAt(before.at(-1), command)
  if (asking?.required === true) return valuesOf(asking, known)
  if (current.startsWith('-')) return { candidates: flagsOf(command), withFiles: false }
  return argumentsOf(verb, positionals(before.slice(1), command), { before, known, wordsOf })
}

function verbsIn(program: Command): Continuations {
  const candidates = program.commands.map((command): Candidate => {
    return { text: command.name(), meaning: command.description() }
  })
  return { candidates: candidates.filter(({ text }) => text !== 'complete'), withFiles: false }
}

function optionAt(word: string | undefined, command: Command): Option | undefined {
  return command.options.find(({ short, long }) => word === short || word === long)
}

function flagsOf(command: Command): readonly Candidate[] {
  const help: Candidate = { text: '--help', meaning: 'display help for command' }
  const own = command.options.flatMap(({ long, description }): Candidate[] =>
    long === undefined || long === null ? [] : [{ text: long, meaning: description }],
  )
  return [...own, help]
}

const flagsOfFiles = new Set(['--filename', '--rules', '--config', '--ledger'])

function valuesOf(option: Option, known: () => Ledger): Continuations {
  const { long = '' } = option
  if (long === '--set') return just(new Set(entriesIn(known()).map(({ set }) => set)))
  return { ...just(choicesOf(option)), withFiles: flagsOfFiles.has(long ?? '') }
}

/** Words that are no flags, nor what flags are set to. */
function positionals(words: readonly string[], command: Command): readonly string[] {
  return words.filter((word, index) => {
    return !word.startsWith('-') && optionAt(words[index - 1], command)?.required !== true
  })
}

interface Context {
  readonly before: readonly string[]
  readonly known: () => Ledger
  readonly wordsOf: (verb: string | undefined) => Command
}

/** What a verb is about, by what the ledger knows. */
function argumentsOf(verb: string, given: readonly string[], context: Context): Continuations {
  const { known } = context
  const [first] = given
  switch (verb) {
    case 'get':
      if (first === undefined)
        return just(['services', 'endpoints', 'endpointslices', 'nodes', 'pods'])
      return /^(services?|svc|endpoints|ep)$/.test(first) ? just(servicesIn(context)) : nothing
    case 'describe':
    case 'delete': {
      const names = servicesIn(context)
      if (first === 'service' || first === 'svc') return just(names)
      return just(['service', ...names.map((name) => `service/${name}`)])
    }
    case 'drain':
      return just(new Set(entriesIn(known()).flatMap(({ servers }) => servers.flatMap(placesIn))))
    case 'undrain':
      return just(known().drains.keys())
    case 'explain':
      return just(entriesIn(known()).flatMap(({ servers }) => servers.flatMap(addressOf)))
    case 'fleet':
      return just(['status', 'hold', 'rollout', 'release', 'forget'])
    case 'completion':
      return just(['bash', 'zsh', 'fish'])
    case 'man':
      return verbsIn(context.wordsOf(undefined))
    default:
      return nothing
  }
}

function just(texts: Iterable<string>): Continuations {
  const candidates = [...texts].map((text) => ({ text, meaning: undefined }))
  return { candidates, withFiles: false }
}

function entriesIn({ entries }: Ledger): readonly Entry[] {
  return [...entries.values()]
}

/** The Services of the namespace that is named, or of the usual one. */
function servicesIn({ before, known }: Context): readonly string[] {
  const at = before.findIndex((word) => word === '-n' || word === '--namespace')
  const namespace = at < 0 ? 'default' : before[at + 1]
  return entriesIn(known()).flatMap(({ name }) =>
    name.startsWith(`${namespace}/`) ? [name.slice(`${namespace}/`.length)] : [],
  )
}

function placesIn({ realServers }: HeldServer): readonly string[] {
  return realServers.map(placeOf)
}

function addressOf({ address, port }: HeldServer): readonly string[] {
  if (address === undefined) return []
  return [address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`]
}

/** Whoever presses a key wants no complaints. */
function ledgerFor(before: readonly string[], world: World): Ledger {
  const at = before.indexOf('--ledger')
  try {
    return readLedger({ ledger: at < 0 ? undefined : before[at + 1] }, world)
  } catch (error) {
    if (!(error instanceof WorldError)) throw error
    return { entries: new Map(), drains: new Map(), files: new Map() }
  }
}
