import { type Diagnostic, isError } from '../diagnostic/diagnostic.ts'
import { lineOf, positionOf, type Source, type Span } from '../diagnostic/source.ts'
import { annotatedIn, annotations } from '../object/annotation.ts'
import type { Cluster } from '../object/cluster.ts'
import { placeOf } from '../object/written.ts'
import { commentsIn } from './ignore-comment.ts'

export interface Sifted {
  readonly kept: readonly Diagnostic[]
  readonly ignored: number
}

/**
 * Leaves out what the manifests ask to leave out: by the annotation `nodeport.io/ignore: code,code`
 * for a whole object or the template in it, or by a comment `# nodeport-ignore code: reason` on or
 * above the line. What an API server would refuse stays.
 */
export function withoutIgnored(
  diagnostics: readonly Diagnostic[],
  { sources, cluster }: { readonly sources: readonly Source[]; readonly cluster: Cluster },
  codes: readonly string[] = [],
): Sifted {
  // Most manifests are right, and then nothing in them is looked for.
  if (diagnostics.every(isError)) return { kept: diagnostics, ignored: 0 }
  const isAnnotated = annotationsOf(cluster)
  const hasComments = sources.some((source) => commentsIn(source).size > 0)
  const kept = diagnostics.filter((diagnostic) => {
    const { code, at } = diagnostic
    if (isError(diagnostic)) return true
    if (codes.includes(code)) return false
    // To find the span of a fault, its document is read again: most need none here.
    if (at === undefined || (isAnnotated === undefined && !hasComments)) return true
    const span = at.span()
    return !(isAnnotated?.(span, code) || isCommented(span, code))
  })
  return { kept, ignored: diagnostics.length - kept.length }
}

/** The codes in the value of an annotation. */
export function codesIn(text: string): readonly string[] {
  return text.split(',').flatMap((part) => part.trim() || [])
}

/** A stretch of a source in which some findings are to be ignored. */
interface Ignoring {
  readonly start: number
  readonly end: number
  readonly codes: readonly string[]
}

type Ignored = Map<Source, Ignoring[]>

/** Whether an annotation covers a fault; nothing where there is none. */
function annotationsOf(cluster: Cluster): ((span: Span, code: string) => boolean) | undefined {
  // Objects lie one after another, and so do the templates in them: two lists that can be searched.
  const objects: Ignored = new Map()
  const templates: Ignored = new Map()
  for (const { annotations: written, object, path } of annotatedIn(cluster)) {
    const value = written[annotations.ignore.name]
    if (value === undefined || object.origin === undefined) continue
    const owner = path.slice(0, -2)
    const { source, start, end } = placeOf(object.origin, owner, 'whole').span()
    const list = owner.length === 0 ? objects : templates
    const others = list.get(source) ?? []
    list.set(source, others)
    others.push({ start, end, codes: codesIn(value) })
  }
  if (objects.size + templates.size === 0) return undefined
  const lists = [objects, templates]
  for (const list of lists) for (const [, its] of list) its.sort((a, b) => a.start - b.start)
  return ({ source, start }, code) =>
    lists.some((list) => lastBefore(list.get(source) ?? [], start)?.codes.includes(code))
}

/** The stretch that an offset is in. */
function lastBefore(stretches: readonly Ignoring[], offset: number): Ignoring | undefined {
  let low = 0
  let high = stretches.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((stretches[middle]?.start ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  const found = stretches[low - 1]
  return found !== undefined && offset <= found.end ? found : undefined
}

/** On the line itself, or on a line of nothing but comment right above it. */
function isCommented({ source, start }: Span, code: string): boolean {
  const comments = commentsIn(source)
  if (comments.size === 0) return false
  const { line } = positionOf(source, start)
  for (let at = line; at === line || isComment(lineOf(source, at, mostBlanks)); at--) {
    if (comments.get(at)?.some((comment) => comment.code === code)) return true
  }
  return false
}

/** Nobody has so many before a comment. */
const mostBlanks = 1000

function isComment(line: string): boolean {
  return /^\s*#/.test(line)
}
