import { printable } from '../../diagnostic/printable.ts'
import { countOf, type Finding, type Findings } from './finding.ts'

/**
 * The findings as JUnit's XML, which most pipelines can show: one suite a file, one failed case a
 * finding, and one passed case for a file in which nothing was found.
 */
export function printJUnitFindings({ findings, files }: Findings): string {
  const failures = findings.filter(({ severity }) => severity !== 'note').length
  const names = [...new Set([...files, ...findings.map(fileOf)])]
  const suites = names.map((file) =>
    suite(
      file,
      findings.filter((it) => fileOf(it) === file),
    ),
  )
  const total = names.reduce((sum, file) => {
    return sum + Math.max(1, findings.filter((it) => fileOf(it) === file).length)
  }, 0)
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="nodeport check" tests="${total}" failures="${failures}">
${suites.join('')}</testsuites>
`
}

function fileOf({ place }: Finding): string {
  return place?.file ?? ''
}

function suite(file: string, findings: readonly Finding[]): string {
  const name = escapeXML(file)
  const failures = findings.length - countOf(findings, 'note')
  const cases =
    findings.length === 0
      ? `    <testcase classname="${name}" name="nothing found"/>\n`
      : findings.map((finding) => testCase(name, finding)).join('')
  return `  <testsuite name="${name}" tests="${Math.max(1, findings.length)}" failures="${failures}">
${cases}  </testsuite>
`
}

function testCase(file: string, { code, severity, message, help, place }: Finding): string {
  const where = place === undefined ? '' : `:${place.line}:${place.column}`
  const name = escapeXML(`${code}${place === undefined ? '' : ` line ${place.line}`}`)
  const body = [
    `${severity}[${code}]: ${message}`,
    ...(place === undefined ? [] : [` --> ${place.file}${where}`, ` | ${place.text}`]),
    ...(help === undefined ? [] : [`help: ${help}`]),
  ]
    .map(escapeXML)
    .join('\n')
  const tag = severity === 'note' ? 'system-out' : 'failure'
  const attributes =
    severity === 'note' ? '' : ` type="${severity}" message="${escapeXML(message)}"`
  return `    <testcase classname="${file}" name="${name}">
      <${tag}${attributes}>${body}</${tag}>
    </testcase>
`
}

function escapeXML(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/[\ufffe\uffff]/g, '')
}
