// Turns bench/out/bench.json into docs/performance.json and docs/performance.svg, and into the table
// of docs/performance.md:
//
//     npm run bench:report

import { readFileSync, writeFileSync } from 'node:fs'
import { printChart, printTable } from './print.mjs'

const found = readFileSync('bench/out/bench.json', 'utf8')
const page = readFileSync('docs/performance.md', 'utf8')
const { rows } = JSON.parse(found)
writeFileSync('docs/performance.json', found)
writeFileSync('docs/performance.svg', printChart(rows))
writeFileSync(
  'docs/performance.md',
  page.replace(/(<!-- table -->\n).*(<!-- end -->)/s, (_, begin, end) => {
    return `${begin}\n${printTable(JSON.parse(found))}\n${end}`
  }),
)
