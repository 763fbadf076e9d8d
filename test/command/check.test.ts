import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { run, type Written } from '../support/console.ts'

const folder = mkdtempSync(join(tmpdir(), 'nodeport-check-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What `nodeport check` writes about some text on standard input. */
function check(text: string, ...flags: string[]): Promise<Written> {
  return run(['check', '-f', '-', ...flags], folder, text)
}

const service = (spec: string, name = 'web'): string =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: ${spec}\n`

const clean = service('{ports: [{port: 80}]}')
const warned = service('{ports: [{port: 80}], externalIPs: [203.0.113.7]}')
const noted = service('{type: NodePort, ports: [{port: 80, nodePort: 31000}]}')
const wrong = service('{ports: [{port: 0, targetPort: 80}]}')
const deprecated = 'external-ips-deprecated'

describe('the exit code', () => {
  test.each<[string, string, string[], number]>([
    ['of nothing found', clean, [], 0],
    ['of a note', noted, [], 0],
    ['of a note that is shown', noted, ['--level', 'note'], 0],
    ['of a warning', warned, [], 1],
    ['of a warning where errors are asked for', warned, ['--fail-on', 'error'], 0],
    ['of a warning that is ignored', warned, ['--ignore', deprecated], 0],
    ['of a warning that is not shown', warned, ['--level', 'error'], 0],
    ['of an error', wrong, [], 1],
    ['of an error where errors are asked for', wrong, ['--fail-on', 'error'], 1],
    ['of text that is no YAML', 'a: [', [], 1],
    ['of no objects', '', [], 2],
    ['of nothing but comments', '# nothing\n---\n', [], 2],
    ['of no objects, where that is allowed', '', ['--allow-empty'], 0],
    ['of objects that are none of ours', 'apiVersion: v1\nkind: Secret\n', [], 0],
  ])('%s', async (_, text, flags, exit) => {
    expect(await check(text, ...flags)).toMatchObject({ exit })
  })

  test.each<[string, string[], string]>([
    [
      'no manifests',
      ['check'],
      'error: must specify -f\nhelp: name a file, a directory, or - for standard input\n',
    ],
    [
      'a file that is not there',
      ['check', '-f', 'no.yaml'],
      'error: the path "no.yaml" does not exist\n',
    ],
    [
      'a code that there is not',
      ['check', '-f', '-', '--ignore', 'no-endpoint'],
      'error: --ignore: there is no finding "no-endpoint"\nhelp: did you mean "no-endpoints"?\n',
    ],
    [
      'the code of an error',
      ['check', '-f', '-', '--ignore', `${deprecated},invalid-value`],
      'error: --ignore: "invalid-value" is an error, which cannot be ignored\n',
    ],
    [
      'a format that there is not',
      ['check', '-f', '-', '--format', 'jsn'],
      `error: option '--format <format>' argument 'jsn' is invalid. it is one of text, json, github, sarif, junit; did you mean "json"?\n`,
    ],
    [
      'a flag that there is not',
      ['check', '--formt', 'json'],
      "error: unknown option '--formt'\n(Did you mean --format?)\n",
    ],
    [
      'a file before the format that it is for',
      ['check', '-f', '-', '--output', 'a.json', '--format', 'json'],
      "error: option '--output <file>' argument 'a.json' is invalid. it stands behind the --format that it is for.\n",
    ],
    [
      'two documents on standard output',
      ['check', '-f', '-', '--format', 'json', '--format', 'sarif'],
      'error: --format json must be alone on standard output\nhelp: give the others files of their own with --output\n',
    ],
  ])('of %s', async (_, args, err) => {
    expect(await run(args, folder)).toEqual({ both: err, out: '', err, exit: 2 })
  })
})

describe('the summary', () => {
  test.each<[string, string, string[], string]>([
    ['nothing', clean, [], 'nothing found in 1 object of standard input'],
    [
      'what is hidden',
      noted,
      [],
      'nothing found in 1 object of standard input (1 note hidden: --level note shows it)',
    ],
    ['notes that are shown', noted, ['--level', 'note'], '1 note in 1 object of standard input'],
    [
      'what is ignored',
      warned,
      ['--ignore', deprecated],
      'nothing found in 1 object of standard input (1 ignored)',
    ],
    [
      'all kinds',
      `${wrong}---\n${warned.replace('web', 'b')}---\n${noted.replace('web', 'c')}`,
      ['--level', 'note'],
      '1 error, 1 warning, 1 note in 3 objects of standard input',
    ],
  ])('counts %s', async (_, text, flags, line) => {
    expect((await check(text, ...flags)).err).toBe(`${line}\n`)
  })

  test('counts files, whatever is in them', async () => {
    const files = ['a.yaml', 'b.yml', 'c.json', 'd.txt']
    const many = join(folder, 'many')
    mkdirSync(many)
    for (const file of files) writeFileSync(join(many, file), '')
    writeFileSync(join(many, 'a.yaml'), clean)
    const { err } = await run(
      ['check', '-f', 'many', '-f', '-'],
      folder,
      warned.replace('web', 'b'),
    )
    expect(err).toBe('1 warning in 2 objects of 3 files and standard input\n')
  })

  test('-v names the kinds that were passed over', async () => {
    const others = ['v1/ConfigMap', 'cert-manager.io/v1/Certificate', 'v1/ConfigMap'].map((kind) =>
      kind.replace(/(.*)\/(.*)/, 'apiVersion: $1\nkind: $2\nmetadata: {name: a}\n---\n'),
    )
    const { err, exit } = await check(`${others.join('')}${clean}`, '-v')
    expect(err).toBe(
      'passed over: 2 ConfigMap, 1 Certificate.cert-manager.io\nnothing found in 1 object of standard input\n',
    )
    expect(exit).toBe(0)
    expect((await check(clean, '--verbose')).err).toMatch(/^passed over: nothing\n/)
  })
})

describe('what is found', () => {
  test('is the product: it goes to standard output, and the summary does not', async () => {
    const { out, err } = await check(warned)
    expect(out).toMatch(/^warning\[external-ips-deprecated\]: .*\n --> -:4:29\n/)
    expect(err).toBe('1 warning in 1 object of standard input\n')
  })

  test('comes in the order of the text, whoever found it', async () => {
    const texts = [noted, warned.replace('web', 'b'), wrong.replace('web', 'c')]
    const { out } = await check(texts.join('---\n'), '--level', 'note')
    expect([...out.matchAll(/^ *--> -:(\d+):/gm)].map(([, line]) => line)).toEqual(['4', '9', '14'])
  })

  test('is coloured where that is asked for', async () => {
    expect((await check(warned)).out).not.toContain('\x1b')
    expect((await check(warned, '--color', 'always')).out).toContain('\x1b[33m')
  })

  test('names the template that a chart has it from', async () => {
    const { out } = await check(`---\n# Source: web/templates/svc.yaml\n${warned}`)
    expect(out).toContain(' --> -:6:29 (web/templates/svc.yaml)\n')
  })

  test('in one document hides nothing in another', async () => {
    const { out } = await check(`a: [\n---\n${wrong}---\n\tb: c\n`)
    expect([...out.matchAll(/^error\[(.*?)\]/gm)].map(([, code]) => code)).toEqual([
      'yaml-syntax',
      'invalid-value',
      'yaml-syntax',
    ])
  })
})

