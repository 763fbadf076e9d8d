/** A long text in the making, line by line. */
export class Lines {
  #lines: string[] = []
  readonly #done: string[] = []

  add(line: string): void {
    this.#lines.push(line)
    // Many lines in one text take less room than the pieces that each was put together from.
    if (this.#lines.length === 64) this.#finish()
  }

  /** Every line with its end. */
  print(): string {
    this.#finish()
    return this.#done.join('')
  }

  #finish(): void {
    if (this.#lines.length > 0) this.#done.push(`${this.#lines.join('\n')}\n`)
    this.#lines = []
  }
}
