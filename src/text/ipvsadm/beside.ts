import { printable } from '../../diagnostic/printable.ts'
import {
  lineOfCause,
  type RealServer,
  type Table,
  type VirtualServer,
} from '../../table/virtual-server.ts'
import type { Beside } from './list.ts'

/** Marks real servers that nobody runs yet; a table without any gets no column at all. */
export function simulatedMarks(table: Table): Beside | undefined {
  const any = table.some(({ realServers }) => realServers.some(({ simulated }) => simulated))
  if (!any) return undefined
  return { title: '', of: (_, real) => (real?.simulated ? 'simulated' : '') }
}

/** What we know of each row and the kernel does not, in columns; `-` for what is somebody else's. */
export function wideColumns(table: Table): Beside {
  const cells = new Map(table.map((server) => [server, causeCells(server)]))
  const widest = (index: number): number =>
    Math.max(
      titles[index]?.length ?? 0,
      ...[...cells.values()].map((row) => row[index]?.length ?? 0),
    )
  const widths = titles.map((_, index) => widest(index))
  const row = (texts: readonly string[]): string =>
    texts
      .map((text, index) => text.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd()
  return {
    title: row(titles),
    of: (server, real) =>
      real === undefined ? row(cells.get(server) ?? []) : `  ${realServerNote(real)}`,
  }
}

const titles = ['SERVICE', 'PORT', 'KIND', 'MANIFEST']

function causeCells({ cause, entry = '-' }: VirtualServer): readonly string[] {
  // Rules that were applied are ours, though no Service asks for them.
  if (cause === undefined) return titles.map((_, index) => (index === 0 ? printable(entry) : '-'))
  const line = lineOfCause(cause)
  const place = line === undefined ? '-' : `${line.file}:${line.line}`
  return [cause.service, cause.port, cause.kind, place].map(printable)
}

function realServerNote({ name, simulated, drained }: RealServer): string {
  const words = [
    name,
    simulated ? '(simulated)' : undefined,
    drained === undefined ? undefined : drained === '' ? '(drained)' : `(drained: ${drained})`,
  ]
  return printable(words.filter((word) => word !== undefined).join(' '))
}
