#!/usr/bin/env node
const { bytesOf, main, realWorld } = require('../dist/nodeport.cjs')

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

main(process.argv.slice(2), world).then((code) => {
  process.exitCode = code
})
