import { isRecord } from '../ledger/shape.ts'
import type { ClosedHook } from './examination.ts'
import type { OldFirewall } from './iptables.ts'
import { type Fields, nftEntries } from './nft-json.ts'
import { tableName } from './nftables.ts'

// Firewalls of others: where they drop whatever nobody has let in, and what they let in.

type Hook = ClosedHook['hook']

const hooks: readonly Hook[] = ['input', 'forward', 'output']

/** Reads what `nft -j list ruleset` says. */
export function readClosedHooks(json: string): readonly ClosedHook[] {
  const entries = nftEntries(json)
  const rules = entries.flatMap(({ rule }) => (isRecord(rule) ? [rule] : []))
  return entries.flatMap(({ chain }): ClosedHook[] => {
    if (!isRecord(chain) || chain.table === tableName) return []
    const hook = hooks.find((it) => it === chain.hook)
    if (hook === undefined) return []
    const own = rulesOf(chain, rules)
    const dropping = own.find((rule) => isUnconditional(rule, 'drop', 'reject'))
    const isClosed = chain.policy === 'drop'
    if (!isClosed && dropping === undefined) return []
    const place = `${chain.family} ${chain.table} ${chain.name}`
    return [
      {
        hook,
        how: isClosed ? 'policy drop' : 'a rule that drops all that is left',
        seenBy: `nft list chain ${place}`,
        chain: `chain ${chain.name}`,
        opening: isClosed
          ? `nft chain ${place} '{ policy accept; }'  # or let in what is meant`
          : `nft delete rule ${place} handle ${dropping?.handle}  # or let in what is meant`,
        accepting: acceptingIn(chain, rules, new Set()),
      },
    ]
  })
}

function rulesOf({ family, table, name }: Fields, rules: readonly Fields[]): readonly Fields[] {
  return rules.filter((rule) => {
    return rule.family === family && rule.table === table && rule.chain === name
  })
}

/** What is let in, in a chain and in those that it leads to, as texts without the verdict. */
function acceptingIn(
  chain: Fields,
  rules: readonly Fields[],
  seen: Set<string>,
): readonly string[] {
  seen.add(String(chain.name))
  return rulesOf(chain, rules).flatMap((rule) => {
    const parts = partsOf(rule)
    if (parts.some((part) => 'accept' in part)) return [conditionsOf(parts)]
    return parts.flatMap((part) => {
      const { target } = [part.jump, part.goto].find(isRecord) ?? {}
      if (typeof target !== 'string' || seen.has(target)) return []
      return acceptingIn({ ...chain, name: target }, rules, seen)
    })
  })
}

function partsOf({ expr }: Fields): readonly Fields[] {
  return Array.isArray(expr) ? expr.filter(isRecord) : []
}

const verdicts = ['accept', 'drop', 'reject', 'counter']

function conditionsOf(parts: readonly Fields[]): string {
  const conditions = parts.filter((part) => !verdicts.some((verdict) => verdict in part))
  return conditions.length === 0 ? '' : JSON.stringify(conditions)
}

function isUnconditional(rule: Fields, ...wanted: readonly string[]): boolean {
  const parts = partsOf(rule)
  return (
    parts.some((part) => wanted.some((verdict) => verdict in part)) && conditionsOf(parts) === ''
  )
}

const oldChains: readonly (readonly [chain: string, hook: Hook])[] = [
  ['INPUT', 'input'],
  ['FORWARD', 'forward'],
  ['OUTPUT', 'output'],
]

/** Reads what `iptables-save` says. */
export function readClosedChains(by: OldFirewall, saved: string): readonly ClosedHook[] {
  const lines = saved.split('\n')
  return oldChains.flatMap(([chain, hook]): ClosedHook[] => {
    if (!lines.some((line) => line.startsWith(`:${chain} DROP`))) return []
    const accepting = lines.flatMap((line) => {
      const match = /^-A \S+(.*) -j ACCEPT\b/.exec(line)
      const isOurs = line.startsWith('-A NODEPORT')
      return match === null || isOurs || !isReachable(line, chain) ? [] : [(match[1] ?? '').trim()]
    })
    return [
      {
        hook,
        how: 'policy drop',
        seenBy: `${by}-legacy -S ${chain}`,
        chain: `chain ${chain}`,
        opening: `${by}-legacy -P ${chain} ACCEPT  # or let in what is meant`,
        accepting,
      },
    ]
  })
}

/** A chain with a name of its own may be led to from any. */
function isReachable(line: string, chain: string): boolean {
  const own = line.split(' ')[1] ?? ''
  return own === chain || !oldChains.some(([name]) => name === own)
}
