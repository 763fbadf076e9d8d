// Lays what was measured down in the documents:
//
//     npm run bench:report
//
// copies bench/out/bench.json to docs/performance.json, draws it in docs/performance.svg, and writes
// the table of docs/performance.md. With `--check`, tells whether the documents say the same as
// docs/performance.json, and writes nothing.

import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { printChart, printTable } from './print.mjs'

const isCheck = process.argv[2] === '--check'
if (!isCheck) copyFileSync('bench/out/bench.json', 'docs/performance.json')
const measured = JSON.parse(readFileSync('docs/performance.json', 'utf8'))
const page = readFileSync('docs/performance.md', 'utf8')
const documents = {
  'docs/performance.svg': printChart(measured.rows),
  'docs/performance.md': page.replace(
    /(<!-- table -->\n).*(<!-- end -->)/s,
    (_, begin, end) => `${begin}\n${printTable(measured)}\n${end}`,
  ),
}
for (const [name, text] of Object.entries(documents)) {
  if (!isCheck) writeFileSync(name, text)
  else if (readFileSync(name, 'utf8') !== text) {
    process.stderr.write(`${name} does not say what was measured: npm run bench:report\n`)
    process.exitCode = 1
  }
}
