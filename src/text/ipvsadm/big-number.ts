/**
 * A count in nine columns: from 10^8 on in thousands (K), millions (M), and so on, rounded down.
 * Where even that is too wide, columns touch.
 */
export function bigNumber(count: bigint): string {
  if (count < 100_000_000n) return String(count).padStart(9)
  if (count < 1_000_000_000n) return `${String(count / 1_000n).padStart(8)}K`
  if (count < 100_000_000_000n) return `${String(count / 1_000_000n).padStart(8)}M`
  if (count < 100_000_000_000_000n) return `${String(count / 1_000_000_000n).padStart(8)}G`
  return `${String(count / 1_000_000_000_000n).padStart(8)}T`
}

/** The same under `--exact`: every digit, and at least one blank before it. */
export function exactNumber(count: bigint): string {
  const digits = String(count)
  return digits.length <= 8 ? digits.padStart(9) : ` ${digits}`
}
