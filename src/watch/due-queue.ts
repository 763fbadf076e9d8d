/** What is due at which time, the earliest first: a heap, so that thousands cost little. */
export class DueQueue<T> {
  readonly #heap: { readonly at: number; readonly what: T }[] = []

  /** When the first is due. */
  get first(): number | undefined {
    return this.#heap[0]?.at
  }

  push(at: number, what: T): void {
    const heap = this.#heap
    heap.push({ at, what })
    for (let index = heap.length - 1; index > 0; ) {
      const above = (index - 1) >> 1
      if (!this.#swapUnlessInOrder(above, index)) break
      index = above
    }
  }

  /** Takes the first one out, if it is due. */
  pop(now: number): T | undefined {
    const [first] = this.#heap
    if (first === undefined || first.at > now) return undefined
    const last = this.#heap.pop()
    if (last !== undefined && last !== first) {
      this.#heap[0] = last
      this.#sink()
    }
    return first.what
  }

  #sink(): void {
    const { length } = this.#heap
    for (let index = 0; ; ) {
      const left = 2 * index + 1
      if (left >= length) return
      const right = left + 1
      const least = right < length && this.#at(right) < this.#at(left) ? right : left
      if (!this.#swapUnlessInOrder(index, least)) return
      index = least
    }
  }

  #swapUnlessInOrder(above: number, below: number): boolean {
    const upper = this.#heap[above]
    const lower = this.#heap[below]
    if (upper === undefined || lower === undefined || upper.at <= lower.at) return false
    this.#heap[above] = lower
    this.#heap[below] = upper
    return true
  }

  #at(index: number): number {
    return this.#heap[index]?.at ?? Number.POSITIVE_INFINITY
  }
}