describe('several formats', () => {
  test('each go to a file of their own', async () => {
    const flags = ['json', 'github', 'sarif', 'junit', 'text'].flatMap((format) => [
      '--format',
      format,
      '--output',
      `reports/all.${format}`,
    ])
    const { both } = await check(warned, ...flags)
    expect(both).toBe('1 warning in 1 object of standard input\n')
    expect(readdirSync(join(folder, 'reports')).sort()).toEqual(
      ['all.github', 'all.json', 'all.junit', 'all.sarif', 'all.text'].sort(),
    )
    for (const format of ['json', 'github', 'sarif', 'junit', 'text']) {
      expect(readFileSync(join(folder, `reports/all.${format}`), 'utf8')).toContain(deprecated)
    }
  })

  test('one is for the reader, another for a file', async () => {
    const { out } = await check(
      warned,
      '--format',
      'text',
      '--format',
      'json',
      '--output',
      'a.json',
    )
    expect(out).toMatch(/^warning\[/)
    expect(JSON.parse(readFileSync(join(folder, 'a.json'), 'utf8'))).toMatchObject({
      apiVersion: 'nodeport.io/v1',
      kind: 'Findings',
    })
  })

  test('text and annotations may share standard output', async () => {
    const { out } = await check(warned, '--format', 'text', '--format', 'github')
    expect(out).toMatch(/^warning\[external-ips-deprecated\].*^::warning title=/ms)
  })

  test('a file has no colours', async () => {
    await check(warned, '--color', 'always', '--format', 'text', '--output', 'a.txt')
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).not.toContain('\x1b')
  })

  test('a file that cannot be written is said to be', async () => {
    writeFileSync(join(folder, 'plain'), '')
    const { err, exit } = await check(warned, '--format', 'json', '--output', 'plain/a.json')
    expect(err).toMatch(/^error: ".*plain\/a\.json" cannot be written: /)
    expect(exit).toBe(3)
  })
})

describe('what no manifest says', () => {
  const taken = service('{type: NodePort, ports: [{port: 80, nodePort: 32000}]}')

  test.each<[string, string, string[], string]>([
    [
      'the range of node ports',
      taken,
      ['--node-port-range', '30000-31000'],
      'node-port-out-of-range',
    ],
    ['the ephemeral range', taken, ['--ephemeral-range', '32000-60999'], 'node-port-ephemeral'],
    [
      'the range of cluster IPs',
      service('{clusterIP: 10.96.0.9, ports: [{port: 80}]}'),
      ['--service-cidr', '10.0.0.0/16'],
      'cluster-ip-out-of-range',
    ],
    [
      'how long a drain may take',
      service('{sessionAffinity: ClientIP, ports: [{port: 80}]}'),
      ['--drain-timeout', '10m'],
      'affinity-outlives-drain',
    ],
    [
      'the addresses of this machine',
      service(
        '{externalIPs: [192.168.10.10], type: NodePort, ports: [{port: 30080}, {name: a, port: 80, nodePort: 30080}]}',
      ).replace('{port: 30080}', '{name: b, port: 30080, nodePort: 30090}'),
      ['--host', '--ignore', deprecated],
      'external-address-taken',
    ],
  ])('%s', async (_, text, flags, code) => {
    expect((await check(text)).out).not.toContain(`[${code}]`)
    expect((await check(text, ...flags)).out).toContain(`[${code}]`)
  })

  test('ports that the host leaves alone are free', async () => {
    const flags = ['--ephemeral-range', '32000-60999', '--ephemeral-reserved', '31990-32010']
    expect((await check(taken, ...flags)).exit).toBe(0)
  })
})
