/** What the host asks of the lab: one command. */
export interface Request {
  readonly argv: readonly string[]
  readonly stdin: string
  readonly env: Readonly<Record<string, string>>
  /** The name of a network namespace; the first one where there is none. */
  readonly namespace: string | undefined
  readonly milliseconds: number
  /**
   * Whether it is nodeport, which is run by a process that stays there: to start one anew takes
   * longer than most of what it does.
   */
  readonly stays: boolean
}

/** What the process that stays is asked, and answers, in a line each. */
export type Errand = { readonly number: number } & Pick<Request, 'argv' | 'stdin' | 'env'>
export type ErrandDone = { readonly number: number } & Outcome

export interface Outcome {
  /** 128 and the number of the signal where one ended it, as a shell says it. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}
