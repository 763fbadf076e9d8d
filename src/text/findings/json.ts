import { countOf, type Findings } from './finding.ts'

/** The findings as one JSON object, for scripts. */
export function printJSONFindings({ findings, files, objects, ignored }: Findings): string {
  const summary = {
    errors: countOf(findings, 'error'),
    warnings: countOf(findings, 'warning'),
    notes: countOf(findings, 'note'),
    ignored,
    files: files.length,
    objects,
  }
  const report = { apiVersion: 'nodeport.io/v1', kind: 'Findings', summary, findings }
  return `${JSON.stringify(report, undefined, 2)}\n`
}
