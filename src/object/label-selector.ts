import { quote } from './go-text.ts'
import type { Strings } from './metadata.ts'
import { faultsOfLabelKey, faultsOfLabelValue } from './names.ts'

/** What `-l` asks of labels. All of it must hold. */
export type LabelSelector = readonly Requirement[]

export interface Requirement {
  readonly key: string
  readonly operator: Operator
  /** In order and without repetition; none for `exists` and `!`. */
  readonly values: readonly string[]
}

export type Operator = 'in' | 'notin' | '=' | '==' | '!=' | 'gt' | 'lt' | 'exists' | '!'

export function matchesLabels(selector: LabelSelector, labels: Strings): boolean {
  return selector.every((requirement) => matches(requirement, labels))
}

function matches({ key, operator, values }: Requirement, labels: Strings): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined
  switch (operator) {
    case 'exists':
      return value !== undefined
    case '!':
      return value === undefined
    case 'in':
    case '=':
    case '==':
      return value !== undefined && values.includes(value)
    case 'notin':
    case '!=':
      return value === undefined || !values.includes(value)
    default: {
      const [limit = ''] = values
      if (value === undefined || !isInteger(value) || !isInteger(limit)) return false
      return operator === 'gt' ? BigInt(value) > BigInt(limit) : BigInt(value) < BigInt(limit)
    }
  }
}

/** Reads what stands behind `-l`. Answers the API server's sentence where it cannot be read. */
export function parseLabelSelector(text: string): LabelSelector | string {
  try {
    const selector = new Parser(text).requirements()
    return selector.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  } catch (error) {
    if (error instanceof NoSelector) return error.message
    throw error
  }
}

class NoSelector extends Error {}

interface Token {
  /** `word` for keys and values, `end`, `unknown`; everything else is itself. */
  readonly kind: string
  readonly text: string
}

const binaryOperators = 'in, notin, =, ==, !=, gt, lt'

// The grammar and the sentences are those of apimachinery's labels.Parse in Kubernetes 1.36.
class Parser {
  private readonly tokens: readonly Token[]
  private at = 0

  constructor(text: string) {
    this.tokens = tokensOf(text)
  }

  requirements(): Requirement[] {
    const found: Requirement[] = []
    for (;;) {
      const { kind, text } = this.value()
      if (kind === 'end') return found
      if (kind !== 'word' && kind !== '!') {
        throw new NoSelector(`found '${text}', expected: !, identifier, or 'end of string'`)
      }
      found.push(this.requirement())
      const after = this.takeValue()
      if (after.kind === 'end') return found
      if (after.kind !== ',') {
        throw new NoSelector(`found '${after.text}', expected: ',' or 'end of string'`)
      }
      const next = this.value()
      if (next.kind !== 'word' && next.kind !== '!') {
        throw new NoSelector(`found '${next.text}', expected: identifier after ','`)
      }
    }
  }

  private requirement(): Requirement {
    try {
      return this.checked(this.readRequirement())
    } catch (error) {
      if (!(error instanceof NoSelector)) throw error
      throw new NoSelector(`unable to parse requirement: ${error.message}`)
    }
  }

  private readRequirement(): Requirement {
    const negated = this.value().kind === '!'
    if (negated) this.at += 1
    const { kind, text: key } = this.takeValue()
    if (kind !== 'word') throw new NoSelector(`found '${key}', expected: identifier`)
    const faults = faultsOfLabelKey(key)
    if (faults.length > 0) throw new NoSelector(invalid('<nil>', key, faults))
    const after = this.value().kind
    if (negated) return { key, operator: '!', values: [] }
    if (after === 'end' || after === ',') return { key, operator: 'exists', values: [] }
    const operator = this.operator()
    if (operator === 'in' || operator === 'notin') return { key, operator, values: this.set() }
    return { key, operator, values: [this.exact()] }
  }

  private checked(requirement: Requirement): Requirement {
    const { key, operator, values } = requirement
    const faults: string[] = []
    for (const [index, value] of values.entries()) {
      if ((operator === 'gt' || operator === 'lt') && !isInteger(value)) {
        const reason = "for 'Gt', 'Lt' operators, the value must be an integer"
        faults.push(invalid(`values[${index}]`, value, [reason]))
      }
    }
    for (const [index, value] of values.entries()) {
      const reasons = faultsOfLabelValue(value)
      if (reasons.length > 0) faults.push(invalid(`values[${index}][${key}]`, value, reasons))
    }
    if (faults.length === 0) return requirement
    throw new NoSelector(faults.length === 1 ? (faults[0] ?? '') : `[${faults.join(', ')}]`)
  }

  private operator(): Operator {
    const { kind, text } = this.take()
    switch (kind) {
      case 'in':
      case 'notin':
      case '=':
      case '==':
      case '!=':
        return kind
      case '>':
        return 'gt'
      case '<':
        return 'lt'
      default:
        throw new NoSelector(`found '${text}', expected: ${binaryOperators}`)
    }
  }

  /** `(a,b)`; nothing between two commas is the empty value. */
  private set(): string[] {
    const open = this.takeValue()
    if (open.kind !== '(') throw new NoSelector(`found '${open.text}' expected: '('`)
    const first = this.value()
    if (first.kind === ')') {
      this.at += 1
      return ['']
    }
    if (first.kind !== 'word' && first.kind !== ',') {
      throw new NoSelector(`found '${first.text}', expected: ',', ')' or identifier`)
    }
    const values = this.list()
    this.at += 1
    return [...values].sort()
  }

  private list(): Set<string> {
    const values = new Set<string>()
    for (;;) {
      const { kind, text } = this.takeValue()
      const next = this.value()
      if (kind === 'word') {
        values.add(text)
        if (next.kind === ')') return values
        if (next.kind !== ',') throw new NoSelector(`found '${next.text}', expected: ',' or ')'`)
      } else if (kind === ',') {
        if (values.size === 0 || next.kind === ',' || next.kind === ')') values.add('')
        if (next.kind === ')') return values
      } else throw new NoSelector(`found '${text}', expected: ',', or identifier`)
    }
  }

  private exact(): string {
    const { kind } = this.value()
    if (kind === 'end' || kind === ',') return ''
    const { kind: taken, text } = this.takeValue()
    if (taken !== 'word') throw new NoSelector(`found '${text}', expected: identifier`)
    return text
  }

  /** The next token; `in` and `notin` are words wherever no operator is due. */
  private value(): Token {
    const token = this.tokens[this.at] ?? end
    return token.kind === 'in' || token.kind === 'notin' ? { ...token, kind: 'word' } : token
  }

  private takeValue(): Token {
    const token = this.value()
    this.at += 1
    return token
  }

  private take(): Token {
    const token = this.tokens[this.at] ?? end
    this.at += 1
    return token
  }
}

const end: Token = { kind: 'end', text: '' }

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  for (const [word] of text.matchAll(/==|!=|[=!(),><]|[^=!(),>< \t\r\n]+/g)) {
    const itself = /^[=!(),><]/.test(word) || word === 'in' || word === 'notin'
    tokens.push({ kind: itself ? word : 'word', text: word })
  }
  return tokens
}

function invalid(path: string, value: string, reasons: readonly string[]): string {
  return `${path}: Invalid value: ${quote(value)}: ${reasons.join('; ')}`
}

/** What Go reads as a decimal number of 64 bits. */
function isInteger(text: string): boolean {
  if (!/^[-+]?[0-9]+$/.test(text)) return false
  const value = BigInt(text.replace(/^\+/, ''))
  return value >= -(2n ** 63n) && value < 2n ** 63n
}
