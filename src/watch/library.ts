import { type Diagnostic, hasErrors } from '../diagnostic/diagnostic.ts'
import type { Source } from '../diagnostic/source.ts'
import { emptyFile, type Page, reshelve, type ShelfOptions, type Shelved } from './shelf.ts'

/** What there is to read anew, and what is not there any more. */
export interface News {
  readonly changed: readonly Source[]
  readonly gone: readonly string[]
}

/** What news make of all that counts. */
export interface Turnover {
  readonly added: readonly Page[]
  readonly gone: readonly Page[]
  /** What is wrong with what was read now. */
  readonly diagnostics: readonly Diagnostic[]
}

interface Book {
  readonly latest: Shelved
  /** The last one without a mistake: this is what counts. */
  readonly good: Shelved | undefined
}

/**
 * All files of a source. One with a mistake in it counts as it was when it last had none, as a
 * whole: half of what it says may stand beyond the mistake.
 */
export class Library {
  readonly #options: ShelfOptions
  readonly #books = new Map<string, Book>()
  readonly #broken = new Set<string>()

  constructor(options: ShelfOptions) {
    this.#options = options
  }

  /** Files that have a mistake in them now. */
  get broken(): ReadonlySet<string> {
    return this.#broken
  }

  /** Is it known what a file says, or what it said when it last had no mistake? */
  isUnknown(name: string): boolean {
    return this.#broken.has(name) && this.#books.get(name)?.good === undefined
  }

  take({ changed, gone }: News): Turnover {
    const out: Page[] = []
    const into: Page[] = []
    const diagnostics: Diagnostic[] = []
    for (const name of gone) {
      out.push(...(this.#books.get(name)?.good?.pages ?? []))
      this.#books.delete(name)
      this.#broken.delete(name)
    }
    for (const source of changed) {
      const { latest = emptyFile(source.name), good } = this.#books.get(source.name) ?? {}
      const next = reshelve(latest, source, this.#options)
      diagnostics.push(...newFaults(latest, next))
      const isGood = !isBroken(next)
      this.#books.set(source.name, { latest: next, good: isGood ? next : good })
      if (!isGood) {
        this.#broken.add(source.name)
        continue
      }
      this.#broken.delete(source.name)
      const before = new Set(good?.pages)
      for (const page of next.pages) if (!before.delete(page)) into.push(page)
      out.push(...before)
    }
    return { added: into, gone: out, diagnostics }
  }
}

function isBroken({ diagnostics, pages }: Shelved): boolean {
  return hasErrors(diagnostics) || pages.some((page) => hasErrors(page.diagnostics))
}

function newFaults(old: Shelved, { diagnostics, pages }: Shelved): readonly Diagnostic[] {
  const known = new Set(old.pages)
  return [...diagnostics, ...pages.flatMap((page) => (known.has(page) ? [] : page.diagnostics))]
}
