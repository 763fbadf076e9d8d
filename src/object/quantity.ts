/** A quantity such as `500m`, `2Ki` or `1e3` as a number; undefined where a text is none. */
export function parseQuantity(text: string): number | undefined {
  const match = /^([-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))([eE][-+]?[0-9]+|[a-zA-Z]*)$/.exec(text)
  if (match === null) return undefined
  const [, digits = '', suffix = ''] = match
  if (/^[eE]./.test(suffix)) return Number(digits + suffix)
  const scale = scales.get(suffix)
  return scale === undefined ? undefined : Number(digits) * scale
}

const scales: ReadonlyMap<string, number> = new Map([
  ['n', 1e-9],
  ['u', 1e-6],
  ['m', 1e-3],
  ['', 1],
  ...['k', 'M', 'G', 'T', 'P', 'E'].map((suffix, i): [string, number] => [suffix, 1000 ** (i + 1)]),
  ...['K', 'M', 'G', 'T', 'P', 'E'].map((suffix, i): [string, number] => [
    `${suffix}i`,
    1024 ** (i + 1),
  ]),
])
