// What was measured, as people read it: lines of cells, a table of Markdown, and a chart.

import { goals } from './goals.mjs'

/** The ratio of a row, as its goal counts it, and whether it reaches the goal. */
export function judged({ id, ours, theirs }) {
  const { most, least } = goals[id]
  if (least === undefined) return { ratio: ours / theirs, met: ours / theirs <= most }
  return { ratio: theirs / ours, met: theirs / ours >= least }
}

export function cellsOf(row) {
  const { what, beside, most, least, unit } = goals[row.id]
  const { ratio, met } = judged(row)
  return [
    what,
    beside,
    `${digits(row.ours)} ${unit}`,
    `${digits(row.theirs)} ${unit}`,
    `${digits(ratio)} x`,
    least === undefined ? `at most ${most} x` : `${least} x faster`,
    met ? 'yes' : 'no',
    row.growth === undefined ? '' : row.growth.toFixed(2),
  ]
}

export const titles = ['what', 'beside', 'ours', 'theirs', 'ratio', 'goal', 'met', 'growth']

export function printTable({ rows, machine, kernel, rounds, share }) {
  const lines = [
    titles,
    titles.map((_, index) => (index < 2 ? '---' : '--:')),
    ...rows.map(cellsOf),
  ]
  const part = share === 1 ? '' : `, at ${share} of the sizes named`
  const table = lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
  const lab = kernel === undefined ? '' : `; the lab's kernel was ${kernel}`
  return `Medians of ${rounds} rounds on ${machine}${lab}${part}.\n\n${table}\n`
}

/** How far each row is from its goal, which is the line in the middle: to the right is better. */
export function printChart(rows) {
  const [height, middle, scale] = [22, 640, 130]
  const bars = rows.map((row, index) => {
    const { what, beside, most, least } = goals[row.id]
    const { ratio, met } = judged(row)
    const better = Math.log2(least === undefined ? most / ratio : ratio / least)
    const length = Math.max(-1.5, Math.min(1.8, better)) * scale
    const y = 40 + index * height
    const [x, width] = length < 0 ? [middle + length, -length] : [middle, length]
    const label = escaped(`${what} : ${beside}`)
    return `<text x="430" y="${y + 12}" text-anchor="end">${label}</text>
<rect x="${x.toFixed(1)}" y="${y}" width="${Math.max(width, 1).toFixed(1)}" height="16" fill="${met ? '#2a9d8f' : '#e76f51'}"/>
<text x="890" y="${y + 12}">${digits(ratio)} x</text>`
  })
  const bottom = 40 + rows.length * height
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-60 0 1010 ${bottom + 12}" font-family="sans-serif" font-size="11">
<title>How far each figure is from its goal</title>
<rect x="-60" width="1010" height="${bottom + 12}" fill="#fff"/>
<text x="${middle}" y="20" text-anchor="middle">goal (each step to the right is twice as good)</text>
${bars.join('\n')}
<line x1="${middle}" x2="${middle}" y1="28" y2="${bottom}" stroke="#264653"/>
</svg>
`
}

function digits(number) {
  return number >= 100 ? number.toFixed(0) : number.toPrecision(3)
}

function escaped(text) {
  return text.replace(/[&<>]/g, (letter) => `&#${letter.charCodeAt(0)};`)
}
