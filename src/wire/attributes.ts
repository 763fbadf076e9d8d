import type { Family } from '../address/ip.ts'
import type { Field } from './ipvs.ts'
import { littleEndian } from './kind.ts'

const lastKnown = 31

/**
 * Where the attributes of one nest stand. They are found in one pass and read when they are asked
 * for: in any order, and unknown ones are passed over, since a newer kernel may say more.
 */
export class Attributes {
  #view: DataView = new DataView(new ArrayBuffer(0))
  readonly #starts = new Int32Array(lastKnown + 1)
  readonly #lengths = new Int32Array(lastKnown + 1)

  /** Finds what stands between two places; what was found before is forgotten. */
  find(view: DataView, start: number, end: number): void {
    this.#view = view
    this.#starts.fill(0)
    let at = start
    while (at + 4 <= end) {
      const length = view.getUint16(at, littleEndian)
      if (length < 4 || at + length > end) {
        throw new RangeError(`a netlink attribute of ${length} bytes`)
      }
      // The two highest bits say how it is made, not what it is.
      const type = view.getUint16(at + 2, littleEndian) & 0x3fff
      if (type <= lastKnown) {
        this.#starts[type] = at + 4
        this.#lengths[type] = length - 4
      }
      at += (length + 3) & ~3
    }
  }

  /** Looks into an attribute that holds others; answers if it is there. */
  findIn(outer: Attributes, type: number): boolean {
    const start = outer.#starts[type] ?? 0
    if (start === 0) return false
    this.find(outer.#view, start, start + (outer.#lengths[type] ?? 0))
    return true
  }

  has({ type }: { readonly type: number }): boolean {
    return this.#starts[type] !== 0
  }

  get<T, A>({ type, kind }: Field<T>, absent: A, family: Family): T | A {
    const start = this.#starts[type] ?? 0
    const length = this.#lengths[type] ?? 0
    if (start === 0 || length < kind.least) return absent
    return kind.read(this.#view, start, length, family)
  }
}
