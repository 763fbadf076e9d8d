import packageFile from '../../package.json' with { type: 'json' }
import type { CIDR } from '../address/cidr.ts'
import { type PortRange, parseRange } from '../address/port.ts'
import { understand } from '../compile.ts'
import { type Diagnostic, inReadingOrder, type Severity } from '../diagnostic/diagnostic.ts'
import { plain, renderDiagnostic } from '../diagnostic/frame.ts'
import { printable } from '../diagnostic/printable.ts'
import type { Source } from '../diagnostic/source.ts'
import { didYouMean } from '../diagnostic/suggest.ts'
import type { Cluster } from '../object/cluster.ts'
import { everyComplaint } from '../object/complaints.ts'
import type { ServiceSpec } from '../object/service.ts'
import { serviceSpecs } from '../pool/held.ts'
import { withoutIgnored } from '../survey/ignore.ts'
import { survey } from '../survey/survey.ts'
import type { Facts } from '../survey/surveyed.ts'
import { nodePortIPs } from '../table/node-addresses.ts'
import { defaultSettings } from '../table/service-settings.ts'
import { countOf, type Findings, findingOf } from '../text/findings/finding.ts'
import { printGitHubFindings } from '../text/findings/github.ts'
import { printJSONFindings } from '../text/findings/json.ts'
import { printJUnitFindings } from '../text/findings/junit.ts'
import { printSARIFFindings } from '../text/findings/sarif.ts'
import { printSummary } from '../text/findings/summary.ts'
import { type World, WorldError } from '../world/world.ts'
import { poolsFrom, readInput } from './compile-input.ts'
import { ExitCode } from './exit-code.ts'
import { readLedger } from './ledger.ts'
import type { ColourOption, InputOptions, LedgerFlag, NodePortFlags } from './options.ts'

export interface CheckFlags extends InputOptions, NodePortFlags, LedgerFlag, ColourOption {
  readonly serviceCidr: readonly CIDR[] | undefined
  readonly allowEmpty: boolean
  readonly level: Severity
  readonly failOn: 'error' | 'warning'
  readonly ignore: readonly string[]
  readonly format: readonly Output[]
  readonly ephemeralRange: PortRange | undefined
  readonly ephemeralReserved: readonly PortRange[] | undefined
  readonly host: boolean
  readonly node: string | undefined
  /** Milliseconds. */
  readonly drainTimeout: number | undefined
  readonly verbose: boolean
}

/** A format, and where it goes: standard output where there is no file. */
export interface Output {
  readonly format: 'text' | 'json' | 'github' | 'sarif' | 'junit'
  readonly file: string | undefined
}

/** Says all that is wrong with manifests, and what may come of the rest. */
export async function check(flags: CheckFlags, world: World): Promise<ExitCode> {
  const codes = ignoredCodes(flags)
  checkOutputs(flags)
  const sources = readInput(flags, world)
  const { cluster, diagnostics } = findIn(sources, flags, world)
  if (isEmpty(cluster, diagnostics) && !flags.allowEmpty) {
    const help = 'give the files that are meant, or --allow-empty'
    throw new WorldError('there are no objects in the input', { kind: 'input', help })
  }
  const { kept, ignored } = withoutIgnored(diagnostics, { sources, cluster }, codes)
  const shown = inReadingOrder(kept.filter(isAtLeast(flags.level)), sources)
  const findings = findingsOf(shown, kept, ignored, sources, cluster)

  for (const output of flags.format) await write(output, shown, findings, flags, world)
  if (flags.verbose) world.say(passedOver(cluster))
  world.say(printSummary(findings))
  return shown.some(isAtLeast(flags.failOn)) ? ExitCode.No : ExitCode.Done
}

interface Found {
  readonly cluster: Cluster
  readonly diagnostics: readonly Diagnostic[]
}

function findIn(sources: readonly Source[], flags: CheckFlags, world: World): Found {
  const facts = factsFrom(flags, world)
  const { pools, held } = facts
  const { namespace } = flags
  const read = understand(sources, { namespace, pools, held, settings: defaultSettings })
  const diagnostics = [...read.diagnostics]
  survey({ ...read, sources }, facts, (diagnostic) => void diagnostics.push(diagnostic))
  return { cluster: read.cluster, diagnostics }
}

