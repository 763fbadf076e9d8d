import type { Topic } from './rule-topics.ts'
import type { Word } from './rule-words.ts'

export interface Option {
  readonly long: OptionName
  readonly short: string | undefined
  readonly value: 'none' | 'required' | 'optional'
  /** `undefined` for what may be said as often as one likes. */
  readonly topic: Topic | 'command' | undefined
}

// Long name, short name, value, and what ipvsadm counts it as.
const written = [
  ['add-service', 'A', 'none', 'command'],
  ['edit-service', 'E', 'none', 'command'],
  ['delete-service', 'D', 'none', 'command'],
  ['clear', 'C', 'none', 'command'],
  ['list', 'L', 'none', 'command'],
  ['list', 'l', 'none', 'command'],
  ['zero', 'Z', 'none', 'command'],
  ['add-server', 'a', 'none', 'command'],
  ['edit-server', 'e', 'none', 'command'],
  ['delete-server', 'd', 'none', 'command'],
  ['set', undefined, 'none', 'command'],
  ['help', 'h', 'none', 'command'],
  ['version', 'v', 'none', 'command'],
  ['restore', 'R', 'none', 'command'],
  ['save', 'S', 'none', 'command'],
  ['start-daemon', undefined, 'required', 'command'],
  ['stop-daemon', undefined, 'required', 'command'],
  ['tcp-service', 't', 'required', 'service-address'],
  ['udp-service', 'u', 'required', 'service-address'],
  ['sctp-service', undefined, 'required', 'service-address'],
  ['fwmark-service', 'f', 'required', 'service-address'],
  ['scheduler', 's', 'required', 'scheduler'],
  ['persistent', 'p', 'optional', 'persistent'],
  ['netmask', 'M', 'required', 'netmask'],
  ['real-server', 'r', 'required', 'real-server'],
  ['masquerading', 'm', 'none', 'forwarding-method'],
  ['ipip', 'i', 'none', 'forwarding-method'],
  ['gatewaying', 'g', 'none', 'forwarding-method'],
  ['weight', 'w', 'required', 'weight'],
  ['u-threshold', 'x', 'required', 'u-threshold'],
  ['l-threshold', 'y', 'required', 'l-threshold'],
  ['numeric', 'n', 'none', 'numeric'],
  ['connection', 'c', 'none', 'connection'],
  ['mcast-interface', undefined, 'required', 'mcast-interface'],
  ['syncid', undefined, 'required', 'syncid'],
  ['timeout', undefined, 'none', 'timeout'],
  ['daemon', undefined, 'none', 'daemon'],
  ['stats', undefined, 'none', 'stats'],
  ['rate', undefined, 'none', 'rate'],
  ['thresholds', undefined, 'none', 'thresholds'],
  ['persistent-conn', undefined, 'none', 'persistent-conn'],
  ['nosort', undefined, 'none', 'nosort'],
  ['sort', undefined, 'none', undefined],
  ['exact', 'X', 'none', 'exact'],
  ['ipv6', '6', 'none', undefined],
  ['ops', 'o', 'none', 'ops'],
  ['pe', undefined, 'required', 'pe'],
  ['sched-flags', 'b', 'required', 'sched-flags'],
  ['mcast-group', undefined, 'required', 'mcast-group'],
  ['mcast-port', undefined, 'required', 'mcast-port'],
  ['mcast-ttl', undefined, 'required', 'mcast-ttl'],
  ['sync-maxlen', undefined, 'required', 'sync-maxlen'],
  ['tun-info', undefined, 'none', 'tun-info'],
  ['tun-type', undefined, 'required', 'tun-type'],
  ['tun-port', undefined, 'required', 'tun-port'],
  ['tun-nocsum', undefined, 'none', 'tun-nocsum'],
  ['tun-csum', undefined, 'none', 'tun-csum'],
  ['tun-remcsum', undefined, 'none', 'tun-remcsum'],
] as const satisfies readonly (readonly [
  string,
  string | undefined,
  Option['value'],
  Option['topic'],
])[]

