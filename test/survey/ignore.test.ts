import { describe, expect, test } from '@jest/globals'
import { understand } from '../../src/compile.ts'
import type { Diagnostic } from '../../src/diagnostic/diagnostic.ts'
import { defaultPools } from '../../src/pool/allocate.ts'
import { withoutIgnored } from '../../src/survey/ignore.ts'
import { defaultSettings } from '../../src/table/service-settings.ts'

/** The codes that are left of what is said about some texts. */
function keptIn(texts: string | readonly string[], codes: readonly string[] = []): string[] {
  const { kept } = sift(texts, codes)
  return kept.map(({ code }) => code)
}

function sift(texts: string | readonly string[], codes: readonly string[] = []) {
  const sources = [texts].flat().map((text, index) => ({ name: `${index}.yaml`, text }))
  const held = new Map()
  const read = understand(sources, { pools: defaultPools, held, settings: defaultSettings })
  return withoutIgnored(read.diagnostics, { sources, cluster: read.cluster }, codes)
}

const deprecated = 'external-ips-deprecated'

const web = (metadata: string, name = 'web'): string => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
${metadata}spec:
  externalIPs: [203.0.113.7]
  ports: [{port: 80}]
`

const annotated = (codes: string, name = 'web'): string =>
  web(`  annotations: {nodeport.io/ignore: "${codes}"}\n`, name)

describe('an annotation', () => {
  test.each([
    ['that names the code', deprecated, []],
    ['among others', `no-endpoints , ${deprecated}`, []],
    ['that names another', 'no-endpoints', [deprecated]],
    ['that names all in vain', '*', [deprecated]],
  ])('%s', (_, codes, kept) => {
    expect(keptIn(annotated(codes))).toEqual(kept)
  })

  test('is about its own object', () => {
    const texts = [annotated(deprecated, 'a'), web('', 'b'), annotated(deprecated, 'c')]
    expect(keptIn(texts.join('---\n'))).toEqual([deprecated])
  })

  test('is about its own file', () => {
    expect(keptIn([annotated(deprecated, 'a'), web('', 'b')])).toEqual([deprecated])
  })

  test('reaches to the last line of its object', () => {
    const text = annotated('annotation-unknown').replace('spec:', '  labels:\n    a: b\nspec:')
    expect(keptIn(`${text}  loadBalancerIP: 2001:DB8::1\n`, [deprecated])).toEqual([
      'non-standard-ip',
    ])
    expect(
      keptIn(
        `${text.replace('annotation-unknown', 'non-standard-ip')}  loadBalancerIP: 2001:DB8::1\n`,
        [deprecated],
      ),
    ).toEqual([])
  })

  test('on an item of a List is about that item', () => {
    const items = [annotated(deprecated, 'a'), web('', 'b')].map(
      (text) => `- ${text.replaceAll('\n', '\n  ').trimEnd()}\n`,
    )
    expect(keptIn(`apiVersion: v1\nkind: List\nitems:\n${items.join('')}`)).toEqual([deprecated])
  })

  test('works in JSON, also where all of it is one line', () => {
    const service = (name: string, annotations: object): object => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, annotations },
      spec: { externalIPs: ['203.0.113.7'], ports: [{ port: 80 }] },
    })
    const items = [service('a', { 'nodeport.io/ignore': deprecated }), service('b', {})]
    const list = { apiVersion: 'v1', kind: 'List', items }
    expect(keptIn(JSON.stringify(list))).toEqual([deprecated])
    expect(keptIn(JSON.stringify(list, undefined, 2))).toEqual([deprecated])
  })

  test('on the template of a workload is about the template', () => {
    const deployment = (metadata: string, template: string): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
${metadata}spec:
  template:
    metadata:
      annotations:
        nodeport.io/wieght: "3"
${template}    spec: {}
  selector: {}
`
    const ignore = 'nodeport.io/ignore: annotation-unknown'
    expect(keptIn(deployment('', ''))).toEqual(['annotation-unknown'])
    expect(keptIn(deployment('', `        ${ignore}\n`))).toEqual([])
    expect(keptIn(deployment(`  annotations: {${ignore}}\n`, ''))).toEqual([])
    const above = '  annotations: {nodeport.io/wieght: "3"}\n'
    expect(keptIn(deployment(above, `        ${ignore}\n`))).toEqual(['annotation-unknown'])
  })
})

describe('a comment', () => {
  const marked = (above: string, beside = ''): string =>
    web('').replace('  externalIPs: [203.0.113.7]', `${above}  externalIPs: [203.0.113.7]${beside}`)

  test.each([
    ['on the line', marked('', ` # nodeport-ignore ${deprecated}: ours`), []],
    ['above it', marked(`  # nodeport-ignore ${deprecated}: ours\n`), []],
    [
      'above it, with a word in between',
      marked(`  # nodeport-ignore ${deprecated}\n  # ours\n`),
      [],
    ],
    ['above it, without a reason', marked(`  # nodeport-ignore ${deprecated}\n`), []],
    ['without a colon', marked(`  # nodeport-ignore ${deprecated} because it is ours\n`), []],
    ['with a colon behind the word', marked(`  # nodeport-ignore: ${deprecated}\n`), []],
    ['of several codes', marked(`  # nodeport-ignore no-endpoints, ${deprecated}: ours\n`), []],
    ['without a blank', marked(`  #nodeport-ignore ${deprecated}\n`), []],
    ['of another code', marked('  # nodeport-ignore no-endpoints: ours\n'), [deprecated]],
    [
      'two lines above',
      marked(`  # nodeport-ignore ${deprecated}\n  type: ClusterIP\n`),
      [deprecated],
    ],
    [
      'below',
      marked('').replace('  ports', `  # nodeport-ignore ${deprecated}\n  ports`),
      [deprecated],
    ],
    ['that only talks of it', marked(`  # see nodeport-ignore ${deprecated}\n`), [deprecated]],
  ])('%s', (_, text, kept) => {
    expect(keptIn(text)).toEqual(kept)
    expect(keptIn(text.replaceAll('\n', '\r\n'))).toEqual(kept)
  })
})

test('errors stay, whatever is asked for', () => {
  const text = annotated('invalid-value').replace('port: 80', 'port: 0')
  expect(keptIn(text, ['invalid-value', deprecated])).toContain('invalid-value')
})

test('what is left out is counted', () => {
  expect(sift(annotated(deprecated)).ignored).toBe(1)
  expect(sift(web(''), [deprecated]).ignored).toBe(1)
  expect(sift(web('')).ignored).toBe(0)
})

test('no place is looked for where nothing is to be ignored', () => {
  const at = {
    span: () => {
      throw new Error('looked for')
    },
  }
  const diagnostic: Diagnostic = { code: 'no-endpoints', severity: 'warning', message: '', at }
  const sources = [{ name: 'a.yaml', text: web('') }]
  const held = new Map()
  const { cluster } = understand(sources, { pools: defaultPools, held, settings: defaultSettings })
  expect(withoutIgnored([diagnostic], { sources, cluster }).kept).toEqual([diagnostic])
})
