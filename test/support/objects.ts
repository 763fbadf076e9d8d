import type { Diagnostic } from '../../src/diagnostic/diagnostic.ts'
import type { Cluster } from '../../src/object/cluster.ts'
import { type ReadOptions, readCluster } from '../../src/object/read-cluster.ts'

/** What was read from some texts, and what was said about them. */
export interface Read {
  readonly cluster: Cluster
  readonly found: readonly Diagnostic[]
}

export function read(texts: string | readonly string[], options: ReadOptions = {}): Read {
  const found: Diagnostic[] = []
  const sources = [texts].flat().map((text, index) => ({ name: `${index}.yaml`, text }))
  const cluster = readCluster(sources, options, (diagnostic) => found.push(diagnostic))
  return { cluster, found }
}

/** The errors in a text, in words. */
export function errorsIn(texts: string | readonly string[], options: ReadOptions = {}): string[] {
  return messagesOf(read(texts, options), 'error')
}

export function warningsIn(text: string): string[] {
  return messagesOf(read(text), 'warning')
}

/** The text that a diagnostic points at, up to the end of its line. */
export function pointedAt({ at }: Diagnostic): string | undefined {
  if (at === undefined) return undefined
  const { source, start, end } = at.span()
  return source.text.slice(start, end).split('\n')[0]
}

/** A Service with a name and that spec, which is YAML. */
export function service(spec: string, metadata = '{name: web}'): string {
  return `apiVersion: v1\nkind: Service\nmetadata: ${metadata}\nspec: ${spec}\n`
}

function messagesOf({ found }: Read, severity: string): string[] {
  return found.filter((one) => one.severity === severity).map(({ message }) => message)
}
