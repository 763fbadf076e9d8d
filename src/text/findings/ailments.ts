import type { Paint } from '../../diagnostic/frame.ts'
import { printable } from '../../diagnostic/printable.ts'
import type { Ailment } from '../../terrain/ailments.ts'

/** What a machine suffers from, for people: what was seen, what comes of it, and what mends it. */
export function printAilments(all: readonly Ailment[], paint: Paint): string {
  return all.map((ailment) => printAilment(ailment, paint)).join('\n')
}

function printAilment(
  { code, severity, message, seen, client, mend }: Ailment,
  paint: Paint,
): string {
  const head = `${paint[severity](`${severity}[${code}]`)}${paint.strong(`: ${printable(message)}`)}`
  const rows = [
    ['seen:', seen],
    ['a client:', client],
    ...mend.split('\n').map((line, index) => [index === 0 ? 'mended by:' : '', line]),
  ]
  const lines = rows.map(([label = '', text = '']) => `  ${label.padEnd(11)}${printable(text)}`)
  return `${[head, ...lines].join('\n')}\n`
}

/** The same for scripts. */
export function ailmentFields(all: readonly Ailment[]): object {
  const findings = all.map(({ code, severity, message, seen, client, mend }) => {
    return { code, severity, message, seen, client, help: mend }
  })
  return { apiVersion: 'nodeport.io/v1', kind: 'Diagnosis', findings }
}
