import { type Paint, plain } from '../diagnostic/frame.ts'
import type { ColourWish } from './world.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Colours where a person looks on. A flag goes before FORCE_COLOR, that before NO_COLOR, and all
 * before what the stream is.
 */
export async function paintFor(
  isTerminal: boolean,
  wish: ColourWish,
  environment: Environment,
): Promise<Paint> {
  if (!wantsColour(isTerminal, wish, environment)) return plain
  const { Chalk } = await import('chalk')
  const { red, yellow, cyan, blue, bold } = new Chalk({ level: 1 })
  return {
    error: (text) => bold(red(text)),
    warning: (text) => bold(yellow(text)),
    note: (text) => bold(cyan(text)),
    gutter: (text) => bold(blue(text)),
    strong: (text) => bold(text),
  }
}

function wantsColour(isTerminal: boolean, wish: ColourWish, environment: Environment): boolean {
  if (wish !== 'auto') return wish === 'always'
  const { FORCE_COLOR, NO_COLOR, TERM } = environment
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false
  return isTerminal && TERM !== 'dumb'
}
