import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseRules } from '../../../src/text/ipvsadm/parse-rules.ts'

// Rows that are like others are read without a look at every word: nothing else may come of that. A
// line that ends with blanks of its own number is like no other, and is read word by word.

/** Mostly the usual one, so that many rows are alike, and a run does not end at once. */
function mostly<T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: odd })
}

const usualEnd = fc.constantFrom('10.0.0.1:80', '10.0.0.2:80', '10.0.0.2:81', '10.0.0.3:65535')
const oddEnd = fc.constantFrom(
  ...[
    '[fd00::1]:80',
    '[fd00::2]:80',
    '[FD00::3]:80',
    '[::ffff:1.2.3.4]:80',
    'fd00::1',
    '[fd00::1]',
  ],
  ...['10.0.0.1', '010.0.0.1:80', '10.0.0.1:0', '10.0.0.1:http', '10.0.0.1:65536', '224.0.0.1:80'],
  ...['300.1.1.1:80', ':80', '0.0.0.0:80', '10.0.0.1:080'],
)
const end = mostly(usualEnd, oddEnd)
const protocol = mostly(fc.constant('-t'), fc.constant('-u'))
const addService = fc
  .tuple(
    protocol,
    end,
    mostly(fc.constant('-s rr'), fc.constantFrom('-s rrr', '-p 60', '-s wlc -o')),
  )
  .map(([of, address, rest]) => `-A ${of} ${address} ${rest}`)
const addRealServer = fc
  .tuple(
    protocol,
    end,
    end,
    mostly(fc.constantFrom('-m -w 1', '-g -w 2'), fc.constantFrom('-i', '-m -x 1 -y 2')),
  )
  .map(([of, address, to, rest]) => `-a ${of} ${address} -r ${to} ${rest}`)
const other = fc.constantFrom(
  ...['-D -t 10.0.0.1:80', '-C', '-a -r 10.0.0.1:80 -t 10.0.0.2:80 -m', '-A -f 7 -s rr', ''],
  ...[
    '-a -f 7 -r 10.0.0.1:80 -m',
    '-d -t 10.0.0.1:80 -r 10.0.0.2:80',
    '-a -t10.0.0.1:80 -r10.0.0.2:80',
  ],
  ...[
    'ipvsadm -A -t 10.0.0.1:80',
    '-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w 1 x',
    '--set 1 2 3',
    '-h',
  ],
)
const line = mostly(
  fc.oneof(
    { weight: 2, arbitrary: addService },
    { weight: 4, arbitrary: addRealServer },
    { weight: 1, arbitrary: usualEnd.map((address) => `-D -t ${address}`) },
  ),
  other,
)
const lines = fc.array(line, { minLength: 2, maxLength: 16 })

test('a row that is like another means what it says', () => {
  fc.assert(
    fc.property(lines, (rules) => {
      const wordByWord = rules.map((rule, index) => rule + ' '.repeat(index + 1))
      expect(restored(rules)).toEqual(restored(wordByWord))
    }),
    { numRuns: 3000 },
  )
})

function restored(rules: readonly string[]) {
  const said: string[] = []
  const text = `${rules.join('\n')}\n`
  const { table, status, stderr } = parseRules(
    { name: 'rules', text },
    ({ message, at, related }) => {
      const marked = [at, ...(related ?? []).map((one) => one.at)].map((place) => {
        const span = place?.span()
        return span && text.slice(span.start, span.end).trimEnd()
      })
      said.push(`${message}: ${marked.join(', ')}`)
    },
  )
  return { table, status, stderr, said }
}
