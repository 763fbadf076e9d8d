/** What must be so for a transaction to be made. */
export type Condition =
  | { readonly key: string; readonly is: 'absent' }
  | { readonly key: string; readonly is: 'modified'; readonly at: number }
  | { readonly key: string; readonly is: 'value'; readonly value: string }

export type Operation =
  | { readonly put: string; readonly value: string; readonly lease?: string | undefined }
  | { readonly remove: string }

/** What is done as a whole, where all its conditions are met, or not at all. */
export interface Transaction {
  readonly conditions: readonly Condition[]
  readonly operations: readonly Operation[]
}

/** A server takes no larger ones, if nobody has told it otherwise. */
export const mostOperations = 128
/** Nor longer ones: some is left for what goes around it. */
export const mostBytes = 1_000_000
