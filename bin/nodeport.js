#!/usr/bin/env node
const { bytesOf, main, realWorld, sayBug } = require('../dist/nodeport.cjs')

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
})
