// Builds the program into dist: `npm run build`.
//
// esbuild cuts the program into chunks, by which verbs need them. As modules of their own they would
// be some hundred and fifty files, so each is made a function here, which runs when it is first asked
// for: V8 makes nothing of a function that never runs, and so no verb pays for another. The functions
// stand in some files, since a file is read whole; bin/nodeport.js loads them when they are asked for.

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

const core = new Set(closureOf('main'))
const dryRun = needs('src/command/apply.ts')
const list = needs(
  ...['list', 'list-live'].map((verb) => `src/command/${verb}.ts`),
  ...['kernel', 'netlink'].map((file) => `src/world/${file}.ts`),
)
const live = needs(
  ...['src/command/apply-for-good.ts', 'src/world/lock.ts', 'src/text/ipvsadm/parse-rules.ts'],
)
/** In which file a chunk is. What two of the frequent ones share is with what every verb needs. */
const partOf = new Map([...chunks.keys()].map((name) => [name, partFor(name)]))

function partFor(name) {
  if (core.has(name) || (dryRun.has(name) && list.has(name))) return 'core'
  if (dryRun.has(name)) return 'dry-run'
  if (list.has(name)) return 'list'
  return live.has(name) ? 'live' : 'rest'
}

function needs(...sources) {
  return new Set(sources.flatMap((source) => closureOf(nameOf(outputOf(source)))))
}

const others = [...new Set(partOf.values())].filter((part) => part !== 'core')
const places = Object.fromEntries([...partOf].filter(([, part]) => part !== 'core'))
const loader = `
const places = ${JSON.stringify(places)}
const loaded = {}, parts = {}
const find = name => chunks[name] ?? (parts[places[name]] ??= more(places[name]))[name]
const load = name => loaded[name] ??= find(name)(load, later, lazily, require)
const later = async name => load(name)
const loadAll = () => { for (const name in places) find(name) }
const lazily = name => new Proxy({}, { get: (_, key) => load(name)[key] })
`

// Nothing is left of an earlier build, nor of what V8 made of it.
mkdirSync('dist', { recursive: true })
for (const file of readdirSync('dist')) if (file.startsWith('nodeport.')) rmSync(`dist/${file}`)
write('nodeport.cjs', 'exports,require,more', [
  loader,
  `const chunks=${functions('core')}\n`,
  'Object.assign(exports,load("main"),{loadAll})',
])
for (const part of others) write(`nodeport.${part}.cjs`, '', [`return ${functions(part)}`])

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

/** All functions of a part, by their names. */
function functions(part) {
  const names = [...chunks.keys()].filter((name) => partOf.get(name) === part)
  return `{${names.map((name) => `${JSON.stringify(name)}${chunks.get(name)}`).join(',\n')}}`
}

function write(file, parameters, parts) {
  const text = `(function(${parameters}){${parts.join('')}})\n`
  new Script(text)
  writeFileSync(`dist/${file}`, text)
}
