import type { Paint } from '../../diagnostic/frame.ts'
import type { ListPaint } from './list.ts'

/** The colours of a listing: titles step back, what takes no new connections stands out. */
export function listPaint({ gutter, strong, warning }: Paint): ListPaint {
  return {
    title: gutter,
    server: strong,
    realServer: (text, { weight }) => (weight === 0 ? warning(text) : text),
  }
}
