import type { Finding, FindingPlace, Findings } from '../../src/text/findings/finding.ts'

// Findings as they are before they are printed. Each builder fills in what a test does not care about.

export function finding(parts: Partial<Finding>): Finding {
  return { code: 'no-endpoints', severity: 'warning', message: 'nobody answers', ...parts }
}

export function place(parts: Partial<FindingPlace>): FindingPlace {
  return {
    file: 'web.yaml',
    line: 1,
    column: 1,
    endLine: 1,
    endColumn: 2,
    text: 'kind: Service',
    ...parts,
  }
}

export function findings(among: readonly Finding[], files = ['web.yaml']): Findings {
  return {
    findings: among,
    files,
    objects: 1,
    ignored: 0,
    hidden: { error: 0, warning: 0, note: 0 },
    rules: [
      { code: 'no-endpoints', severity: 'warning', summary: 'a Service has endpoints' },
      { code: 'invalid-value', severity: 'error', summary: 'a value keeps to the rules' },
    ],
    version: '1.2.3',
  }
}
