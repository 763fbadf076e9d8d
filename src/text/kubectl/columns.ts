/** How wide columns are: kubectl has one way for its tables and another for `describe`. */
export interface ColumnStyle {
  readonly minimum: number
  readonly padding: number
}

export const tableStyle: ColumnStyle = { minimum: 6, padding: 3 }
export const describeStyle: ColumnStyle = { minimum: 0, padding: 2 }

/**
 * Lines of cells, set below each other as Go's tabwriter does. A column reaches over the lines that
 * follow each other and have a cell to the right of it: the last cell of a line belongs to none, so
 * it is never padded and makes nothing wider.
 */
export function alignColumns(
  lines: readonly (readonly string[])[],
  { minimum, padding }: ColumnStyle,
): string {
  const widths = lines.map(() => [] as number[])
  let reaching = [...lines.keys()]
  for (let column = 0; reaching.length > 0; column++) {
    reaching = reaching.filter((line) => column < (lines[line]?.length ?? 0) - 1)
    for (let start = 0, end = 0; start < reaching.length; start = end) {
      let width = minimum
      for (let line = reaching[start]; line !== undefined && reaching[end] === line; line++) {
        width = Math.max(width, lengthOf(lines[line]?.[column] ?? '') + padding)
        end += 1
      }
      for (const line of reaching.slice(start, end)) widths[line]?.push(width)
    }
  }
  return lines
    .map((cells, line) => {
      const padded = cells.map((cell, column) => {
        const width = widths[line]?.[column]
        return width === undefined ? cell : cell + ' '.repeat(Math.max(0, width - lengthOf(cell)))
      })
      return `${padded.join('')}\n`
    })
    .join('')
}

/** In letters, not in units of UTF-16; most cells are ASCII, where both are the same. */
function lengthOf(text: string): number {
  let length = text.length
  for (let i = 0; i < text.length - 1; i++) {
    const code = text.charCodeAt(i)
    if (code >= 0xd800 && code < 0xdc00) length -= 1
  }
  return length
}
