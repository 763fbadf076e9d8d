import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseRules } from '../../../src/text/ipvsadm/parse-rules.ts'

// Rows that are like others are read without a look at every word: nothing else may come of that. A
// line that ends with blanks of its own number is like no other, and is read word by word.

const end = fc.constantFrom(
  ...['10.0.0.1:80', '10.0.0.2:80', '10.0.0.2:81', '[fd00::1]:80', '[fd00::2]:80', '[FD00::3]:80'],
  ...['10.0.0.1', '010.0.0.1:80', '10.0.0.1:0', '10.0.0.1:http', '10.0.0.1:65536', '224.0.0.1:80'],
  ...['[::ffff:1.2.3.4]:80', 'fd00::1', '[fd00::1]', '300.1.1.1:80', ':80', '0.0.0.0:80'],
)
const protocol = fc.constantFrom('-t', '-t', '-u')
const addService = fc
  .tuple(protocol, end, fc.constantFrom('-s rr', '-s rr', '-s rrr', '-p 60', '-s wlc -o'))
  .map(([of, address, rest]) => `-A ${of} ${address} ${rest}`)
const addRealServer = fc
  .tuple(protocol, end, end, fc.constantFrom('-m -w 1', '-m -w 1', '-g -w 2', '-i', '-m -x 1 -y 2'))
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
const lines = fc.array(
  fc.oneof({ weight: 3, arbitrary: addService }, { weight: 6, arbitrary: addRealServer }, other),
  {
    minLength: 1,
    maxLength: 12,
  },
)

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
