// How Go writes values, which is how the API server's sentences show them.

/** A text as `%q` shows it: in double quotes, with whatever cannot be printed escaped. */
export function quote(text: string): string {
  return plain.test(text) ? `"${text}"` : `"${text.replace(unprintable(), escaped)}"`
}

/** A value as `json.Marshal` writes it: like JSON.stringify, and safe inside HTML. */
export function json(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (letter) => `\\u${hex(letter, 4)}`)
}

/** How many bytes a text has in UTF-8, which is what Go's `len` counts. */
export function byteLength(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    // A pair of surrogates is two units and four bytes: one more byte each.
    if (code >= 0x80) bytes += code < 0x800 || (code & 0xf800) === 0xd800 ? 1 : 2
  }
  return bytes
}

const plain = /^[ !#-[\]-~]*$/

/** It takes V8 longer to read this expression than to run most verbs: only when it is needed. */
function unprintable(): RegExp {
  return /["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu
}

const short: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}

function escaped(letter: string): string {
  const known = short[letter]
  if (known !== undefined) return known
  const code = letter.codePointAt(0) ?? 0
  if (code < 0x80) return `\\x${hex(letter, 2)}`
  return code < 0x10000 ? `\\u${hex(letter, 4)}` : `\\U${hex(letter, 8)}`
}

function hex(letter: string, width: number): string {
  return (letter.codePointAt(0) ?? 0).toString(16).padStart(width, '0')
}
