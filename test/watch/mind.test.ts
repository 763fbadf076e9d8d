import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from '@jest/globals'
import { emptyLedger } from '../../src/ledger/ledger.ts'
import { nameOf } from '../../src/object/metadata.ts'
import { defaultPools } from '../../src/pool/allocate.ts'
import { defaultSettings } from '../../src/table/service-settings.ts'
import type { ViewOptions } from '../../src/table/view.ts'
import { Mind, type Surroundings } from '../../src/watch/mind.ts'
import { manifestText, serviceText, sliceText } from '../support/watched.ts'

const view: ViewOptions = {
  ...{ role: 'node', node: undefined, nodeIPs: [], nodePortAddresses: [] },
  host: { name: 'node-a', addresses: [] },
}
const surroundings: Surroundings = { ledger: emptyLedger, view, now: 0 }

function newMind(): Mind {
  return new Mind({
    ...{
      settings: defaultSettings,
      pools: defaultPools,
      namespace: undefined,
      simulate: false,
      isGranted: false,
    },
    ...{ set: 'agent', allowEmpty: false, probes: 0 },
  })
}

/** Tells a mind what files say now; answers whose virtual servers may be others, and what is wrong. */
function tell(mind: Mind, files: Readonly<Record<string, string>>, gone: readonly string[] = []) {
  const changed = Object.entries(files).map(([name, text]) => ({ name, text }))
  const said = mind.hear({ changed, gone, away: [] }, surroundings)
  const { wished } = mind.decide(emptyLedger)
  return {
    wished: wished.map(({ granted }) => nameOf(granted)).sort(),
    said: said.map(({ code, at }) => `${code} ${at?.span().source.linesBefore}`),
  }
}

const web = (addresses: readonly string[]) =>
  manifestText(serviceText('web', { clusterIP: '10.96.0.10' }), sliceText('web', addresses))
const blog = manifestText(serviceText('blog'), sliceText('blog', ['10.244.9.9']))

describe('a mind', () => {
  test('thinks again of those alone whom a change touches', () => {
    const mind = newMind()
    expect(tell(mind, { a: web(['10.244.0.1']), b: blog }).wished).toEqual([
      'default/blog',
      'default/web',
    ])
    expect(tell(mind, { a: web(['10.244.0.2']) }).wished).toEqual(['default/web'])
    expect(tell(mind, { a: web(['10.244.0.2']) }).wished).toEqual([])
  })

  test('thinks again of one document of a long file', () => {
    const mind = newMind()
    tell(mind, { all: manifestText(blog, web(['10.244.0.1'])) })
    expect(tell(mind, { all: manifestText(blog, web(['10.244.0.2'])) }).wished).toEqual([
      'default/web',
    ])
    const more = serviceText('new')
    expect(tell(mind, { all: manifestText(more, blog, web(['10.244.0.2'])) }).wished).toEqual([
      'default/new',
    ])
  })

  test('knows on which line a document stands now', () => {
    const mind = newMind()
    tell(mind, { all: manifestText(blog, serviceText('web')) })
    const { said } = tell(mind, { all: manifestText(serviceText('new'), blog, 'kind: [\n') })
    expect(said).toEqual(['yaml-syntax 28'])
  })

  test('thinks of everything again where a node is another', () => {
    const mind = newMind()
    tell(mind, { a: web([]), b: blog })
    const node = 'apiVersion: v1\nkind: Node\nmetadata:\n  name: node-a\n'
    expect(tell(mind, { c: node }).wished).toEqual(['default/blog', 'default/web'])
  })

  test('goes by the first of two Services of one name, and by the other when that is gone', () => {
    const mind = newMind()
    const of = (port: string) => serviceText('web').replace('port: 80', `port: ${port}`)
    const portNow = () => mind.compilation.wished('default/web')?.granted.spec.ports[0]?.port
    tell(mind, { a: of('81') })
    tell(mind, { b: of('82') })
    expect([portNow(), mind.catalogue.contested]).toEqual([81, ['default/web']])
    expect(tell(mind, {}, ['a']).wished).toEqual(['default/web'])
    expect([portNow(), mind.catalogue.contested]).toEqual([82, []])
  })

  test('takes no more memory after very many changes', () => {
    setFlagsFromString('--expose-gc')
    const collect: () => void = runInNewContext('gc')
    const mind = newMind()
    const live = (changes: number): number => {
      for (let change = 0; change < changes; change++) {
        const name = `s${change % 50}`
        const addresses = [1, 2, 3, 4].map((i) => `10.244.${change % 250}.${i}`)
        const text = manifestText(serviceText(name), sliceText(name, addresses))
        // Some in files of their own, and all in one long file, whose text must not be kept.
        tell(mind, {
          [name]: text,
          all: manifestText('# '.padEnd(20_000, '-'), serviceText(`t${change % 50}`)),
        })
      }
      collect()
      return process.memoryUsage().heapUsed
    }
    const before = live(1000)
    expect(live(5000) - before).toBeLessThan(2_000_000)
  })
})
