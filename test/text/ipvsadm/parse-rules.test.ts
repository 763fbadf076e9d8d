import { describe, expect, test } from '@jest/globals'
import { parseIP } from '../../../src/address/ip.ts'
import type { Diagnostic } from '../../../src/diagnostic/diagnostic.ts'
import { plain, renderDiagnostic } from '../../../src/diagnostic/frame.ts'
import { identityOf } from '../../../src/table/virtual-server.ts'
import { parseRules, type RulesContext } from '../../../src/text/ipvsadm/parse-rules.ts'

function complaintsAbout(text: string, context?: RulesContext): string[] {
  return diagnosticsOf(text, context).map((diagnostic) => renderDiagnostic(diagnostic, plain))
}

function diagnosticsOf(text: string, context?: RulesContext): Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  parseRules({ name: 'rules.txt', text }, (found) => diagnostics.push(found), context)
  return diagnostics
}

/** The words under the carets. */
function markedIn(text: string): (string | undefined)[] {
  return diagnosticsOf(text).map(({ at }) => {
    const span = at?.span()
    return span && text.slice(span.start, span.end)
  })
}

describe('a complaint points at the word at fault', () => {
  const base = '-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.1.0.1:80 -m\n'

  test.each([
    ['-A -t 10.0.0.1:80', '10.0.0.1:80'],
    ['-A --tcp-service=10.0.0.1:80', '10.0.0.1:80'],
    ['-A -t 10.0.0.2:80 -srrr', 'rrr'],
    ['-A -t 10.0.0.2:80 --pe=sap', 'sap'],
    ['-A -t 10.0.0.2:70000', '70000'],
    ['-A -t 10.0.0.2:nowhere', 'nowhere'],
    ['-A -t [2001:db8::1]', '[2001:db8::1]'],
    ['-A -t 10.0.0.300:80', '10.0.0.300'],
    ['-A -t 10.0.0.2:80 -s sh -b sh-port,mh-port', 'mh-port'],
    ['-A -t 10.0.0.2:80 -p 0', '0'],
    ['-A -t 10.0.0.2:80 -w 5', '5'],
    ['-A -t 10.0.0.2:80 -s rr -s wrr', 'wrr'],
    ['-A -s rr', '-A'],
    ['-A -t 10.0.0.2:80 -oX', '-oX'],
    ['-A -t 10.0.0.2:80 --schedular rr', '--schedular'],
    ['-A -t 10.0.0.2:80 now', 'now'],
    ['-a -t 10.0.0.1:80 -r 10.1.0.1:80 -m', '10.1.0.1:80'],
    ['-a -t 10.0.0.1:80 -r 10.1.0.2 -x 1 -y 2', '2'],
    ['-a -t 10.0.0.1:80 -r 224.0.0.1', '224.0.0.1'],
    ['-a -t 10.0.0.1:80 -r [2001:db8::1]:80', '[2001:db8::1]:80'],
    ['-a -t 10.0.0.1:80 -r 10.1.0.2 --tun-port 5', '5'],
    ['-e -t 10.0.0.1:80 -r 10.1.0.2:80 -m', '10.1.0.2:80'],
    ['-d -t 10.0.0.9:80 -r 10.1.0.2:80', '10.0.0.9:80'],
    ['# a comment', '#'],
  ])('%s', (rule, word) => {
    expect(markedIn(`${base}${rule}\n`)).toEqual([word])
  })
})

test('what is added twice is shown in both places', () => {
  expect(complaintsAbout('-A -t 10.0.0.1:80 -s rr\n-A --tcp-service=10.1:80\n')).toEqual([
    `error[ipvsadm-refusal]: Service already exists
 --> rules.txt:2:18
  |
2 | -A --tcp-service=10.1:80
  |                  ^^^^^^^ added again here
 --> rules.txt:1:7
  |
1 | -A -t 10.0.0.1:80 -s rr
  |       ^^^^^^^^^^^ first added here
`,
  ])
})

