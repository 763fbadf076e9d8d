import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Diagnostic } from '../../src/diagnostic/diagnostic.ts'
import { plain, renderDiagnostic } from '../../src/diagnostic/frame.ts'
import { isFields, type Path, type ReadDocument } from '../../src/manifest/document.ts'
import { readDocuments } from '../../src/manifest/read.ts'

/** What the reader makes of a text: its documents, and what it has to say about it. */
export function documentsIn(text: string, diagnostics: Diagnostic[] = []): ReadDocument[] {
  return [...readDocuments({ name: 'web.yaml', text }, (it) => diagnostics.push(it))]
}

export function valuesIn(text: string): unknown[] {
  return documentsIn(text).map(({ value }) => value)
}

export function diagnosticsOf(text: string): Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  documentsIn(text, diagnostics)
  return diagnostics
}

/** The frames that a person would see. */
export function complaintsAbout(text: string): string {
  return diagnosticsOf(text)
    .map((diagnostic) => renderDiagnostic(diagnostic, plain))
    .join('')
}

/** One line for each complaint: where, and what. */
export function linesAbout(text: string): string[] {
  return diagnosticsOf(text).map(({ at, code, message }) => {
    const start = at?.span().start
    return `${start} ${code}: ${message}`
  })
}

/** The ways to everything in a value, the value itself first. */
export function* pathsIn(value: unknown, path: Path = []): Generator<[Path, unknown]> {
  yield [path, value]
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* pathsIn(item, [...path, index])
  } else if (isFields(value)) {
    for (const [key, field] of Object.entries(value)) yield* pathsIn(field, [...path, key])
  }
}

/** Manifests as they come: printed by kubectl, rendered by Helm, and written by hand. */
export function manifest(name: string): string {
  return readFileSync(join('fixtures/reader', name), 'utf8')
}

export const manifests = ['by-hand.yaml', 'helm.yaml', 'kubectl-list.yaml', 'kubectl.yaml'].map(
  manifest,
)
