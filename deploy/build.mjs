// Builds the program into dist: `npm run build`.
//
// esbuild cuts the program into chunks, by which verbs need them. As modules of their own they would
// be some hundred and fifty files, so each is made a function here, which runs when it is first asked
// for: V8 makes nothing of a function that never runs, and so no verb pays for another. The functions
// stand in some files, since a file is read whole; bin/nodeport.js loads them, one after another until
// a function is found.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { Script } from 'node:vm'
import { buildSync, transformSync } from 'esbuild'

/** Packages that are loaded when something of them is first used, not when it is imported. */
const late = ['js-yaml']

const options = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  loader: { '.md': 'text' },
  write: false,
  metafile: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
}
const { outputFiles, metafile } = buildSync({
  ...options,
  entryPoints: ['src/command/main.ts'],
  splitting: true,
  format: 'esm',
  external: ['netlink', ...late],
  outdir: 'dist',
})

const renamed = /([\w$]+) as ([\w$]+)/g
const imports =
  /(?<=^|[;}\n])import(?:\s+(?<whole>\w+)\s+from|\{(?<some>[^}]*)\}from|)"(?<place>[^"]+)";?/g

const chunks = new Map(outputFiles.map((file) => [nameOf(file.path), asFunction(file)]))
for (const name of late) chunks.set(name, packageAsFunction(name))

/** Each with what it needs that no part before it has. The core is what every verb needs. */
const parts = { core: ['src/command/main.ts'], 'dry-run': ['src/command/apply.ts'], live: live() }
const placed = new Set()
const written = Object.entries(parts).map(([part, sources]) => [part, place(sources)])
written.push(['rest', [...chunks.keys()].filter((name) => !placed.has(name))])

const [[, core], ...others] = written
const loader = `
const loaded = {}
const parts = [() => chunks, ${others.map(([part]) => `() => more('${part}')`).join(', ')}]
const find = name => {
  for (const [index, part] of parts.entries()) {
    const chunks = part()
    parts[index] = () => chunks
    if (name in chunks) return chunks[name]
  }
}
const load = name => loaded[name] ??= find(name)(load, later, lazily, require)
const later = async name => load(name)
const lazily = name => new Proxy({}, { get: (_, key) => load(name)[key] })
`
// Nothing is left of an earlier build, nor of what V8 made of it.
mkdirSync('dist', { recursive: true })
for (const file of readdirSync('dist')) if (file.startsWith('nodeport.')) rmSync(`dist/${file}`)
write('nodeport.cjs', 'exports,require,more', [
  loader,
  `const chunks=${functions(core)}\n`,
  'Object.assign(exports,load("main"))',
])
for (const [part, names] of others)
  write(`nodeport.${part}.cjs`, '', [`return ${functions(names)}`])

/** What goes into a kernel, and what lists it. */
function live() {
  const verbs = ['apply-for-good', 'list', 'list-live'].map((verb) => `src/command/${verb}.ts`)
  const world = ['kernel', 'netlink', 'lock'].map((file) => `src/world/${file}.ts`)
  return [...verbs, ...world, 'src/text/ipvsadm/parse-rules.ts']
}

function place(sources) {
  const names = sources.flatMap((source) => closureOf(nameOf(outputOf(source))))
  const own = [...new Set(names)].filter((name) => !placed.has(name))
  for (const name of own) placed.add(name)
  return own
}

function nameOf(path) {
  return basename(path, '.js')
}

function outputOf(source) {
  return Object.keys(metafile.outputs).find((path) => metafile.outputs[path].entryPoint === source)
}

/** What a chunk imports is asked for by name, and what it exports is what its function returns. */
function asFunction({ text }) {
  const exported = /(?<=[;}])export\{([^}]*)\};?\s*$/
  const [, names = ''] = exported.exec(text) ?? []
  const body = withLateImports(text.replace(exported, '').replace(imports, asCall)).replace(
    /\bimport\("\.\/([\w-]+)\.js"\)/g,
    'later("$1")',
  )
  return `(load,later,lazily,require){${body}return{${names.replace(renamed, '$2:$1')}}}`
}

function asCall(statement, ...found) {
  const { whole, some, place } = found.at(-1)
  if (late.includes(place)) return statement
  const from = place.startsWith('./') ? `load("${nameOf(place)}")` : `require("${place}")`
  const to = whole ?? (some && `{${some.replace(renamed, '$1:$2')}}`)
  return to === undefined ? `${from};` : `const ${to}=${from};`
}

/** esbuild turns imports into a look at an object wherever they are used. */
function withLateImports(text) {
  if (!late.some((name) => text.includes(`from"${name}"`))) return text
  const { code } = transformSync(text, { format: 'cjs', minifyWhitespace: true, platform: 'node' })
  return late.reduce(
    (all, name) => all.replaceAll(`=require("${name}")`, `=lazily("${name}")`),
    code,
  )
}

function packageAsFunction(name) {
  const [{ text }] = buildSync({ ...options, entryPoints: [name], format: 'cjs' }).outputFiles
  return `(){const module={exports:{}};${text};return module.exports}`
}

/** A chunk and all that must be loaded with it. */
function closureOf(first) {
  const found = new Set([first])
  for (const name of found) {
    for (const { path, kind } of metafile.outputs[`dist/${name}.js`].imports) {
      if (kind === 'import-statement' && path.startsWith('dist/')) found.add(nameOf(path))
    }
  }
  return [...found]
}

function functions(names) {
  return `{${names.map((name) => `${JSON.stringify(name)}${chunks.get(name)}`).join(',\n')}}`
}

function write(file, parameters, parts) {
  const text = `(function(${parameters}){${parts.join('')}})\n`
  new Script(text)
  writeFileSync(`dist/${file}`, text)
}
