import { isRecord } from '../ledger/shape.ts'

export type Fields = Readonly<Record<string, unknown>>

/** What `nft -j` prints, entry by entry; nothing where it printed something else. */
export function nftEntries(json: string): readonly Fields[] {
  try {
    const read: unknown = JSON.parse(json)
    const all = isRecord(read) ? read.nftables : undefined
    return Array.isArray(all) ? all.filter(isRecord) : []
  } catch {
    return []
  }
}
