import type { Diagnostic, Report } from '../diagnostic/diagnostic.ts'
import type { Source } from '../diagnostic/source.ts'
import { stretchesOf } from '../manifest/stretches.ts'
import type { Cluster } from '../object/cluster.ts'
import { type ReadOptions, readCluster } from '../object/read-cluster.ts'
import { checkAnnotations } from '../table/check-annotations.ts'
import type { Settings } from '../table/service-settings.ts'

export interface ShelfOptions extends ReadOptions {
  /** What holds where no annotation says otherwise. */
  readonly settings: Settings
}

/** A file as it is kept between two readings: document by document, each with its objects. */
export interface Shelved {
  readonly name: string
  readonly pages: readonly Page[]
  /** What is wrong with the file as a whole. */
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * One document, as a source of its own: whatever keeps a piece of its text keeps alive no more than
 * this one.
 */
export interface Page {
  /** Where it stands may change while it stays the same, so that its line is set anew. */
  readonly source: Source & { linesBefore: number }
  readonly cluster: Cluster
  readonly diagnostics: readonly Diagnostic[]
}

export function emptyFile(name: string): Shelved {
  return { name, pages: [], diagnostics: [] }
}

/** Reads a file again. Documents that say what they said before are not read again. */
export function reshelve(old: Shelved, source: Source, options: ShelfOptions): Shelved {
  const diagnostics: Diagnostic[] = []
  const stretches = [...stretchesOf(source, (it) => void diagnostics.push(it))]
  const stays = stayingPages(old.pages, source.text, stretches)
  let linesBefore = 0
  const pages = stretches.map((stretch, index) => {
    const known = stays[index]
    if (known !== undefined) known.source.linesBefore = linesBefore
    const page = known ?? newPage(source, stretch, linesBefore, options)
    // The line of dashes between two documents belongs to neither.
    linesBefore += lineBreaksIn(page.source.text) + 1
    return page
  })
  return { name: source.name, pages, diagnostics }
}

interface Extent {
  readonly start: number
  readonly end: number
}

/** Most changes are in one place: what stands before and after it is found from both ends. */
function stayingPages(
  pages: readonly Page[],
  text: string,
  stretches: readonly Extent[],
): (Page | undefined)[] {
  const stays = new Array<Page | undefined>(stretches.length)
  const most = Math.min(pages.length, stretches.length)
  let front = 0
  for (; front < most; front++) {
    const page = pages[front]
    if (!says(page, text, stretches[front])) break
    stays[front] = page
  }
  for (let back = 1; back <= most - front; back++) {
    const page = pages[pages.length - back]
    if (!says(page, text, stretches[stretches.length - back])) break
    stays[stretches.length - back] = page
  }
  return stays
}

function says(page: Page | undefined, text: string, extent: Extent | undefined): boolean {
  if (page === undefined || extent === undefined) return false
  const { text: own, firstBad } = page.source
  return (
    firstBad === undefined &&
    own.length === extent.end - extent.start &&
    text.startsWith(own, extent.start)
  )
}

function newPage(
  { name, text, firstBad }: Source,
  { start, end }: Extent,
  linesBefore: number,
  options: ShelfOptions,
): Page {
  const bad = firstBad === undefined || firstBad >= end ? undefined : Math.max(0, firstBad - start)
  const source = { name, text: copyOf(text.slice(start, end)), firstBad: bad, linesBefore }
  const diagnostics: Diagnostic[] = []
  const report: Report = (diagnostic) => void diagnostics.push(diagnostic)
  const cluster = readCluster([source], options, report)
  checkAnnotations(cluster, options.settings, report)
  return { source, cluster, diagnostics }
}

/** A slice keeps the whole text alive that it is a slice of; a text put together anew does not. */
function copyOf(slice: string): string {
  return slice.length === 0 ? '' : ` ${slice}`.slice(1)
}

function lineBreaksIn(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1
  return count
}
