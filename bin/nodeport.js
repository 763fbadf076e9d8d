#!/usr/bin/env node
const { main, realWorld } = require('../dist/nodeport.cjs')

main(process.argv.slice(2), realWorld(process)).then((code) => {
  process.exitCode = code
})
