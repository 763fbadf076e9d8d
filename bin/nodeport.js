#!/usr/bin/env node
const { readFileSync, renameSync, statSync, writeFileSync } = require('node:fs')
const { Script } = require('node:vm')

const { argv, env, pid } = process
const [, , word = ''] = argv

const files = []
const program = {}
load('nodeport.cjs')(program, lazily, (part) => load(`nodeport.${part}.cjs`)())

const { bytesOf, expectTheUsual, isVerb, loadAll, main, outputTo, realWorld, sayBug } = program
const world = realWorld({
  cwd: () => process.cwd(),
  env,
  pid,
  uid: process.getuid?.() ?? -1,
  stdin: () => bytesOf(0),
  stdout: outputTo(1, () => process.stdout),
  stderr: outputTo(2, () => process.stderr),
  loadAll,
})

process.once('uncaughtException', (error) => process.exit(sayBug(error, world)))

main(argv.slice(2), world).then((code) => {
  process.exitCode = code
  if (code === 0 && isVerb(word)) {
    expectTheUsual()
    for (const file of files) keep(file)
  }
  // Node would clean its heap and take it apart, page by page, before all of it goes with the process.
  if (process.getActiveResourcesInfo().length === 0) process.exit()
  process.once('beforeExit', () => process.exit())
})

/**
 * A built file is loaded with what V8 made of it when it last ran with the same first word: compiling
 * it anew takes longer than most commands run, and no verb is to load what V8 made for another. V8
 * refuses the cache of another V8, and all it looks at of the program is its length, so the cache
 * also says which file it was made from. Without one, or where it cannot be written, everything goes
 * on as ever.
 */
function load(name) {
  const built = `${__dirname}/../dist/${name}`
  const cache = `${built}.${word.replace(/[^a-z]/g, '')}.cache`
  const { size, mtimeMs } = statSync(built)
  // Whole seconds: not every file system keeps more.
  const stamp = [size, Math.floor(mtimeMs / 1000)]
  const script = new Script(readFileSync(built, 'latin1'), {
    filename: built,
    cachedData: cachedIn(cache, stamp),
  })
  files.push({ script, stamp, cache })
  return script.runInThisContext()
}

function cachedIn(cache, stamp) {
  try {
    const cached = readFileSync(cache)
    const isOf = stamp.every((number, index) => cached.readDoubleLE(8 * index) === number)
    return isOf ? cached.subarray(8 * stamp.length) : undefined
  } catch {
    return undefined
  }
}

function keep({ script, stamp, cache }) {
  if (script.cachedDataRejected === false) return
  try {
    const temporary = `${cache}.${pid}`
    const head = Buffer.alloc(8 * stamp.length)
    for (const [index, number] of stamp.entries()) head.writeDoubleLE(number, 8 * index)
    writeFileSync(temporary, Buffer.concat([head, script.createCachedData()]))
    renameSync(temporary, cache)
  } catch {}
}

/** Some modules take longer to load than most verbs run, and most verbs use nothing of them. */
function lazily(name) {
  if (!['node:child_process', 'node:crypto', 'node:v8'].includes(name)) return require(name)
  const later =
    (_, method) =>
    (...words) =>
      require(name)[method](...words)
  return new Proxy({}, { get: later })
}
