import { spawnSync } from 'node:child_process'

/** The environment of a measured process, without what makes Node load more than it needs. */
export function plainEnvironment() {
  const { NODE_EXTRA_CA_CERTS: _, NODE_OPTIONS: __, ...env } = process.env
  return env
}

/** Runs a program to its end; what it wrote. */
export function run(program, args, env = {}) {
  const { error, status, stdout, stderr } = spawnSync(program, args, {
    env: { ...plainEnvironment(), ...env },
    encoding: 'utf8',
    maxBuffer: Number.POSITIVE_INFINITY,
  })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`)
  return { stdout, stderr }
}

/**
 * Runs everybody as often as there are rounds and gives the medians. They take turns, so that a
 * machine whose speed drifts is unjust to none.
 */
export function medians(runners, rounds) {
  const runs = runners.map(() => [])
  for (let round = 0; round < rounds; round++) {
    for (const [index, runner] of runners.entries()) runs[index].push(runner())
  }
  return runs.map((each) =>
    Object.fromEntries(Object.keys(each[0]).map((key) => [key, median(each.map((it) => it[key]))])),
  )
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]
}

/** Prints a table: the first column is words, the others are numbers. */
export function print(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
    )
    process.stdout.write(`${cells.join('  ').trimEnd()}\n`)
  }
}
