/** A word of a rule, and where it begins. */
export interface Word {
  readonly text: string
  readonly start: number
}

/** A line with at least one word that counts. */
export interface RuleLine {
  readonly words: readonly Word[]
  /** `ipvsadm -R` passes over it in silence. */
  readonly lost: boolean
}

const newline = 10
const space = 32
const tab = 9
const carriageReturn = 13

/**
 * The lines of a text as `ipvsadm -R` splits them. There are no quotes and no comments, and the
 * word `ipvsadm` is dropped wherever it stands. A last line without an end is read like others,
 * but lost where two blanks or more stand behind its last word.
 */
export function* ruleLines(text: string): Generator<RuleLine> {
  let words: Word[] = []
  let at = 0
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === newline) {
      if (words.length > 0) yield { words, lost: false }
      words = []
      at += 1
    } else if (isBlank(code)) at += 1
    else {
      const start = at
      at = endOfWord(text, start)
      const word = wordAt(text, start, at)
      if (word.text !== 'ipvsadm') words.push(word)
    }
  }
  if (words.length > 0) yield { words, lost: /[ \t\r]{2}$/.test(text.slice(-2)) }
}

function isBlank(code: number): boolean {
  return code === space || code === tab || code === carriageReturn
}

function endOfWord(text: string, start: number): number {
  let at = start + 1
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === newline || isBlank(code)) break
    at += 1
  }
  return at
}

/** For ipvsadm a word ends at NUL, though the next begins at a blank. */
function wordAt(text: string, start: number, end: number): Word {
  const whole = text.slice(start, end)
  const nul = whole.indexOf('\0')
  return { text: nul < 0 ? whole : whole.slice(0, nul), start }
}
