/** What the host asks of the lab: one command. */
export interface Request {
  readonly argv: readonly string[]
  readonly stdin: string
  readonly env: Readonly<Record<string, string>>
  /** The name of a network namespace; the first one where there is none. */
  readonly namespace: string | undefined
  readonly milliseconds: number
}

export interface Outcome {
  /** 128 and the number of the signal where one ended it, as a shell says it. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}
