import page from '../../docs/diagnostics.md'
import { printable } from '../diagnostic/printable.ts'
import { didYouMean } from '../diagnostic/suggest.ts'
import { everyComplaint } from '../object/complaints.ts'
import { ailments } from '../terrain/ailments.ts'
import { alignColumns, describeStyle } from '../text/kubectl/columns.ts'
import { type World, WorldError } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'

/** Prints what docs/diagnostics.md says of a finding, or the codes of them all. */
export function explainCode(code: string | undefined, world: World): ExitCode {
  world.print(code === undefined ? listOfCodes() : sectionOf(code))
  return ExitCode.Done
}

/** What manifests may suffer from, and what machines may. */
const everyKind = [...everyComplaint, ...ailments]

function listOfCodes(): string {
  const sorted = everyKind.toSorted((a, b) => (a.code < b.code ? -1 : 1))
  const lines = sorted.map(({ code, severity, summary }) => [code, severity, summary])
  return alignColumns(lines, describeStyle)
}

function sectionOf(code: string): string {
  const known = everyKind.map((rule) => rule.code)
  if (!known.includes(code)) {
    throw new WorldError(`there is no finding "${printable(code)}"`, {
      kind: 'input',
      help: didYouMean(code, known) ?? '`nodeport explain` lists them all',
    })
  }
  const start = page.indexOf(`\n## ${code}\n`)
  if (start < 0) return summaryOf(code)
  // A heading of the page, and not a line of an example, stands behind an empty line.
  const length = page.slice(start + 1).search(/\n\n##? /)
  return page.slice(start + 1, length < 0 ? undefined : start + 2 + length)
}

/** There is a page for every finding; this is for the one that is being written. */
function summaryOf(code: string): string {
  const rule = everyKind.find((it) => it.code === code)
  return `${rule?.severity}[${code}]: ${rule?.summary}\n`
}