function factsFrom(flags: CheckFlags, world: World): Facts {
  const { node, drainTimeout } = flags
  return {
    pools: poolsFrom(flags),
    held: heldBy(flags, world),
    ephemeral: ephemeralPorts(flags, world),
    node,
    hostAddresses: flags.host ? nodePortIPs(world.host.addresses(), [], []) : [],
    drainTimeout: drainTimeout && drainTimeout / 1000,
  }
}

/** No ledger is looked for unasked: the same manifests are the same to every machine. */
function heldBy(flags: CheckFlags, world: World): ReadonlyMap<string, ServiceSpec> {
  return flags.ledger === undefined ? new Map() : serviceSpecs(readLedger(flags, world))
}

function ephemeralPorts(flags: CheckFlags, world: World): Facts['ephemeral'] {
  const host = flags.host ? world.host.ephemeralPorts() : usualHost
  return {
    range: flags.ephemeralRange ?? { first: host.first, last: host.last },
    reserved: flags.ephemeralReserved ?? rangesIn(host.reserved),
  }
}

/** What Linux does where nobody changed it. */
const usualHost = { first: 32768, last: 60999, reserved: '' }

function rangesIn(list: string): readonly PortRange[] {
  return list.split(',').flatMap((part) => {
    const range = parseRange(part)
    return typeof range === 'string' ? [] : range
  })
}

/** The codes that --ignore names. What an API server would refuse cannot be ignored. */
function ignoredCodes({ ignore }: CheckFlags): readonly string[] {
  const codes = ignore.flatMap((list) => list.split(',')).flatMap((code) => code.trim() || [])
  for (const code of codes) {
    const rule = everyComplaint.find((it) => it.code === code)
    if (rule?.severity === 'error') {
      throw new WorldError(`--ignore: "${code}" is an error, which cannot be ignored`, {
        kind: 'input',
      })
    }
    if (rule !== undefined) continue
    const known = everyComplaint.filter(({ severity }) => severity !== 'error').map((it) => it.code)
    throw new WorldError(`--ignore: there is no finding "${printable(code)}"`, {
      kind: 'input',
      help: didYouMean(code, known) ?? '`nodeport explain` lists them all',
    })
  }
  return codes
}

/** A document that has other text around it is none. */
function checkOutputs({ format }: CheckFlags): void {
  const printed = format.filter(({ file }) => file === undefined)
  const document = printed.find((it) => it.format !== 'text' && it.format !== 'github')
  if (document === undefined || printed.length < 2) return
  throw new WorldError(`--format ${document.format} must be alone on standard output`, {
    kind: 'input',
    help: 'give the others files of their own with --output',
  })
}

function isEmpty({ objects, passedOver }: Cluster, diagnostics: readonly Diagnostic[]): boolean {
  return objects + passedOver.size + diagnostics.length === 0
}

const order: readonly Severity[] = ['note', 'warning', 'error']

function isAtLeast(least: Severity): (diagnostic: Diagnostic) => boolean {
  return ({ severity }) => order.indexOf(severity) >= order.indexOf(least)
}

function findingsOf(
  shown: readonly Diagnostic[],
  kept: readonly Diagnostic[],
  ignored: number,
  sources: readonly Source[],
  cluster: Cluster,
): Findings {
  const hidden = (severity: Severity): number => countOf(kept, severity) - countOf(shown, severity)
  return {
    findings: shown.map(findingOf),
    files: [...new Set(sources.map(({ name }) => name))],
    objects: cluster.objects,
    ignored,
    hidden: { error: hidden('error'), warning: hidden('warning'), note: hidden('note') },
    rules: everyComplaint,
    version: packageFile.version,
  }
}

const printers: Record<Exclude<Output['format'], 'text'>, (findings: Findings) => string> = {
  json: printJSONFindings,
  github: printGitHubFindings,
  sarif: printSARIFFindings,
  junit: printJUnitFindings,
}

async function write(
  { format, file }: Output,
  shown: readonly Diagnostic[],
  findings: Findings,
  { color }: CheckFlags,
  world: World,
): Promise<void> {
  const paint = file === undefined ? await world.paintFor('stdout', color) : plain
  const text =
    format === 'text'
      ? shown.map((diagnostic) => renderDiagnostic(diagnostic, paint)).join('\n')
      : printers[format](findings)
  if (file === undefined) world.print(text)
  else world.writeFile(file, text)
}

function passedOver({ passedOver }: Cluster): string {
  const kinds = [...passedOver].map(([kind, count]) => `${count} ${printable(kind)}`)
  return `passed over: ${kinds.length === 0 ? 'nothing' : kinds.join(', ')}\n`
}
