import { type Diagnostic, hasErrors } from '../diagnostic/diagnostic.ts'
import type { Table } from '../table/virtual-server.ts'
import { parseRules } from '../text/ipvsadm/parse-rules.ts'
import { printService, printServiceOptions } from '../text/ipvsadm/rules.ts'
import { listOf } from '../text/kubectl/get.ts'
import { printJSON } from '../text/kubectl/json.ts'
import { type LeftOut, manifestsOf } from '../text/kubectl/manifests.ts'
import { printYAML } from '../text/kubectl/yaml.ts'
import { type World, WorldError } from '../world/world.ts'
import { complain } from './complain.ts'
import { ExitCode } from './exit-code.ts'
import type { ColourOption, PoolFlags } from './options.ts'

export interface ImportFlags extends Pick<PoolFlags, 'serviceCidr'>, ColourOption {
  readonly filename: readonly string[]
  readonly namespace: string
  readonly output: 'yaml' | 'json'
}

/** Turns rules into Services and EndpointSlices, and tells what cannot be said in them. */
export async function importRules(flags: ImportFlags, world: World): Promise<ExitCode> {
  const table = await rulesIn(flags, world)
  if (table === undefined) return ExitCode.No
  const { namespace, serviceCidr: serviceCIDRs, output } = flags
  const { objects, left } = manifestsOf(table, { namespace, serviceCIDRs })

  if (output === 'json') world.print(printJSON(listOf(objects)))
  else world.print(objects.map(printYAML).join('---\n'))
  for (const one of left) world.say(printLeftOut(one))
  const ofIPv6 = table.some(({ family }) => family === 'IPv6')
  if (ofIPv6 && !serviceCIDRs.some(({ base }) => base.includes(':'))) {
    world.say('help: Services of IPv6 want a --service-cidr of both families to be compiled\n')
  }
  return left.length === 0 ? ExitCode.Done : ExitCode.No
}

async function rulesIn({ filename, color }: ImportFlags, world: World): Promise<Table | undefined> {
  if (filename.length === 0) {
    throw new WorldError('must specify -f', {
      kind: 'input',
      help: "name a file with rules in ipvsadm's words, or - for standard input",
    })
  }
  const sources = world.readSources(filename, false)
  const diagnostics: Diagnostic[] = []
  const tables = sources.map(
    (source) => parseRules(source, (it) => void diagnostics.push(it)).table,
  )
  await complain(diagnostics, sources, color, world)
  return hasErrors(diagnostics) ? undefined : tables.flat()
}

function printLeftOut({ server, reason }: LeftOut): string {
  const rule = `-A ${printService(server)}${printServiceOptions(server)}`
  return `warning: left out: ${rule}: ${reason}\n`
}
