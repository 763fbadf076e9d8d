import type { Diagnostic, Severity } from './diagnostic.ts'
import type { Letters } from './letters.ts'
import { printable } from './printable.ts'
import { lettersOf, lineEnd, type Place, positionOf, type Span } from './source.ts'

/** How each part of a diagnostic is coloured. Plain text is the identity on every part. */
export interface Paint extends Record<Severity, (text: string) => string> {
  readonly gutter: (text: string) => string
  readonly strong: (text: string) => string
}

const same = (text: string): string => text
export const plain: Paint = { error: same, warning: same, note: same, gutter: same, strong: same }

/**
 * Renders one diagnostic the way rustc does:
 *
 *     error[invalid-value]: spec.ports[0].port: Invalid value: 0: must be between 1 and 65535
 *      --> web.yaml:9:11
 *       |
 *     9 |   - port: 0
 *       |           ^ not a port
 *     help: ...
 */
export function renderDiagnostic(diagnostic: Diagnostic, paint: Paint): string {
  const { severity, code, message, at, label = '', related = [], help } = diagnostic
  const frames = [
    ...(at === undefined ? [] : [{ at: at.span(), label, mark: paint[severity] }]),
    ...related.map((other) => ({ at: other.at.span(), label: other.label, mark: paint.gutter })),
  ]
  const margin = Math.max(
    0,
    ...frames.map((it) => String(positionOf(it.at.source, it.at.start).line).length),
  )
  const lines = [
    `${paint[severity](`${severity}[${code}]`)}${paint.strong(`: ${printable(message)}`)}`,
    ...frames.flatMap((it) => drawn(it, ' '.repeat(margin), paint)),
  ]
  if (help !== undefined) lines.push(`${paint.gutter('help:')} ${printable(help)}`)
  return `${lines.join('\n')}\n`
}

/** A place alone: where it is, the line, and a mark under what is meant. */
export function renderPlace(
  at: Place,
  label: string,
  mark: (text: string) => string,
  paint: Paint,
): string {
  const span = at.span()
  const margin = ' '.repeat(String(positionOf(span.source, span.start).line).length)
  return `${drawn({ at: span, label, mark }, margin, paint).join('\n')}\n`
}

interface Frame {
  readonly at: Span
  readonly label: string
  readonly mark: (text: string) => string
}

function drawn({ at, label, mark }: Frame, margin: string, paint: Paint): readonly string[] {
  const { source, start, end, origin } = at
  const { line, column } = positionOf(source, start)
  const { text, indent, width } = excerpt(lettersOf(source), start - column + 1, start, end)
  const carets = ' '.repeat(indent) + mark(`${'^'.repeat(width)} ${printable(label)}`.trimEnd())
  const from = origin === undefined ? '' : ` (${printable(origin)})`
  return [
    `${paint.gutter(`${margin}-->`)} ${printable(source.name)}:${line}:${column}${from}`,
    paint.gutter(`${margin} |`),
    `${paint.gutter(`${String(line).padStart(margin.length)} |`)} ${text}`.trimEnd(),
    `${paint.gutter(`${margin} |`)} ${carets}`,
  ]
}

const widest = 120
const before = 40

/** A line fit to be shown: no control characters, one column a character, cut when very long. */
function excerpt(
  letters: Letters,
  lineStart: number,
  offset: number,
  end: number,
): { text: string; indent: number; width: number } {
  const close = lineEnd(letters, lineStart, offset, widest + 1)
  const start = Math.min(offset, close)
  const isLong = close - lineStart > widest
  const cutFront =
    isLong && start - lineStart > before ? betweenLetters(letters, start - before) : lineStart
  const cutBack = Math.min(close, betweenLetters(letters, cutFront + widest))
  const markEnd = Math.max(start, Math.min(end, cutBack))
  const front = (cutFront > lineStart ? '…' : '') + printable(letters.slice(cutFront, start))
  const marked = printable(letters.slice(start, markEnd))
  const rest = printable(letters.slice(markEnd, cutBack))
  const back = cutBack < close ? '…' : ''
  return {
    text: (front + marked + rest + back).trimEnd(),
    indent: columnsOf(front),
    width: Math.max(1, columnsOf(marked)),
  }
}

/** Never within a pair of surrogates, which is one letter. */
function betweenLetters(letters: Letters, at: number): number {
  const isWithin =
    at < letters.length && letters.code(at - 1) >> 10 === 0x36 && letters.code(at) >> 10 === 0x37
  return isWithin ? at - 1 : at
}

/** How many columns of a terminal a text takes: Chinese, Japanese and Korean letters take two. */
function columnsOf(text: string): number {
  // Made when they are needed: V8 looks through all of Unicode for them.
  const wide =
    /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u
  const combining = /[\p{Mn}\p{Me}\u200b-\u200f]/u
  let columns = 0
  for (const letter of text) columns += wide.test(letter) ? 2 : combining.test(letter) ? 0 : 1
  return columns
}
