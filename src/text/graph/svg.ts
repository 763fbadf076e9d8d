import { printable } from '../../diagnostic/printable.ts'
import {
  arrivalsAt,
  firstOf,
  type Graph,
  type GraphService,
  mostNodes,
  mostTargets,
  waysInto,
} from './model.ts'

// Columns from left to right: client, nodes, Services, whoever answers. Each Service has a band of
// its own across all columns, so that no two arrows ever cross but those that leave one Service.
// The client and the nodes are one tall box each, since every node port is open on every node.

/** A picture that needs nothing else: fonts of the reader, colours for light and dark. */
export function printSVG(graph: Graph): string {
  const picture = layout(graph)
  const { width, height } = picture
  const { services, nodes, title } = graph
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="nodeport" role="img" aria-labelledby="nodeport-title nodeport-description" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<title id="nodeport-title">${escaped(title)}</title>`,
    `<desc id="nodeport-description">${escaped(descriptionOf(services, nodes.length))}</desc>`,
    `<style>${style}</style>`,
    `<defs><marker id="nodeport-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path class="head" d="M0 0.5 8 4 0 7.5z"/></marker></defs>`,
    `<rect class="paper" width="${width}" height="${height}" rx="8"/>`,
    `<text class="title" x="${margin}" y="${margin + 14}">${escaped(title)}</text>`,
    ...picture.arrows.map(printArrow),
    ...picture.boxes.map(printBox),
    '</svg>\n',
  ].join('\n')
}

function descriptionOf(services: readonly GraphService[], nodes: number): string {
  const ways = services.map((service) => {
    const { outside, inside } = waysInto(service)
    const entrances = [...outside, ...inside].join(', ') || 'no address'
    return `${service.namespace}/${service.name}: ${entrances}, answered by ${service.targets.length}`
  })
  return `${nodes} nodes. ${ways.join('; ')}.`
}

const style = `
.nodeport text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#1f2937}
.nodeport .title{font:600 15px system-ui,"Segoe UI",Helvetica,"DejaVu Sans",sans-serif}
.nodeport .strong{font-weight:600}
.nodeport .faint{fill:#5b6472}
.nodeport .middle{text-anchor:middle}
.nodeport .paper{fill:#fff}
.nodeport .box{fill:#f3f4f6;stroke:#9aa3b0}
.nodeport .nodes{fill:#eaf1fb;stroke:#7ba2d9}
.nodeport .service{fill:#f0ecfb;stroke:#9f86d9}
.nodeport .target{fill:#e9f6ee;stroke:#6fb58a}
.nodeport .simulated{stroke-dasharray:5 3}
.nodeport .nobody{fill:#fdf0ee;stroke:#d98a7b;stroke-dasharray:2 3}
.nodeport .arrow{fill:none;stroke:#6b7480;stroke-width:1.25}
.nodeport .head{fill:#6b7480}
@media (prefers-color-scheme:dark){
.nodeport text{fill:#e5e9f0}
.nodeport .faint{fill:#a3adba}
.nodeport .paper{fill:#12161c}
.nodeport .box{fill:#20262e;stroke:#5b6675}
.nodeport .nodes{fill:#172536;stroke:#44689b}
.nodeport .service{fill:#231d36;stroke:#6f5aa8}
.nodeport .target{fill:#16291d;stroke:#43805a}
.nodeport .nobody{fill:#2e1a17;stroke:#9b5647}
.nodeport .arrow{stroke:#8b95a3}
.nodeport .head{fill:#8b95a3}
}
`

interface Line {
  readonly text: string
  readonly look: '' | 'strong' | 'faint'
}

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly look: string
  readonly lines: readonly Line[]
}

interface Arrow {
  readonly from: Point
  readonly to: Point
  readonly label: string
  /** How far before its end an arrow is straight, so that its label stands on a line. */
  readonly straight: number
}

interface Point {
  readonly x: number
  readonly y: number
}