export type OptionName = (typeof written)[number][0]

const options: readonly Option[] = written.map(([long, short, value, topic]) => ({
  long,
  short,
  value,
  topic,
}))
/** As they are written, for those who misspell them. */
export const longOptions: readonly string[] = options.map(({ long }) => `--${long}`)

const byLong = new Map<string, Option>(options.map((option) => [option.long, option]))
const byShort = new Map<string, Option>(
  options.flatMap((option) => (option.short === undefined ? [] : [[option.short, option]])),
)

/** One option as it stands in a rule. */
export interface Given {
  readonly option: Option
  /** Absent where the option takes none, or could have one and has none. */
  readonly value: Word | undefined
  /** The word in which it stands. */
  readonly word: Word
  /** The last word read for it, which is that of its value where that is another one. */
  readonly last: Word
}

/** Words that are no option, in popt's own words. */
export interface Misread {
  readonly reason: 'missing argument' | 'unknown option' | 'option does not take an argument'
  readonly word: Word
}

/**
 * Reads words as the library popt does: `-s rr`, `-srr`, `-s=rr`, `--scheduler rr`,
 * `--scheduler=rr`, and letters in one bundle such as `-Ln`. Words that are no option are kept
 * aside, as all are behind `--`.
 */
export class OptionReader {
  /** What is left aside so far. */
  readonly leftovers: Word[] = []
  readonly #words: readonly Word[]
  #next = 0
  /** The letters of a bundle that are still to be read. */
  #bundle: Word | undefined
  #onlyLeftovers = false

  constructor(words: readonly Word[]) {
    this.#words = words
  }

  /** The next option, or `undefined` behind the last. */
  read(): Given | Misread | undefined {
    for (;;) {
      if (this.#bundle !== undefined) return this.#readLetter(this.#bundle)
      const word = this.#words[this.#next]
      if (word === undefined) return undefined
      this.#next += 1
      const { text, start } = word
      if (this.#onlyLeftovers || !text.startsWith('-') || text === '-') this.leftovers.push(word)
      else if (text === '--') this.#onlyLeftovers = true
      else if (text.startsWith('--')) return this.#readLong(word)
      else this.#bundle = { text: text.slice(1), start: start + 1 }
    }
  }

  #readLong(word: Word): Given | Misread {
    const { text, start } = word
    const equals = text.indexOf('=')
    const option = byLong.get(equals < 0 ? text.slice(2) : text.slice(2, equals))
    if (option === undefined) return { reason: 'unknown option', word }
    const value =
      equals < 0 ? undefined : { text: text.slice(equals + 1), start: start + equals + 1 }
    return this.#withValue(option, value)
  }

  #readLetter({ text, start }: Word): Given | Misread {
    this.#bundle = undefined
    const option = byShort.get(text.charAt(0))
    if (option === undefined) return { reason: 'unknown option', word: this.#last() }
    const rest = text.length > 1 ? { text: text.slice(1), start: start + 1 } : undefined
    const value = rest?.text.startsWith('=')
      ? { text: rest.text.slice(1), start: rest.start + 1 }
      : rest
    if (option.value === 'none' && value === rest) {
      this.#bundle = rest
      const word = this.#last()
      return { option, value: undefined, word, last: word }
    }
    return this.#withValue(option, value)
  }

  /** `inner` is a value that stands in the option's own word. */
  #withValue(option: Option, inner: Word | undefined): Given | Misread {
    const word = this.#last()
    if (option.value === 'none' && inner !== undefined) {
      return { reason: 'option does not take an argument', word }
    }
    const next = this.#words[this.#next]
    const none = option.value === 'optional' && (next === undefined || next.text.startsWith('-'))
    if (option.value === 'none' || inner !== undefined || none) {
      return { option, value: inner, word, last: word }
    }
    if (next === undefined) return { reason: 'missing argument', word }
    this.#next += 1
    return { option, value: next, word, last: next }
  }

  #last(): Word {
    return this.#words[this.#next - 1] ?? { text: '', start: 0 }
  }
}
