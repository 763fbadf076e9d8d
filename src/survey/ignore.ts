import type { Diagnostic } from '../diagnostic/diagnostic.ts'
import { lineOf, positionOf, type Span } from '../diagnostic/source.ts'
import type { Cluster } from '../object/cluster.ts'
import type { KubernetesObject } from '../object/metadata.ts'
import { placeOf } from '../object/written.ts'

/** `nodeport.io/ignore: code,code` on an object leaves its findings of these kinds out. */
export const ignoreAnnotation = 'nodeport.io/ignore'

export interface Sifted {
  readonly kept: readonly Diagnostic[]
  readonly ignored: number
}

/**
 * Leaves out what the manifests ask to leave out: by annotation for a whole object, or by a comment
 * `# nodeport-ignore code: reason` on or above the line. What an API server would refuse stays.
 */
export function withoutIgnored(
  diagnostics: readonly Diagnostic[],
  cluster: Cluster,
  codes: readonly string[],
): Sifted {
  const objects = annotatedObjects(cluster)
  const kept = diagnostics.filter(({ code, severity, at }) => {
    if (severity === 'error') return true
    if (codes.includes(code)) return false
    const span = at?.span()
    return (
      span === undefined || !(commentIgnores(span, code) || annotationIgnores(objects, span, code))
    )
  })
  return { kept, ignored: diagnostics.length - kept.length }
}

interface Annotated {
  readonly extent: Span
  readonly codes: readonly string[]
}

function annotatedObjects(cluster: Cluster): readonly Annotated[] {
  const { services, slices, endpoints, pods, nodes, namespaces, workloads } = cluster
  const objects: readonly KubernetesObject[][] = [
    [...services],
    [...slices],
    [...endpoints],
    [...pods],
    [...nodes],
    [...namespaces],
    [...workloads],
  ]
  return objects.flat().flatMap(({ annotations, origin }) => {
    const value = annotations[ignoreAnnotation]
    if (value === undefined || origin === undefined) return []
    return [{ extent: placeOf(origin, []).span(), codes: namesIn(value) }]
  })
}

function annotationIgnores(objects: readonly Annotated[], span: Span, code: string): boolean {
  return objects.some(
    ({ extent, codes }) =>
      extent.source === span.source &&
      extent.start <= span.start &&
      span.start <= extent.end &&
      codes.includes(code),
  )
}

function commentIgnores({ source, start }: Span, code: string): boolean {
  const { line } = positionOf(source, start)
  if (comment(lineOf(source, line)).includes(code)) return true
  for (let above = line - 1; above >= 1; above--) {
    const text = lineOf(source, above)
    if (!/^\s*#/.test(text)) return false
    if (comment(text).includes(code)) return true
  }
  return false
}

function comment(line: string): readonly string[] {
  const found = /(?:^|\s)#\s*nodeport-ignore\s+([^:#]+)/.exec(line)?.[1]
  return found === undefined ? [] : namesIn(found)
}

function namesIn(text: string): string[] {
  return text.split(',').map((name) => name.trim())
}