interface Picture {
  readonly width: number
  readonly height: number
  readonly boxes: readonly Box[]
  readonly arrows: readonly Arrow[]
}

const margin = 24
const letterWidth = 7.3
const lineHeight = 17
const padding = 12
/** Between the arrows that run side by side, each with its label above it. */
const arrowPitch = 26
const targetGap = 14
const bandGap = 30
/** What an arrow needs beside its label: room before it, and a head. */
const arrowRoom = 36
const shortestArrow = 70
const bend = 56

/** What one Service needs of its band. */
interface Band {
  readonly outside: readonly string[]
  readonly inside: readonly string[]
  readonly service: readonly Line[]
  readonly targets: readonly Target[]
  readonly height: number
}

interface Target {
  readonly lines: readonly Line[]
  readonly look: string
  readonly label: string
}

function layout({ nodes, services, title }: Graph): Picture {
  const bands = services.map((service) => bandOf(service, nodes.length > 0))
  const nodeLines = linesOfNodes(nodes)
  const clientLines: Line[] = [{ text: 'client', look: 'strong' }]

  const client = { x: margin, width: widthOf(clientLines) }
  const outsideGap = arrowLength(bands.flatMap(({ outside }) => outside))
  const node = { x: rightOf(client) + outsideGap, width: widthOf(nodeLines) }
  const insideGap = arrowLength(bands.flatMap(({ inside }) => inside))
  const service = {
    x: nodes.length > 0 ? rightOf(node) + insideGap : node.x,
    width: Math.max(0, ...bands.map((band) => widthOf(band.service))),
  }
  const labels = bands.flatMap(({ targets }) => targets.map(({ label }) => label))
  const straight = arrowLength(labels)
  const target = {
    x: rightOf(service) + bend + straight,
    width: Math.max(0, ...bands.flatMap(({ targets }) => targets.map((it) => widthOf(it.lines)))),
  }

  const top = margin + 34
  const inner = sum(bands.map(({ height }) => height)) + bandGap * Math.max(0, bands.length - 1)
  const tall = Math.max(inner, heightOf(clientLines), nodes.length > 0 ? heightOf(nodeLines) : 0)
  const boxes: Box[] = [{ ...client, y: top, height: tall, look: 'box', lines: clientLines }]
  if (nodes.length > 0) {
    boxes.push({ ...node, y: top, height: tall, look: 'nodes', lines: nodeLines })
  }
  const arrows: Arrow[] = []
  let y = top + (tall - inner) / 2
  for (const band of bands) {
    const middle = y + band.height / 2
    const gates = nodes.length > 0 ? node : service
    arrows.push(...sideBySide(band.outside, rightOf(client), gates.x, middle))
    arrows.push(...sideBySide(band.inside, rightOf(node), service.x, middle))
    const height = serviceHeight(band)
    const box = { ...service, y: middle - height / 2, height }
    boxes.push({ ...box, look: 'service', lines: band.service })
    let at = middle - targetsHeight(band.targets) / 2
    for (const { lines, look, label } of band.targets) {
      const height = heightOf(lines)
      boxes.push({ ...target, y: at, height, look, lines })
      const from = { x: rightOf(service), y: middle }
      arrows.push({ from, to: { x: target.x, y: at + height / 2 }, label, straight })
      at += height + targetGap
    }
    y += band.height + bandGap
  }
  const width = Math.max(rightOf(target), margin + title.length * 9) + margin
  return { width: Math.ceil(width), height: Math.ceil(top + tall + margin), boxes, arrows }
}

