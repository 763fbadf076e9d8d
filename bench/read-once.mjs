// Reads one file with one reader and tells what the whole process took, for read.mjs.

import { readFileSync } from 'node:fs'

const [reader, file] = process.argv.slice(2)
const bytes = readFileSync(file)
const documents = await count(reader, bytes.toString('latin1'))
const { user, system } = process.cpuUsage()
const memory = process.resourceUsage().maxRSS / 1024
process.stdout.write(JSON.stringify({ documents, cpu: (user + system) / 1e6, memory }))

async function count(reader, text) {
  if (reader === 'JSON.parse') return JSON.parse(text).items.length
  if (reader === 'js-yaml') {
    const { loadAll } = await import('js-yaml')
    return loadAll(text).length
  }
  const { readDocuments } = await import(reader)
  const report = ({ message }) => {
    throw new Error(message)
  }
  let documents = 0
  for (const _ of readDocuments({ name: file, text }, report)) documents += 1
  return documents
}
