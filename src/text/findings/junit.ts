import { printable } from '../../diagnostic/printable.ts'
import { countOf, type Finding, type Findings } from './finding.ts'

/**
 * The findings as JUnit's XML, which most pipelines can show: one suite a file, one failed case a
 * finding, and one passed case for a file in which nothing was found.
 */
export function printJUnitFindings({ findings, files }: Findings): string {
  const byFile = new Map<string, Finding[]>(files.map((file) => [file, []]))
  for (const finding of findings) {
    const file = finding.place?.file ?? ''
    const others = byFile.get(file)
    if (others === undefined) byFile.set(file, [finding])
    else others.push(finding)
  }
  const suites = [...byFile]
  const total = suites.reduce((sum, [, among]) => sum + Math.max(1, among.length), 0)
  const failures = findings.length - countOf(findings, 'note')
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="nodeport check" tests="${total}" failures="${failures}">
${suites.map(([file, among]) => suite(file, among)).join('')}</testsuites>
`
}

function suite(file: string, findings: readonly Finding[]): string {
  const name = escapeXML(file === '' ? 'nodeport' : file)
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
  const where = place === undefined ? '' : ` ${place.line}:${place.column}`
  const body = [
    `${severity}[${code}]: ${message}`,
    ...(place === undefined
      ? []
      : [` --> ${place.file}:${place.line}:${place.column}`, ` | ${place.text}`]),
    ...(help === undefined ? [] : [`help: ${help}`]),
  ]
    .map(escapeXML)
    .join('\n')
  const tag = severity === 'note' ? 'system-out' : 'failure'
  const attributes =
    severity === 'note' ? '' : ` type="${severity}" message="${escapeXML(message)}"`
  return `    <testcase classname="${file}" name="${escapeXML(`${code}${where}`)}">
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
