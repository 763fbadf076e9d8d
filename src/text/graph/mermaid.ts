import {
  arrivalsAt,
  firstOf,
  type Graph,
  type GraphService,
  mostNodes,
  mostTargets,
  waysInto,
} from './model.ts'

/** A flowchart for Mermaid, which GitHub and many wikis draw where it stands. */
export function printMermaid({ title, nodes, services }: Graph): string {
  const lines = ['---', `title: ${JSON.stringify(title)}`, '---', 'flowchart LR']
  lines.push('  client(["client"])')
  if (nodes.length > 0) {
    const { shown, more } = firstOf(nodes, mostNodes)
    lines.push('  subgraph nodes')
    for (const [index, { name, addresses }] of shown.entries()) {
      lines.push(`    node${index}[${text([name, ...addresses])}]`)
    }
    if (more > 0) lines.push(`    nodes_more[${text([`${more} more`])}]`)
    lines.push('  end')
  }
  const door = nodes.length > 0 ? 'nodes' : 'client'
  for (const [index, service] of services.entries()) {
    lines.push(...linesOf(service, `service${index}`, door))
  }
  lines.push('  classDef simulated stroke-dasharray: 4 3')
  return `${lines.join('\n')}\n`
}

function linesOf(service: GraphService, id: string, door: string): string[] {
  const { name, namespace, type, targets } = service
  const { outside, inside } = waysInto(service)
  const lines = [`  ${id}[[${text([name, `${namespace} · ${type}`])}]]`]
  for (const label of outside) {
    lines.push(`  client -->|${text([label])}| ${door === 'client' ? id : door}`)
  }
  for (const label of inside) lines.push(`  ${door} -->|${text([label])}| ${id}`)
  const { shown, more } = firstOf(targets, mostTargets)
  for (const [index, target] of shown.entries()) {
    const { address, simulated } = target
    const about = simulated ? [target.name, address, 'simulated'] : [target.name, address]
    const kind = simulated ? ':::simulated' : ''
    lines.push(`  ${id}_${index}(${text(about)})${kind}`)
    const label = arrivalsAt(target)
    const arrow = label === '' ? '-->' : `-->|${text([label])}|`
    lines.push(`  ${id} ${arrow} ${id}_${index}`)
  }
  if (more > 0) lines.push(`  ${id} --> ${id}_more(${text([`${more} more`])})`)
  if (targets.length === 0) lines.push(`  ${id} -.-> ${id}_nobody(${text(['nobody answers'])})`)
  return lines
}

/** Lines between quotes; whatever could mean something to Mermaid is written as its number. */
function text(lines: readonly string[]): string {
  const escaped = lines.map((line) =>
    line.replace(/[^\w .:/()[\],+\u00b7-]/gu, (letter) => `#${letter.codePointAt(0)};`),
  )
  return `"${escaped.join('<br/>')}"`
}
