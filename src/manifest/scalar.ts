/** What a plain scalar means. */
export type Scalar = string | number | boolean | null

/**
 * A plain scalar as kubectl reads it. kubectl parses YAML 1.1 with goyaml v2: `010` is 8, `0o17`
 * is 15, `1_000` is 1000, `yes`, `on` and `y` are booleans, and `12:30` is a string.
 */
export function kubectlScalar(text: string): Scalar {
  const first = text.charCodeAt(0)
  if (!mayMeanMore(first) && text !== '') return text
  const isDigit = first >= 48 && first <= 57
  if (isDigit && isNoNumber(text)) return text
  const word = words.get(text)
  if (word !== undefined) return word
  if (first === 46 /* . */) return goFloat(text)
  if (first !== 43 && first !== 45 && !isDigit) return text
  const digits = text.includes('_') ? text.replaceAll('_', '') : text
  const integer = goInteger(digits)
  if (integer !== undefined) return integer
  if (!/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(digits)) return text
  const float = Number(digits)
  return Number.isFinite(float) ? float : text
}

/** The same scalar as YAML 1.2's core schema reads it, which is what most other tools do. */
export function yaml12Scalar(text: string): Scalar {
  if (/^(null|Null|NULL|~|)$/.test(text)) return null
  if (/^(true|True|TRUE)$/.test(text)) return true
  if (/^(false|False|FALSE)$/.test(text)) return false
  if (/^0o[0-7]+$/.test(text)) return Number.parseInt(text.slice(2), 8)
  if (/^0x[0-9a-fA-F]+$/.test(text)) return Number.parseInt(text.slice(2), 16)
  if (/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(text)) return Number(text)
  if (/^[-+]?\.(inf|Inf|INF)$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  if (/^\.(nan|NaN|NAN)$/.test(text)) return Number.NaN
  return text
}

/** Addresses and UIDs begin with digits too: two dots tell, and a dash behind neither `e` nor `E`. */
function isNoNumber(text: string): boolean {
  let dots = 0
  for (let at = 1; at < text.length; at++) {
    const letter = text.charCodeAt(at)
    if (letter === 46 /* . */) {
      dots += 1
      if (dots === 2) return true
    } else if (letter === 45 /* - */ && (text.charCodeAt(at - 1) | 32) !== 101) return true
  }
  return false
}

/** goyaml looks at the first letter before anything else: signs, digits, `.`, `~` and yYnNtTfFoO. */
function mayMeanMore(code: number): boolean {
  return hints[code] === 1
}

const hints = new Uint8Array(128)
for (const letter of '+-.0123456789yYnNtTfFoO~') hints[letter.charCodeAt(0)] = 1

// From resolve.go of goyaml v2, as vendored by sigs.k8s.io/yaml.
const words = new Map<string, Scalar>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(
    (word): [string, Scalar] => [word, true],
  ),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(
    (word): [string, Scalar] => [word, false],
  ),
  ...['', '~', 'null', 'Null', 'NULL'].map((word): [string, Scalar] => [word, null]),
  ...['.nan', '.NaN', '.NAN'].map((word): [string, Scalar] => [word, Number.NaN]),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word): [string, Scalar] => [
    word,
    Number.POSITIVE_INFINITY,
  ]),
  ...['-.inf', '-.Inf', '-.INF'].map((word): [string, Scalar] => [word, Number.NEGATIVE_INFINITY]),
])

/** Go's ParseInt with base 0: the prefix tells the base, and a zero in front means octal. */
function goInteger(text: string): number | undefined {
  const match = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/.exec(
    text,
  )
  if (match === null) return undefined
  const [, sign, hex, binary, octal, decimal] = match
  const digits = hex ?? binary ?? octal ?? decimal ?? ''
  const base = hex !== undefined ? 16 : binary !== undefined ? 2 : octal !== undefined ? 8 : 10
  const size = base === 10 && digits.length < 16 ? Number(digits) : Number.parseInt(digits, base)
  // Beyond 64 bits Go gives up, and the text is tried as a float, which is decimal.
  if (size >= 2 ** 64 || (sign === '-' && size > 2 ** 63)) return undefined
  return sign === '-' && size !== 0 ? -size : size
}

/** Go's ParseFloat, for texts that begin with a dot: underscores may only part digits. */
function goFloat(text: string): Scalar {
  if (!/^\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+)?$/.test(text)) return text
  const float = Number(text.replaceAll('_', ''))
  return Number.isFinite(float) ? float : text
}
