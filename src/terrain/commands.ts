import { widthOf } from '../address/cidr.ts'
import { familyOf, type IP } from '../address/ip.ts'
import type { Step } from './steps.ts'

/** Steps as a person would type them into a shell. */
export function printCommands(steps: readonly Step[]): string {
  return steps.flatMap(commandsFor).join('')
}

function commandsFor(step: Step): readonly string[] {
  switch (step.kind) {
    case 'sysctl':
      return [`sysctl -w ${step.name}=${step.value}\n`]
    case 'interface':
      return [
        step.verb === 'add'
          ? `ip link add ${step.name} type dummy\n`
          : `ip link delete ${step.name}\n`,
      ]
    case 'addresses':
      return step.addresses.map(
        (ip) => `ip address ${step.verb} ${withPrefix(ip)} dev ${step.interface}\n`,
      )
    case 'rules':
      return [`${loaders[step.by]} <<'EOF'\n${step.text}EOF\n`]
  }
}

const loaders = {
  nftables: 'nft -f -',
  iptables: 'iptables-legacy-restore --noflush',
  ip6tables: 'ip6tables-legacy-restore --noflush',
} as const

/** A step for people who want to know what would change. */
export interface StepLine {
  readonly sign: '+' | '-' | '~'
  readonly text: string
}

/** Steps in short. */
export function linesOf(steps: readonly Step[]): readonly StepLine[] {
  return steps.flatMap(linesFor)
}

function linesFor(step: Step): readonly StepLine[] {
  switch (step.kind) {
    case 'sysctl':
      return [{ sign: '~', text: `sysctl ${step.name}=${step.value} (now ${step.was})` }]
    case 'interface':
      return [{ sign: signs[step.verb], text: `interface ${step.name}` }]
    case 'addresses':
      return step.addresses.map((ip) => ({
        sign: signs[step.verb],
        text: `address ${withPrefix(ip)} on ${step.interface}`,
      }))
    case 'rules':
      if (step.verb === 'change') return elementLines(step.text)
      return [{ sign: step.verb === 'load' ? '+' : '-', text: `rules of ${step.by}` }]
  }
}

const signs = { add: '+', delete: '-' } as const

/** `add element inet nodeport servers4 { 10.96.0.10 . tcp . 80 : goto clusterip }` in short. */
function elementLines(text: string): readonly StepLine[] {
  return [...text.matchAll(/^(add|delete) element inet \S+ (\S+) \{ (.*) \}$/gm)].flatMap(
    ([, verb, set, elements = '']) =>
      elements.split(', ').map((element): StepLine => {
        return { sign: verb === 'add' ? '+' : '-', text: `nftables ${set} ${element}` }
      }),
  )
}

export function withPrefix(ip: IP): string {
  return `${ip}/${widthOf(familyOf(ip))}`
}
