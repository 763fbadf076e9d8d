// Parses one file with somebody else's parser, for documents.mjs.

import { readFileSync } from 'node:fs'

const [parser, file] = process.argv.slice(2)
const text = readFileSync(file, 'latin1')
if (parser === 'JSON.parse') JSON.parse(text)
else {
  const { loadAll } = await import('js-yaml')
  loadAll(text)
}
