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

/** A directed graph for Graphviz. */
export function printDOT({ title, nodes, services }: Graph): string {
  const lines = [
    `digraph ${text([title])} {`,
    '  rankdir=LR',
    '  ranksep=1.2',
    '  node [shape=box style=rounded fontname="Helvetica"]',
    '  edge [fontname="Helvetica" fontsize=11]',
    '  client [label="client" shape=oval]',
  ]
  if (nodes.length > 0) {
    const { shown, more } = firstOf(nodes, mostNodes)
    const about = shown.map(({ name, addresses }) => [name, ...addresses].join(' '))
    if (more > 0) about.push(`${more} more`)
    lines.push(`  nodes [label=${text(about)} shape=box style=solid]`)
  }
  const door = nodes.length > 0 ? 'nodes' : 'client'
  for (const [index, service] of services.entries()) {
    lines.push(...linesOf(service, `service${index}`, door))
  }
  lines.push('}')
  return `${lines.join('\n')}\n`
}

function linesOf(service: GraphService, id: string, door: string): string[] {
  const { name, namespace, type, targets } = service
  const { outside, inside } = waysInto(service)
  const lines = [
    `  ${id} [label=${text([name, `${namespace}, ${type}`])} shape=component style=solid]`,
  ]
  for (const label of outside) {
    lines.push(`  client -> ${door === 'client' ? id : door} [label=${text([label])}]`)
  }
  for (const label of inside) lines.push(`  ${door} -> ${id} [label=${text([label])}]`)
  const { shown, more } = firstOf(targets, mostTargets)
  for (const [index, target] of shown.entries()) {
    const { address, simulated } = target
    const about = simulated ? [target.name, address, 'simulated'] : [target.name, address]
    const style = simulated ? ' style="rounded,dashed"' : ''
    lines.push(`  ${id}_${index} [label=${text(about)}${style}]`)
    lines.push(`  ${id} -> ${id}_${index} [label=${text([arrivalsAt(target)])}]`)
  }
  if (more > 0) {
    lines.push(`  ${id}_more [label=${text([`${more} more`])} style="rounded,dotted"]`)
    lines.push(`  ${id} -> ${id}_more`)
  }
  if (targets.length === 0) {
    lines.push(`  ${id}_nobody [label="nobody answers" style="rounded,dotted"]`)
    lines.push(`  ${id} -> ${id}_nobody [style=dotted]`)
  }
  return lines
}

/** Lines between quotes; a backslash of a text is no escape. */
function text(lines: readonly string[]): string {
  const escaped = lines.map((line) => printable(line).replace(/["\\]/g, '\\$&'))
  return `"${escaped.join('\\n')}"`
}