test('a scheduler that is nearly one is named', () => {
  expect(complaintsAbout('-A -t 10.0.0.1:80 -s wrrr\n')).toEqual([
    `error[ipvsadm-refusal]: Scheduler or persistence engine not found
 --> rules.txt:1:22
  |
1 | -A -t 10.0.0.1:80 -s wrrr
  |                      ^^^^ not a scheduler
help: did you mean "wrr"?
`,
  ])
})

test('the name of a host is refused, not looked up', () => {
  expect(complaintsAbout('-A -t web.example:80\n')).toEqual([
    `error[host-name]: "web.example" is the name of a host, and names are not looked up
 --> rules.txt:1:7
  |
1 | -A -t web.example:80
  |       ^^^^^^^^^^^ not an address
help: write the address of the host
`,
  ])
})

test('the name of a host is looked up where somebody can', () => {
  const lookup = { host: () => parseIP('192.0.2.1'), port: () => 8080 }
  const source = { name: 'rules.txt', text: '-A -t web.example:www\n' }
  const { table } = parseRules(source, () => {}, { lookup })
  expect(table.map(identityOf)).toEqual(['TCP 192.0.2.1:8080'])
})

describe('names of ports that everybody knows', () => {
  test.each([
    ['-t 10.0.0.1:http', 'TCP 10.0.0.1:80'],
    ['-u 10.0.0.1:domain', 'UDP 10.0.0.1:53'],
    ['--sctp-service 10.0.0.1:diameter', 'SCTP 10.0.0.1:3868'],
    ['-t [2001:db8::1]:https', 'TCP [2001:db8::1]:443'],
  ])('%s', (server, identity) => {
    const { table } = parseRules({ name: 'rules.txt', text: `-A ${server}\n` }, () => {})
    expect(table.map(identityOf)).toEqual([identity])
  })
})

describe('a run that ends', () => {
  const text = '-A -t 10.0.0.1:80\n-A -t 10.0.0.2\n-A -t 10.0.0.3:80\n-A -t 10.0.0.1:80 -w 1\n'

  test('leaves what was made before', () => {
    const { table, status, stderr } = parseRules({ name: 'rules.txt', text }, () => {})
    expect(table.map(identityOf)).toEqual(['TCP 10.0.0.1:80'])
    expect(status).toBe(2)
    expect(stderr).toBe('Zero port specified for non-persistent service\n')
  })

  test('does not keep us from reading on', () => {
    expect(diagnosticsOf(text).map(({ message }) => message)).toEqual([
      'Zero port specified for non-persistent service',
      "Illegal 'weight' option with the 'add-service' command",
    ])
  })
})

describe('what ipvsadm passes over in silence is pointed out', () => {
  test('a last line with two blanks behind it', () => {
    expect(complaintsAbout('-A -t 10.0.0.1:80  ')).toEqual([
      `warning[lost-rule]: ipvsadm never reads this: two blanks stand behind it, and no line break
 --> rules.txt:1:1
  |
1 | -A -t 10.0.0.1:80
  | ^^^^^^^^^^^^^^^^^
help: end the line with a line break
`,
    ])
  })

  test('all that stands behind -h', () => {
    const text = '-h\n-A -t 10.0.0.1:80\n-A -t 10.0.0.1:80\n'
    expect(diagnosticsOf(text).map(({ code }) => code)).toEqual(['lost-rule'])
    expect(markedIn(text)).toEqual(['-A -t 10.0.0.1:80'])
  })

  test('what no table holds', () => {
    const text = '--set 900 120 300\n--start-daemon master\n-Z\n-Ln\n-S\n'
    expect(diagnosticsOf(text).map(({ message }) => message)).toEqual([
      '"--set" is about timeouts, which no table holds',
      '"--start-daemon" is about the daemon that tells other hosts of connections, which no table holds',
    ])
  })
})

test('a scheduler is known where the kernel has it', () => {
  const modules = { schedulers: new Set(['twos']), engines: new Set<string>() }
  expect(diagnosticsOf('-A -t 10.0.0.1:80 -s twos\n', { modules })).toEqual([])
  expect(diagnosticsOf('-A -t 10.0.0.1:80 -s rr\n', { modules })).toHaveLength(1)
})
