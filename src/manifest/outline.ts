/** From the first letter of something to behind its last: offsets in the text of a source. */
export type Extent = readonly [start: number, end: number]

/**
 * What is where in a document. A node is a value of the document under a number that means something
 * to its outline alone. What an outline has found it remembers, so that many places in one document
 * cost little more than one.
 */
export interface Outline {
  readonly root: number
  /** Where one step from a node leads; nowhere when the document does not say. */
  readonly follow: (node: number, step: string | number) => Entry | undefined
  /** Nothing where the value of a node is not written. */
  readonly extent: (node: number) => Extent | undefined
  /** Whether a node is a mapping or a list over many lines, which its key shows better. */
  readonly isBlock: (node: number) => boolean
}

export interface Entry {
  /** In mappings only. */
  readonly key: Extent | undefined
  readonly node: number
}

/** What a mapping or a list contains: where its keys or items stand, as its outline counts. */
export interface Contents {
  readonly keys: ReadonlyMap<string, number>
  readonly items: readonly number[]
}

export const nothing: Contents = { keys: new Map(), items: [] }
