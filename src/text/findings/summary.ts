import { countOf, type Findings } from './finding.ts'

/**
 * A whole check in one line: `2 errors, 1 warning in 3 objects of 2 files (1 ignored, 2 notes hidden:
 * --level note shows them)`.
 */
export function printSummary(findings: Findings): string {
  const { objects, files, ignored } = findings
  const aside = [...(ignored === 0 ? [] : [`${ignored} ignored`]), ...hiddenIn(findings)]
  const where = `in ${plural(objects, 'object')} of ${namesOf(files)}`
  return `${countsOf(findings)} ${where}${aside.length === 0 ? '' : ` (${aside.join(', ')})`}\n`
}

function countsOf({ findings }: Findings): string {
  const counts = (['error', 'warning', 'note'] as const).flatMap((severity) => {
    const count = countOf(findings, severity)
    return count === 0 ? [] : plural(count, severity)
  })
  return counts.length === 0 ? 'nothing found' : counts.join(', ')
}

function hiddenIn({ hidden: { warning, note } }: Findings): string[] {
  const counts = [
    ...(warning === 0 ? [] : [plural(warning, 'warning')]),
    ...(note === 0 ? [] : [plural(note, 'note')]),
  ]
  if (counts.length === 0) return []
  const isOne = warning + note === 1
  const level = note > 0 ? 'note' : 'warning'
  return [`${counts.join(' and ')} hidden: --level ${level} shows ${isOne ? 'it' : 'them'}`]
}

function namesOf(files: readonly string[]): string {
  const others = files.filter((file) => file !== '-').length
  const input = others < files.length ? ['standard input'] : []
  return [...(others > 0 || input.length === 0 ? [plural(others, 'file')] : []), ...input].join(
    ' and ',
  )
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
