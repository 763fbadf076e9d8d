const { readFileSync, renameSync, statSync, writeFileSync } = require('node:fs')
const { Script } = require('node:vm')

/**
 * Loads the built program with what V8 made of it before: compiling it anew takes longer than most
 * commands run. V8 refuses the cache of another V8, and all it looks at of the program is its
 * length, so the cache also says which file it was made from. Without one, or where it cannot be
 * written, everything goes on as ever.
 */
function load(file) {
  const { size, mtimeMs } = statSync(file)
  const made = Buffer.from(new Float64Array([size, mtimeMs]).buffer)
  const source = readFileSync(file, 'utf8')
  const script = new Script(`(function (exports, require, module) {${source}\n})`, {
    filename: file,
    cachedData: cachedFor(made, `${file}.cache`),
  })
  const module = { exports: {} }
  script.runInThisContext()(module.exports, require, module)
  return {
    program: module.exports,
    isCached: script.cachedDataRejected === false,
    save: () => save(`${file}.cache`, [made, script.createCachedData()]),
  }
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
