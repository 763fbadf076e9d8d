/** What the shell is told. The README has the table; changing a number is a breaking change. */
export const ExitCode = {
  Done: 0,
  /** The answer is no: manifests in error, differences, findings. */
  No: 1,
  /** Wrong usage, or input that cannot be read or judged. */
  Usage: 2,
  /** The world refused, and nothing was changed. */
  Refused: 3,
  /** Partly applied, and it could not be undone. */
  Partly: 4,
  /** The program is wrong, and says so. */
  Bug: 70,
  Interrupted: 130,
  ClosedPipe: 141,
} as const
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]
