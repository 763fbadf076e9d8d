#!/usr/bin/env node
const { join } = require('node:path')
const { load } = require('./load.js')

const [, , word] = process.argv
const { program, isCached, save } = load(join(__dirname, '../dist/nodeport.cjs'), word)
const { bytesOf, isVerb, main, outputTo, realWorld, sayBug } = program
const { env, pid } = process
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

main(process.argv.slice(2), world).then((code) => {
  process.exitCode = code
  if (!isCached && code === 0 && isVerb(word)) save()
})
