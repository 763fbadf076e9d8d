const { readFileSync, renameSync, statSync, writeFileSync } = require('node:fs')
const { Script } = require('node:vm')

/**
 * Loads the built program with what V8 made of it when it last ran with the same first word:
 * compiling it anew takes longer than most commands run, and no verb is to load what V8 made for
 * another. V8 refuses the cache of another V8, and all it looks at of the program is its
 * length, so the cache also says which file it was made from. Without one, or where it cannot be
 * written, everything goes on as ever.
 */
function load(file, word = '') {
  const cache = `${file}.${word.replace(/[^a-z]/g, '')}.cache`
  const { size, mtimeMs } = statSync(file)
  const made = Buffer.from(new Float64Array([size, mtimeMs]).buffer)
  const source = readFileSync(file, 'latin1')
  const script = new Script(`(function (exports, require, module) {${source}\n})`, {
    filename: file,
    cachedData: cachedFor(made, cache),
  })
  const module = { exports: {} }
  script.runInThisContext()(module.exports, lazily, module)
  return {
    program: module.exports,
    isCached: script.cachedDataRejected === false,
    save: () => save(cache, [made, script.createCachedData()]),
  }
}

/** commander asks for child processes when it is loaded, which takes longer than most verbs run. */
function lazily(name) {
  return name === 'node:child_process' ? childProcess : require(name)
}

const childProcess = {
  get spawn() {
    return require('node:child_process').spawn
  },
  get spawnSync() {
    return require('node:child_process').spawnSync
  },
}

function cachedFor(made, path) {
  try {
    const cache = readFileSync(path)
    return cache.subarray(0, made.length).equals(made) ? cache.subarray(made.length) : undefined
  } catch {
    return undefined
  }
}

function save(path, parts) {
  try {
    const temporary = `${path}.${process.pid}`
    writeFileSync(temporary, Buffer.concat(parts))
    renameSync(temporary, path)
  } catch {}
}

module.exports = { load }
