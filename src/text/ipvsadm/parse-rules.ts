import { lostRule, ruleBesideTable } from '../../diagnostic/complaints.ts'
import type { Report } from '../../diagnostic/diagnostic.ts'
import { type Source, type Span, spanIn } from '../../diagnostic/source.ts'
import type { Table } from '../../table/virtual-server.ts'
import { KernelTable, type Modules, usualModules } from './kernel-table.ts'
import { parseRule } from './parse-rule.ts'
import { isRefusal, type Refusal, type Rule } from './rule.ts'
import { RowReader } from './rule-rows.ts'
import type { Lookup } from './rule-values.ts'
import { ruleLineAt, type Word, wordAt } from './rule-words.ts'
import { wellKnownPort } from './well-known-ports.ts'

export interface RulesContext {
  /** Where nothing is given: the ports that nearly every host has a name for, and no hosts. */
  readonly lookup?: Lookup | undefined
  readonly modules?: Modules | undefined
}

/** What `ipvsadm -R` would have done with a text, beginning with an empty table. */
export interface Restored {
  /** What is in the kernel then, in the order in which it was made. */
  readonly table: Table
  readonly status: number
  /** What it would have printed of complaints. */
  readonly stderr: string
}

/**
 * Reads rules as `ipvsadm -R` carries them out, one line after the other. Most mistakes end its
 * run, and nothing behind them is in the table; but all lines are read, so that every mistake is
 * reported at once.
 */
export function parseRules(source: Source, report: Report, context: RulesContext = {}): Restored {
  const { lookup = { port: wellKnownPort }, modules = usualModules } = context
  const { text } = source
  const kernel = new KernelTable(modules, (start) => wordAt(text, start))
  const rows = new RowReader(text, kernel)
  const printed: string[] = []
  let status = 0
  let ended = false
  let stopped: Rule | undefined
  for (let start = 0, next = 0; start < text.length; start = next) {
    const behind = ended || stopped !== undefined ? undefined : rows.read(start)
    if (behind !== undefined) {
      next = behind
      status = 0
      continue
    }
    const { words, lost, end } = ruleLineAt(text, start)
    next = end
    if (words.length === 0) continue
    if (lost) {
      const help = 'end the line with a line break'
      report(lostRule('two blanks stand behind it, and no line break', help).at(all(source, words)))
      continue
    }
    if (stopped !== undefined) {
      const help = `take "${stopped.word.text}" away`
      report(lostRule(`its run ends at "${stopped.word.text}"`, help).at(all(source, words)))
      break
    }
    const rule = parseRule(words, lookup)
    const refusal: Refusal | undefined = isRefusal(rule)
      ? rule
      : ended
        ? undefined
        : kernel.perform(rule)
    if (!isRefusal(rule)) rows.note(rule, start, end)
    if (refusal !== undefined) reportRefusal(source, refusal, report)
    if (ended) continue
    status = refusal?.status ?? 0
    ended = refusal?.ends ?? false
    if (refusal !== undefined) printed.push(refusal.printed)
    if (isRefusal(rule)) continue
    reportBeside(source, rule, report)
    if (rule.command === 'help' || rule.command === 'version') stopped = rule
  }
  return { table: kernel.table(), status, stderr: printed.join('') }
}

function reportRefusal(source: Source, { said, at, related }: Refusal, report: Report): void {
  const others =
    related === undefined ? [] : [{ at: span(source, related.at), label: related.label }]
  report(said.at(span(source, at), ...others))
}

/** Says which rules change something, but not the table. */
function reportBeside(source: Source, { command, word }: Rule, report: Report): void {
  const subject = command in subjects ? subjects[command as keyof typeof subjects] : undefined
  if (subject === undefined) return
  report(ruleBesideTable(word.text, subject).at(span(source, word)))
}

const subjects = {
  set: 'timeouts',
  'start-daemon': 'the daemon that tells other hosts of connections',
  'stop-daemon': 'the daemon that tells other hosts of connections',
} as const

function span(source: Source, { text, start }: Word): Span {
  return spanIn(source, start, start + text.length)
}

function all(source: Source, words: readonly Word[]): Span {
  const last = words.at(-1)
  return spanIn(
    source,
    words[0]?.start ?? 0,
    last === undefined ? 0 : last.start + last.text.length,
  )
}
