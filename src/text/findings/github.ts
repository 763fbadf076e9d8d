import { printable } from '../../diagnostic/printable.ts'
import { type Finding, type Findings, relative } from './finding.ts'

const commands = { error: 'error', warning: 'warning', note: 'notice' } as const

/** The findings as workflow commands: GitHub shows each beside its line in the changed files. */
export function printGitHubFindings({ findings }: Findings): string {
  return findings.map(command).join('')
}

function command({ code, severity, message, help, place }: Finding): string {
  const properties = [
    ...(place === undefined || place.file === '-'
      ? []
      : [
          `file=${escapeProperty(relative(place.file))}`,
          `line=${place.line}`,
          `endLine=${place.endLine}`,
          // Columns over several lines make GitHub drop the annotation.
          ...(place.line === place.endLine
            ? [`col=${place.column}`, `endColumn=${place.endColumn}`]
            : []),
        ]),
    `title=${escapeProperty(code)}`,
  ]
  const text = help === undefined ? message : `${message}\nhelp: ${help}`
  return `::${commands[severity]} ${properties.join(',')}::${escapeMessage(text)}\n`
}

function escapeMessage(text: string): string {
  return text.split('\n').map(printable).join('\n').replaceAll('%', '%25').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
