import { type Compiled, type CompileOptions, compile } from '../compile.ts'
import type { Diagnostic, Report } from '../diagnostic/diagnostic.ts'
import { hasErrors } from '../diagnostic/diagnostic.ts'
import type { Source } from '../diagnostic/source.ts'
import type { ServiceSpec } from '../object/service.ts'
import { withoutIgnored } from '../survey/ignore.ts'
import { type ProxyConfig, readProxyConfig } from '../table/proxy-config.ts'
import {
  defaultSettings,
  type Settings,
  settingsFrom,
  type WordingKey,
} from '../table/service-settings.ts'
import type { ViewOptions } from '../table/view.ts'
import { type World, WorldError } from '../world/world.ts'
import { complain } from './complain.ts'
import type { ColourOption, InputOptions, PoolFlags, ViewFlags } from './options.ts'

export type CompileFlags = InputOptions & PoolFlags & ViewFlags & ColourOption

export interface CompiledInput extends Compiled {
  readonly sources: readonly Source[]
}

/**
 * What the manifests of a command line compile to. Every mistake is said at once, and where there is
 * an error nothing is answered.
 */
export async function compileInput(
  flags: CompileFlags,
  held: ReadonlyMap<string, ServiceSpec>,
  world: World,
): Promise<CompiledInput | undefined> {
  const sources = readInput(flags, world)
  const { options, faults } = compileOptions(flags, held, world)
  const compiled = compile(sources, options)
  const { kept } = withoutIgnored(compiled.diagnostics, { sources, cluster: compiled.cluster })
  const diagnostics = [...faults, ...kept]
  await complain(diagnostics, sources, flags.color, world)
  return hasErrors(diagnostics) ? undefined : { ...compiled, sources }
}

/** The manifests that `-f` names: at least one, since saying nothing could mean anything. */
export function readInput({ filename, recursive }: InputOptions, world: World): Source[] {
  if (filename.length > 0) return world.readSources(filename, recursive)
  throw new WorldError('must specify one of -f and --rules', { kind: 'input' })
}

interface Reading {
  readonly options: CompileOptions
  readonly faults: readonly Diagnostic[]
}

function compileOptions(
  flags: CompileFlags,
  held: ReadonlyMap<string, ServiceSpec>,
  world: World,
): Reading {
  const faults: Diagnostic[] = []
  const config = configFrom(flags, world, (fault) => void faults.push(fault))
  const { nodePortRange, reserveNodePorts, serviceCidr, namespace } = flags
  const pools = {
    nodePorts: nodePortRange,
    reservedNodePorts: reserveNodePorts,
    serviceCIDRs: serviceCidr,
  }
  const view = viewFrom(flags, config, world)
  return { options: { namespace, held, pools, settings: settings(flags, config), view }, faults }
}

function configFrom({ config }: ViewFlags, world: World, report: Report): ProxyConfig | undefined {
  if (config === undefined) return undefined
  const [source] = world.readSources([config], false)
  return source === undefined ? undefined : readProxyConfig(source, report)
}

const flagNames: Readonly<Record<WordingKey, string>> = {
  scheduler: '--scheduler',
  schedulerFlags: '--scheduler-flags',
  forwarding: '--forwarding',
  thresholds: '--thresholds',
}

function settings(flags: ViewFlags, config: ProxyConfig | undefined): Settings {
  const { scheduler, schedulerFlags, forwarding } = flags
  const wording = { scheduler, schedulerFlags, forwarding }
  return settingsFrom(wording, config?.settings ?? defaultSettings, (key, { reason, help }) => {
    throw new WorldError(`${flagNames[key]}: ${reason}`, { kind: 'input', help })
  })
}

function viewFrom(flags: ViewFlags, config: ProxyConfig | undefined, world: World): ViewOptions {
  const { role, vip, backend, node, nodeIp, nodeportAddresses } = flags
  if (role === 'director') return { role, vips: vip, backends: backend }
  return {
    role,
    node: node ?? config?.hostnameOverride,
    nodeIPs: nodeIp,
    nodePortAddresses: nodeportAddresses ?? config?.nodePortAddresses ?? [],
    host: { name: world.host.name(), addresses: world.host.addresses() },
  }
}