function bandOf(service: GraphService, hasNodes: boolean): Band {
  const { outside, inside } = waysInto(service)
  const { shown, more } = firstOf(service.targets, mostTargets)
  const targets: Target[] = shown.map((target) => ({
    lines: [
      { text: target.name, look: 'strong' },
      { text: target.simulated ? `${target.address} simulated` : target.address, look: 'faint' },
    ],
    look: target.simulated ? 'target simulated' : 'target',
    label: arrivalsAt(target),
  }))
  if (more > 0) targets.push({ lines: [faint(`${more} more`)], look: 'target', label: '' })
  if (targets.length === 0) {
    targets.push({ lines: [faint('nobody answers')], look: 'nobody', label: '' })
  }
  const band = {
    // Where there are no nodes, all arrows come from the client.
    outside: hasNodes ? outside : [...outside, ...inside],
    inside: hasNodes ? inside : [],
    service: [
      { text: service.name, look: 'strong' },
      faint(service.namespace),
      faint(service.type),
    ] as const,
    targets,
  }
  return { ...band, height: Math.max(serviceHeight(band), targetsHeight(targets)) }
}

function linesOfNodes(nodes: Graph['nodes']): Line[] {
  const { shown, more } = firstOf(nodes, mostNodes)
  const lines = shown.flatMap(({ name, addresses }, index): Line[] => [
    ...(index === 0 ? [] : [faint('')]),
    { text: name, look: 'strong' },
    ...addresses.map(faint),
  ])
  return more > 0 ? [...lines, faint(''), faint(`${more} more`)] : lines
}

function faint(text: string): Line {
  return { text, look: 'faint' }
}

/** High enough for its lines, and for the arrows that end at it. */
function serviceHeight({
  service,
  outside,
  inside,
}: Pick<Band, 'service' | 'outside' | 'inside'>): number {
  const arrows = Math.max(outside.length, inside.length)
  return Math.max(heightOf(service), arrows * arrowPitch + padding)
}

function targetsHeight(targets: readonly Target[]): number {
  return sum(targets.map(({ lines }) => heightOf(lines))) + targetGap * (targets.length - 1)
}

function sideBySide(
  labels: readonly string[],
  from: number,
  to: number,
  middle: number,
): readonly Arrow[] {
  return labels.map((label, index) => {
    const y = middle + (index - (labels.length - 1) / 2) * arrowPitch
    return { from: { x: from, y }, to: { x: to, y }, label, straight: to - from }
  })
}

function widthOf(lines: readonly Line[]): number {
  return Math.ceil(Math.max(0, ...lines.map(({ text }) => text.length)) * letterWidth) + padding * 2
}

function heightOf(lines: readonly Line[]): number {
  return lines.length * lineHeight + padding * 2 - 4
}

function arrowLength(labels: readonly string[]): number {
  const longest = Math.max(0, ...labels.map(({ length }) => length))
  return Math.max(shortestArrow, Math.ceil(longest * letterWidth) + arrowRoom)
}

function rightOf({ x, width }: { readonly x: number; readonly width: number }): number {
  return x + width
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function printBox({ x, y, width, height, look, lines }: Box): string {
  const middle = x + width / 2
  const first = y + (height - lines.length * lineHeight) / 2 + 13
  const texts = lines.map(({ text, look }, index) =>
    text === ''
      ? ''
      : `<text class="middle ${look}" x="${round(middle)}" y="${round(first + index * lineHeight)}">${escaped(text)}</text>`,
  )
  const frame = `<rect class="${look}" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="7"/>`
  return `<g>${frame}${texts.join('')}</g>`
}

function printArrow({ from, to, label, straight }: Arrow): string {
  const knee = to.x - straight
  const half = (from.x + knee) / 2
  const curve =
    knee > from.x
      ? `C${round(half)} ${round(from.y)} ${round(half)} ${round(to.y)} ${round(knee)} ${round(to.y)}`
      : ''
  const path = `<path class="arrow" marker-end="url(#nodeport-head)" d="M${round(from.x)} ${round(from.y)}${curve}H${round(to.x - 1)}"/>`
  if (label === '') return path
  const x = knee + straight / 2 - 4
  return `${path}<text class="middle" x="${round(x)}" y="${round(to.y - 6)}">${escaped(label)}</text>`
}

function round(length: number): number {
  return Math.round(length * 10) / 10
}

function escaped(text: string): string {
  return printable(text).replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
}
