#!/usr/bin/env node
const { join } = require('node:path')
const { load } = require('./load.js')

const { program, isCached, save } = load(join(__dirname, '../dist/nodeport.cjs'))
const { bytesOf, main, realWorld } = program
const { env, pid, stdout, stderr } = process
const world = realWorld({
  cwd: () => process.cwd(),
  env,
  pid,
  uid: process.getuid?.() ?? -1,
  stdin: () => bytesOf(0),
  stdout,
  stderr,
})

// Whoever reads us may stop when they have seen enough, as `head` does: 128 and SIGPIPE's number.
for (const stream of [stdout, stderr]) {
  stream.on('error', (error) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(141)
  })
}

main(process.argv.slice(2), world).then((code) => {
  process.exitCode = code
  if (!isCached) save()
})
