/**
 * A text in which nothing can move a cursor, change a colour or hide a letter: what a manifest
 * says reaches the terminal as letters only. Tabs become spaces, the rest is shown as `\x1b`.
 */
export function printable(text: string): string {
  if (plain.test(text)) return text
  return text.replace(unprintable(), (letter) => {
    if (letter === '\t') return ' '
    const code = letter.codePointAt(0) ?? 0
    const hex = code.toString(16)
    return code < 256 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`
  })
}

const plain = /^[ -~]*$/

/**
 * Controls, what is invisible or turns the direction of text, line ends, and lone surrogates. To
 * read such an expression takes V8 longer than most that is done at a start: only when it is needed.
 */
function unprintable(): RegExp {
  return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\p{Surrogate}/gu
}
