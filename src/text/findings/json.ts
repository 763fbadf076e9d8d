import { countOf, type Findings, jsonText } from './finding.ts'

/** The findings as one JSON object, for scripts. */
export function printJSONFindings({ findings, files, objects, ignored, hidden }: Findings): string {
  const summary = {
    errors: countOf(findings, 'error'),
    warnings: countOf(findings, 'warning'),
    notes: countOf(findings, 'note'),
    ignored,
    hidden: hidden.error + hidden.warning + hidden.note,
    files: files.length,
    objects,
  }
  const report = { apiVersion: 'nodeport.io/v1', kind: 'Findings', summary, findings }
  return `${jsonText(report)}\n`
}
