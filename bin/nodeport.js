#!/usr/bin/env node
const { join } = require('node:path')
const { load } = require('./load.js')

const { program, isCached, save } = load(join(__dirname, '../dist/nodeport.cjs'))
const { bytesOf, main, realWorld, sayBug } = program
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

process.once('uncaughtException', (error) => process.exit(sayBug(error, world)))

main(process.argv.slice(2), world).then((code) => {
  process.exitCode = code
  if (!isCached) save()
})
