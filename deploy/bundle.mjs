// Builds the whole program as one file that needs nothing but Node: `npm run package:bundle`.
// What is compiled, the package `netlink` has for each processor, stands in it as text.

import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
const netlink = 'node_modules/netlink'
const processors = ['x64', 'arm64']

const core = readFileSync('dist/nodeport.cjs', 'utf8').trim()
const parts = readdirSync('dist').flatMap((file) => {
  const [, part] = /^nodeport\.([\w-]+)\.cjs$/.exec(file) ?? []
  return part === undefined ? [] : [`'${part}': ${readFileSync(`dist/${file}`, 'utf8').trim()}`]
})
const raw = readFileSync(join(netlink, 'dist/raw.js'), 'utf8').replace(/^\/\/# source.*$/m, '')
const licence = readFileSync(join(netlink, 'LICENSE'), 'utf8').trim().replaceAll('*/', '* /')
const addons = processors.map((name) => {
  const path = join(netlink, `prebuilds/linux-${name}/node.napi.node`)
  return [name, readFileSync(path).toString('base64')]
})

// The kernel's loader wants a file: it has one for as long as it takes to load it.
const text = `#!/usr/bin/env node
// nodeport ${version}, as one file.
const addons = ${JSON.stringify(Object.fromEntries(addons))}
function loadAddon() {
  const { mkdtempSync, rmSync, writeFileSync } = require('node:fs')
  const { join } = require('node:path')
  const { tmpdir } = require('node:os')
  const addon = addons[process.arch]
  if (process.platform !== 'linux' || addon === undefined) throw new Error('there is none')
  const folder = mkdtempSync(join(tmpdir(), 'nodeport-'))
  try {
    const path = join(folder, 'netlink.node')
    writeFileSync(path, Buffer.from(addon, 'base64'), { mode: 0o500 })
    const module = { exports: {} }
    process.dlopen(module, path)
    return module.exports
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
let netlink
function requireNetlink() {
  if (netlink !== undefined) return netlink
  const module = { exports: {} }
  const find = (name) => (name === 'node-gyp-build' ? loadAddon : require(name))
  netlinkOf(find, module, module.exports, '')
  netlink = module.exports
  return netlink
}
/* The package netlink:
${licence}
*/
function netlinkOf(require, module, exports, __dirname) {
${raw}
}
const parts = { ${parts.join(',\n')} }
const program = {}
const core = ${core}
core(
  program,
  (name) => (name === 'netlink/dist/raw.js' ? requireNetlink() : require(name)),
  (part) => parts[part](),
)
const { bytesOf, main, outputTo, realWorld, sayBug } = program
const world = realWorld({
  cwd: () => process.cwd(),
  env: process.env,
  pid: process.pid,
  uid: process.getuid?.() ?? -1,
  stdin: () => bytesOf(0),
  stdout: outputTo(1, () => process.stdout),
  stderr: outputTo(2, () => process.stderr),
})
process.once('uncaughtException', (error) => process.exit(sayBug(error, world)))
main(process.argv.slice(2), world).then((code) => {
  process.exitCode = code
})
`

const out = 'dist/nodeport-bundle.cjs'
writeFileSync(out, text)
chmodSync(out, 0o755)
process.stdout.write(`${out}\n`)
