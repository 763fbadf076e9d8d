import { carriageReturn, lineFeed, space, tab } from '../../diagnostic/codes.ts'

/** A word of a rule, and where it begins. */
export interface Word {
  readonly text: string
  readonly start: number
}

export interface RuleLine {
  /** None where no word counts. */
  readonly words: readonly Word[]
  /** `ipvsadm -R` passes over it in silence. */
  readonly lost: boolean
  /** Where the next line begins. */
  readonly end: number
}

/**
 * The line of a text that begins at a place, as `ipvsadm -R` splits it. There are no quotes and no
 * comments, and the word `ipvsadm` is dropped wherever it stands. A last line without an end is read
 * like others, but lost where two blanks or more stand behind its last word.
 */
export function ruleLineAt(text: string, start: number): RuleLine {
  const words: Word[] = []
  let at = start
  for (let code = text.charCodeAt(at); at < text.length; code = text.charCodeAt(at)) {
    if (code === lineFeed) return { words, lost: false, end: at + 1 }
    if (isBlank(code)) at += 1
    else {
      const word = wordAt(text, at)
      if (word.text !== 'ipvsadm') words.push(word)
      at = endOfWord(text, at)
    }
  }
  return { words, lost: /[ \t\r]{2}$/.test(text.slice(-2)), end: at }
}

function isBlank(code: number): boolean {
  return code === space || code === tab || code === carriageReturn
}

export function endOfWord(text: string, start: number): number {
  let at = start + 1
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === lineFeed || isBlank(code)) break
    at += 1
  }
  return at
}

/** For ipvsadm a word ends at NUL, though the next begins at a blank. */
export function wordAt(text: string, start: number): Word {
  const whole = text.slice(start, endOfWord(text, start))
  const nul = whole.indexOf('\0')
  return { text: nul < 0 ? whole : whole.slice(0, nul), start }
}
