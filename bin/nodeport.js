#!/usr/bin/env node
const { readFileSync, renameSync, statSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { Script } = require('node:vm')

const { argv, env, pid } = process
const [, , word = ''] = argv

// The built program is loaded with what V8 made of it when it last ran with the same first word:
// compiling it anew takes longer than most commands run, and no verb is to load what V8 made for
// another. V8 refuses the cache of another V8, and all it looks at of the program is its length, so
// the cache also says which file it was made from. Without one, or where it cannot be written,
// everything goes on as ever.
const built = join(__dirname, '../dist/nodeport.cjs')
const cache = `${built}.${word.replace(/[^a-z]/g, '')}.cache`
const { size, mtimeMs } = statSync(built)
// Whole seconds: not every file system keeps more.
const stamp = Buffer.from(new Float64Array([size, Math.floor(mtimeMs / 1000)]).buffer)
const source = readFileSync(built, 'latin1')
const script = new Script(`(function (exports, require, module) {${source}\n})`, {
  filename: built,
  cachedData: cachedData(),
})
const { exports: program } = run({ exports: {} })

const { bytesOf, isVerb, main, outputTo, realWorld, sayBug } = program
const world = realWorld({
  cwd: () => process.cwd(),
  env,
  pid,
  uid: process.getuid?.() ?? -1,
  stdin: () => bytesOf(0),
  stdout: outputTo(1, () => process.stdout),
  stderr: outputTo(2, () => process.stderr),
})

process.once('uncaughtException', (error) => process.exit(sayBug(error, world)))

main(argv.slice(2), world).then((code) => {
  process.exitCode = code
  if (script.cachedDataRejected !== false && code === 0 && isVerb(word)) save()
})

function cachedData() {
  try {
    const cached = readFileSync(cache)
    return cached.subarray(0, stamp.length).equals(stamp)
      ? cached.subarray(stamp.length)
      : undefined
  } catch {
    return undefined
  }
}

function run(module) {
  // commander asks for child processes when it is loaded, which takes longer than most verbs run.
  const childProcess = new Proxy({}, { get: (_, name) => require('node:child_process')[name] })
  const lazily = (name) => (name === 'node:child_process' ? childProcess : require(name))
  script.runInThisContext()(module.exports, lazily, module)
  return module
}

function save() {
  try {
    const temporary = `${cache}.${pid}`
    writeFileSync(temporary, Buffer.concat([stamp, script.createCachedData()]))
    renameSync(temporary, cache)
  } catch {}
}
