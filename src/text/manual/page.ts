/** A page of the manual, of one verb or of the whole program. */
export interface ManualPage {
  /** `nodeport-apply` */
  readonly name: string
  readonly summary: string
  readonly version: string
  /** What one types. */
  readonly synopsis: string
  readonly sections: readonly ManualSection[]
  readonly examples: readonly (readonly [typed: string, purpose: string])[]
  /** Names of other pages. */
  readonly seeAlso: readonly string[]
}

/** What there is of one sort, and what each of it means. */
export interface ManualSection {
  readonly title: string
  readonly terms: readonly (readonly [term: string, meaning: string])[]
}

/** As troff takes it, by the macros of man(7). */
export function printManualPage(page: ManualPage): string {
  const { name, summary, version, synopsis, sections, examples, seeAlso } = page
  const lines = [
    `.TH ${name.toUpperCase()} 1 "" "nodeport ${version}" "User Commands"`,
    '.SH NAME',
    `${plain(name)} \\- ${plain(summary)}`,
    '.SH SYNOPSIS',
    `.B ${plain(synopsis)}`,
  ]
  for (const { title, terms } of sections) {
    lines.push(`.SH ${title.toUpperCase()}`)
    for (const [term, meaning] of terms) lines.push('.TP', `.B ${plain(term)}`, plain(meaning))
  }
  if (examples.length > 0) lines.push('.SH EXAMPLES')
  for (const [typed, purpose] of examples) {
    lines.push('.TP', `.B ${plain(typed)}`, purpose === '' ? '\\&' : plain(purpose))
  }
  if (seeAlso.length > 0) {
    lines.push('.SH SEE ALSO', seeAlso.map((other) => `.BR ${plain(other)} (1)`).join(' ,\n'))
  }
  return `${lines.join('\n')}\n`
}

/** Nothing in it is a request, and a hyphen is one that can be typed. */
function plain(text: string): string {
  const escaped = text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll('…', '...')
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped
}
