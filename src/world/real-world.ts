import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { hostname, networkInterfaces } from 'node:os'
import { resolve } from 'node:path'
import { paintFor } from './paint.ts'
import { readSources } from './read-sources.ts'
import type { Host, World } from './world.ts'

/** The world as it is: this process, its files and its machine. */
export function realWorld(process: NodeJS.Process): World {
  const cwd = process.cwd()
  return {
    readSources: (paths, recursive) => readSources(cwd, paths, recursive),
    print: (text) => void process.stdout.write(text),
    say: (text) => void process.stderr.write(text),
    paintFor: (stream, wish) => paintFor(process[stream].isTTY === true, wish, process.env),
    writeFile: (path, text) => writeWhole(resolve(cwd, path), text),
    host,
  }
}

function writeWhole(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`
  writeFileSync(temporary, text)
  renameSync(temporary, path)
}

const host: Host = {
  name: hostname,
  ephemeralPorts: () => {
    const folder = '/proc/sys/net/ipv4'
    const [first = 32768, last = 60999] = readFileSync(`${folder}/ip_local_port_range`, 'utf8')
      .trim()
      .split(/\s+/)
      .map(Number)
    return {
      first,
      last,
      reserved: readFileSync(`${folder}/ip_local_reserved_ports`, 'utf8').trim(),
    }
  },
  addresses: () =>
    Object.entries(networkInterfaces()).flatMap(([name, entries = []]) =>
      entries.map(({ address }) => ({ interface: name, address })),
    ),
}
