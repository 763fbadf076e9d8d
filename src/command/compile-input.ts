import { type CIDR, printCIDR } from '../address/cidr.ts'
import type { IP } from '../address/ip.ts'
import {
  type Compiled,
  type CompileOptions,
  compile,
  type UnderstandOptions,
  type Understood,
  understand,
} from '../compile.ts'
import type { Diagnostic, Report } from '../diagnostic/diagnostic.ts'
import { hasErrors } from '../diagnostic/diagnostic.ts'
import type { Source } from '../diagnostic/source.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { ServiceSpec } from '../object/service.ts'
import type { PoolOptions } from '../pool/allocate.ts'
import { serviceSpecs } from '../pool/held.ts'
import { withoutIgnored } from '../survey/ignore.ts'
import { type ProxyConfig, readProxyConfig } from '../table/proxy-config.ts'
import {
  defaultSettings,
  type Settings,
  settingsFrom,
  type WordingKey,
} from '../table/service-settings.ts'
import type { ViewOptions } from '../table/view.ts'
import { withoutOurs } from '../terrain/terrain.ts'
import { type World, WorldError } from '../world/world.ts'
import { complain } from './complain.ts'
import type {
  ColourOption,
  InputOptions,
  KubeProxyFlags,
  NodePortFlags,
  PoolFlags,
  ViewFlags,
} from './options.ts'

export interface CompileFlags
  extends InputOptions,
    PoolFlags,
    ViewFlags,
    ColourOption,
    Partial<KubeProxyFlags> {
  /** Where nobody names a node, the one that has this address is meant. */
  readonly asked?: IP | undefined
}

export interface CompiledInput extends Compiled {
  readonly sources: readonly Source[]
  /** Blocks whose addresses are those of pods, as far as anybody says so. */
  readonly podCIDRs: readonly string[]
  /** Where virtual servers of others are never taken over. */
  readonly excludeCIDRs: readonly CIDR[]
}

export interface UnderstoodInput extends Understood {
  readonly sources: readonly Source[]
}

/**
 * What the manifests of a command line compile to. Every mistake is said at once, and where there is
 * an error nothing is answered.
 */
export async function compileInput(
  flags: CompileFlags,
  ledger: Ledger,
  world: World,
  sources: readonly Source[] = readInput(flags, world),
): Promise<CompiledInput | undefined> {
  const { options, faults, clusterCIDRs, excludeCIDRs } = compileOptions(
    flags,
    serviceSpecs(ledger),
    ledger,
    world,
  )
  const compiled = compile(sources, options)
  const isUsable = await complainOf(compiled, faults, sources, flags, world)
  if (!isUsable) return undefined
  const named = compiled.cluster.nodes.flatMap((node) => node.podCIDRs)
  const podCIDRs = [...new Set([...clusterCIDRs, ...named])]
  return { ...compiled, sources, podCIDRs, excludeCIDRs }
}

/** The same for whoever asks about no node: objects of every namespace are welcome. */
export async function understandInput(
  flags: InputOptions & PoolFlags & ColourOption,
  held: ReadonlyMap<string, ServiceSpec>,
  world: World,
): Promise<UnderstoodInput | undefined> {
  const sources = readInput(flags, world)
  const options = { ...understandOptions(flags, held, defaultSettings), othersToo: true }
  const understood = understand(sources, options)
  const isUsable = await complainOf(understood, [], sources, flags, world)
  return isUsable ? { ...understood, sources } : undefined
}

async function complainOf(
  { diagnostics, cluster }: Understood,
  faults: readonly Diagnostic[],
  sources: readonly Source[],
  { color }: ColourOption,
  world: World,
): Promise<boolean> {
  const { kept } = withoutIgnored(diagnostics, { sources, cluster })
  const all = [...faults, ...kept]
  await complain(all, sources, color, world)
  return !hasErrors(all)
}

/** The manifests that `-f` names: at least one, since saying nothing could mean anything. */
export function readInput({ filename, recursive }: InputOptions, world: World): Source[] {
  if (filename.length > 0) return world.readSources(filename, recursive)
  throw new WorldError('must specify -f', {
    kind: 'input',
    help: 'name a file, a directory, or - for standard input',
  })
}

export interface Reading {
  readonly options: CompileOptions
  readonly faults: readonly Diagnostic[]
  /** Those of kube-proxy's flags, else of its configuration. */
  readonly clusterCIDRs: readonly string[]
  readonly excludeCIDRs: readonly CIDR[]
}

/** What manifests are compiled with, and what is wrong with the configuration. */
export function compileOptions(
  flags: CompileFlags,
  held: ReadonlyMap<string, ServiceSpec>,
  ledger: Ledger,
  world: World,
): Reading {
  const faults: Diagnostic[] = []
  const config = configFrom(flags, world, (fault) => void faults.push(fault))
  const understanding = understandOptions(flags, held, settings(flags, config))
  return {
    options: { ...understanding, view: viewFrom(flags, config, ledger, world) },
    faults,
    clusterCIDRs: (flags.clusterCidr ?? config?.clusterCIDRs ?? []).map(printCIDR),
    excludeCIDRs: flags.ipvsExcludeCidrs ?? config?.excludeCIDRs ?? [],
  }
}

function understandOptions(
  flags: InputOptions & PoolFlags,
  held: ReadonlyMap<string, ServiceSpec>,
  settings: Settings,
): UnderstandOptions {
  return { namespace: flags.namespace, held, pools: poolsFrom(flags), settings }
}

interface SomePoolFlags extends NodePortFlags {
  readonly serviceCidr: PoolOptions['serviceCIDRs']
}

/** What there is to hand out. */
export function poolsFrom({
  nodePortRange,
  reserveNodePorts,
  serviceCidr,
}: SomePoolFlags): PoolOptions {
  return {
    nodePorts: nodePortRange,
    reservedNodePorts: reserveNodePorts,
    serviceCIDRs: serviceCidr,
  }
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

function settings(flags: CompileFlags, config: ProxyConfig | undefined): Settings {
  const { schedulerFlags, forwarding, ipvsScheduler } = flags
  // To kube-proxy an empty name is the default.
  const scheduler = flags.scheduler ?? (ipvsScheduler || undefined)
  const wording = { scheduler, schedulerFlags, forwarding }
  return settingsFrom(wording, config?.settings ?? defaultSettings, (key, { reason, help }) => {
    const isTheirs = key === 'scheduler' && flags.scheduler === undefined
    const name = isTheirs ? '--ipvs-scheduler' : flagNames[key]
    throw new WorldError(`${name}: ${reason}`, { kind: 'input', help })
  })
}

function viewFrom(
  flags: CompileFlags,
  config: ProxyConfig | undefined,
  ledger: Ledger,
  world: World,
): ViewOptions {
  const { role, vip, backend, node, nodeIp, nodeportAddresses } = flags
  if (role === 'director') return { role, vips: vip, backends: backend }
  return {
    role,
    node: node ?? config?.hostnameOverride,
    asked: flags.asked,
    nodeIPs: nodeIp,
    nodePortAddresses: nodeportAddresses ?? config?.nodePortAddresses ?? [],
    host: { name: world.host.name(), addresses: withoutOurs(world.host.addresses(), ledger) },
  }
}
