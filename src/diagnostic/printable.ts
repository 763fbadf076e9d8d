/**
 * A text in which nothing can move a cursor, change a colour or hide a letter: what a manifest
 * says reaches the terminal as letters only. Tabs become spaces, the rest is shown as `\x1b`.
 */
export function printable(text: string): string {
  return text.replace(unprintable, (letter) => {
    if (letter === '\t') return ' '
    const code = letter.codePointAt(0) ?? 0
    const hex = code.toString(16)
    return code < 256 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`
  })
}

// C0 and C1 controls, line and paragraph separators, direction overrides, lone surrogates.
const unprintable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is for
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu
