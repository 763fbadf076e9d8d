import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Path } from '../../src/manifest/document.ts'
import { readDocuments } from '../../src/manifest/read.ts'
import { type WrittenBack, writeBack } from '../../src/manifest/write-back.ts'

const port: Path = ['spec', 'ports', 0]

describe('a granted node port is written', () => {
  test.each([
    [
      'below the last field of its port',
      `\
spec: # the spec
  ports:
  # the first
  - port: 80   # http
    targetPort: 8080   # inside

  type: NodePort
`,
      `\
spec: # the spec
  ports:
  # the first
  - port: 80   # http
    targetPort: 8080   # inside
    nodePort: 30123

  type: NodePort
`,
    ],
    [
      'as far in as the other fields',
      'spec:\n    ports:\n      -   port: 80\n      -   port: 81\n',
      'spec:\n    ports:\n      -   port: 80\n          nodePort: 30123\n      -   port: 81\n',
    ],
    [
      'where the dash has a line of its own',
      'spec:\n  ports:\n  -\n    port: 80',
      'spec:\n  ports:\n  -\n    port: 80\n    nodePort: 30123',
    ],
    [
      'with the line ends of the file',
      'spec:\r\n  ports:\r\n  - port: 80\r\n  type: NodePort\r\n',
      'spec:\r\n  ports:\r\n  - port: 80\r\n    nodePort: 30123\r\n  type: NodePort\r\n',
    ],
    [
      'at the end of a file without a last line end',
      'spec:\n  ports:\n  - port: 80 # c',
      'spec:\n  ports:\n  - port: 80 # c\n    nodePort: 30123',
    ],
    [
      'before a value that is no line',
      'spec:\n  ports:\n  - port: 80\n    name: >-\n      http\n',
      'spec:\n  ports:\n  - port: 80\n    nodePort: 30123\n    name: >-\n      http\n',
    ],
    [
      'behind a value of two lines',
      'spec:\n  ports:\n  - port: 80\n    appProtocol: "a\n      b"\n',
      'spec:\n  ports:\n  - port: 80\n    appProtocol: "a\n      b"\n    nodePort: 30123\n',
    ],
    [
      'behind a field that has no value',
      'spec:\n  ports:\n  - port: 80\n    name: # none\n',
      'spec:\n  ports:\n  - port: 80\n    name: # none\n    nodePort: 30123\n',
    ],
    [
      'between braces',
      'spec: {ports: [{port: 80}, {port: 81}]}',
      'spec: {ports: [{port: 80, nodePort: 30123}, {port: 81}]}',
    ],
    [
      'between braces with blanks and a comma too many',
      'spec:\n  ports:\n  - { "name": \'a\', port: 80 , }\n',
      'spec:\n  ports:\n  - { "name": \'a\', port: 80, nodePort: 30123 , }\n',
    ],
    [
      'into JSON',
      '{\n  "spec": {\n    "ports": [\n      {\n        "port": 80\n      }\n    ]\n  }\n}\n',
      '{\n  "spec": {\n    "ports": [\n      {\n        "port": 80,\n        "nodePort": 30123\n      }\n    ]\n  }\n}\n',
    ],
    [
      'into JSON with tabs',
      '{"spec": {\n\t"ports": [{\n\t\t"port": 80\n\t}]\n}}\n',
      '{"spec": {\n\t"ports": [{\n\t\t"port": 80,\n\t\t"nodePort": 30123\n\t}]\n}}\n',
    ],
    [
      'into JSON without blanks',
      '{"spec":{"ports":[{"name":"a","port":80}]}}',
      '{"spec":{"ports":[{"name":"a","port":80,"nodePort":30123}]}}',
    ],
    [
      'in the place of 0',
      'spec:\n  ports:\n  - nodePort: 0 # any\n    port: 80\n',
      'spec:\n  ports:\n  - nodePort: 30123 # any\n    port: 80\n',
    ],
    [
      'in the place of null',
      '{"spec":{"ports":[{"nodePort":null,"port":80}]}}',
      '{"spec":{"ports":[{"nodePort":30123,"port":80}]}}',
    ],
    [
      'in the place of nothing',
      'spec:\n  ports:\n  - port: 80\n    nodePort:   # any\n',
      'spec:\n  ports:\n  - port: 80\n    nodePort: 30123   # any\n',
    ],
    [
      'not at all where it is written already',
      'spec:\n  ports:\n  - port: 80\n    nodePort: 30_123\n',
      'spec:\n  ports:\n  - port: 80\n    nodePort: 30_123\n',
    ],
  ])('%s', (_, before, after) => {
    const { text, left } = write(before, [port])
    expect(left).toEqual([])
    expect(text).toBe(after)
  })

  test('into each document and each item of a list', () => {
    const before =
      '\ufeffspec:\n  ports: [{port: 80}, {port: 81}]\n---\nitems:\n- spec:\n    ports:\n    - port: 82\n- spec:\n    ports:\n    - port: 83\n'
    const source = { name: 'web.yaml', text: before }
    const [first, second] = [...readDocuments(source, () => {})].map(({ document }) => document)
    if (first === undefined || second === undefined) throw new Error('two documents were expected')
    const { text } = writeBack(source, [
      { document: second, path: ['items', 1, 'spec', 'ports', 0], nodePort: 30003 },
      { document: first, path: ['spec', 'ports', 1], nodePort: 30001 },
      { document: first, path: ['spec', 'ports', 0], nodePort: 30000 },
      { document: second, path: ['items', 0, 'spec', 'ports', 0], nodePort: 30002 },
    ])
    expect(text).toBe(
      '\ufeffspec:\n  ports: [{port: 80, nodePort: 30000}, {port: 81, nodePort: 30001}]\n---\nitems:\n- spec:\n    ports:\n    - port: 82\n      nodePort: 30002\n- spec:\n    ports:\n    - port: 83\n      nodePort: 30003\n',
    )
  })
})

describe('nothing is written where', () => {
  test.each([
    [
      'the port is an alias',
      'base: &base {port: 80}\nspec:\n  ports:\n  - *base\n',
      'the port is written elsewhere, behind an alias',
    ],
    [
      'the ports are an alias',
      'base: &base\n- port: 80\nspec:\n  ports: *base\n',
      'the port is written elsewhere, behind an alias',
    ],
    [
      'the port has an anchor',
      'spec:\n  ports:\n  - &first\n    port: 80\n  - *first\n',
      'the port stands below an anchor, which others may share',
    ],
    [
      'something is merged into the port',
      'base: &base {protocol: UDP}\nspec:\n  ports:\n  - <<: *base\n    port: 80\n',
      'the port stands in a mapping that others are merged into',
    ],
    [
      'the spec is merged in',
      'base: &base {spec: {ports: [{port: 80}]}}\n<<: *base\n',
      'the port stands in a mapping that others are merged into',
    ],
    [
      'it has another number',
      'spec:\n  ports:\n  - port: 80\n    nodePort: 30001\n',
      'it has another node port',
    ],
    [
      'its number has a tag',
      'spec:\n  ports:\n  - port: 80\n    nodePort: !!int "0"\n',
      'its node port is not a plain number',
    ],
    [
      'the port is a pair without braces',
      'spec:\n  ports: [port: 80]\n',
      'there is no simple field of the port to write it after',
    ],
    [
      'the fields have question marks',
      'spec:\n  ports:\n  - ? port\n    : 80\n',
      'there is no simple field of the port to write it after',
    ],
    [
      'the document cannot be read',
      'spec: [\n',
      'the port is not written where it stands in the Service',
    ],
  ])('%s', (_, before, reason) => {
    const { text, left } = write(before, [port])
    expect(text).toBe(before)
    expect(left.map((it) => it.reason)).toEqual([reason])
  })
})

test('nothing but the node port is changed', () => {
  const blanks = fc.constantFrom('', ' ', '  ')
  const comment = fc.constantFrom('', ' # c', '   # a: b')
  const value = fc.constantFrom(
    '80',
    '"http"',
    "'it''s'",
    'web',
    'null',
    '',
    '"a\\"b"',
    '1e3',
    'a b',
  )
  const field = fc.record({
    name: fc.constantFrom('port', 'name', '"targetPort"', "'protocol'", 'nodePort', 'x'),
    value,
    blanks,
    comment,
    nested: fc.boolean(),
  })
  const fields = fc.uniqueArray(field, {
    minLength: 1,
    maxLength: 5,
    selector: (it) => it.name.replace(/\W/g, ''),
  })
  const shape = fc.record({
    ports: fc.array(fields, { minLength: 1, maxLength: 4 }),
    indent: fc.constantFrom('', ' ', '  ', '      '),
    gap: fc.constantFrom(' ', '   '),
    style: fc.constantFrom('block', 'flow', 'lines'),
    end: fc.constantFrom('\n', '\r\n'),
    last: fc.boolean(),
  })
  fc.assert(
    fc.property(shape, ({ ports, indent, gap, style, end, last }) => {
      const entry = ({ name, value, blanks, nested }: (typeof ports)[0][0]) =>
        nested && name === 'x' ? `${name}: ${blanks}{b: [1, {c: d}]}` : `${name}: ${blanks}${value}`
      const port = (its: (typeof ports)[0]) => {
        if (style === 'flow') return `{ ${its.map(entry).join(', ')} }`
        if (style === 'lines') {
          const inner = `${end}${indent}     `
          return `{${inner}${its.map(entry).join(`,${inner}`)}${end}${indent}   }`
        }
        const lines = its.map((it) => entry(it).trimEnd() + it.comment)
        return lines.join(`${end}${indent} ${gap}`)
      }
      const lines = ports.map((its) => `${indent}-${gap}${port(its)}`)
      const before = [
        'spec:',
        ' ports:',
        ...lines.map((line) => ` ${line}`.replaceAll(end, `${end} `)),
        ...(last ? ['# end', ''] : []),
      ].join(end)
      const [old] = valuesOf(before) as [{ spec: { ports: Record<string, unknown>[] } }]
      const { text, left } = write(
        before,
        ports.map((_, index) => ['spec', 'ports', index]),
      )
      const refused = new Set(left.map(({ grant }) => grant.path.at(-1)))
      const wanted = old.spec.ports.map((it, index) =>
        refused.has(index) ? it : { ...it, nodePort: 30123 + index },
      )
      expect(valuesOf(text)).toEqual([{ spec: { ports: wanted } }])
      // Only a port without one simple field, or with a node port that is set, may be refused.
      const willing = old.spec.ports.map((it) => it.port !== undefined && it.port !== null)
      const open = old.spec.ports.map((it) => it.nodePort === undefined || it.nodePort === null)
      expect([...refused].some((index) => willing[Number(index)] && open[Number(index)])).toBe(
        false,
      )
      // Without what was written, the text is what it was.
      const written = / *nodePort: 301\d\d(?=\s|$)/
      if (style === 'block' && !before.includes('nodePort')) {
        expect(text.replace(new RegExp(`${end}${written.source}`, 'g'), '')).toBe(before)
      }
    }),
    { numRuns: 300 },
  )
})

function write(text: string, paths: readonly Path[]): WrittenBack {
  const source = { name: 'web.yaml', text }
  const [first] = [...readDocuments(source, () => {})]
  const document = first?.document ?? {
    source,
    start: 0,
    end: text.length,
    language: 'yaml',
    ordinal: 0,
  }
  return writeBack(
    source,
    paths.map((path, index) => ({ document, path, nodePort: 30123 + index })),
  )
}

function valuesOf(text: string): unknown[] {
  return [
    ...readDocuments({ name: 'web.yaml', text }, (it) => {
      throw new Error(it.message)
    }),
  ].map(({ value }) => value)
}
