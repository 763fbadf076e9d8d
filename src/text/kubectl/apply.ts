import { quote } from '../../object/go-text.ts'

/** Whose words these are: a Service, or the rules of a set. */
export interface Named {
  readonly kind: 'service' | 'rules'
  /** Rules are in none. */
  readonly namespace: string | undefined
  readonly name: string
}

/** The same of any object: kubectl names its kind with its group. */
export interface Titled {
  readonly kind: string
  readonly name: string
}

export type Outcome = 'created' | 'configured' | 'unchanged' | 'serverside-applied' | 'pruned'
export type DryRun = 'none' | 'client' | 'server'

/**
 * `service/web configured (dry run)`. A dry run of the client compares nothing: whatever was there
 * before counts as configured.
 */
export function printOutcome({ kind, name }: Titled, outcome: Outcome, dryRun: DryRun): string {
  const said = dryRun === 'client' && outcome === 'unchanged' ? 'configured' : outcome
  return `${kind}/${name} ${said}${suffixes[dryRun]}\n`
}

/** `service "web" deleted from default namespace`, as since Kubernetes 1.34. */
export function printDeleted({ kind, namespace, name }: Named, dryRun: DryRun): string {
  const from = namespace === undefined ? '' : ` from ${namespace} namespace`
  return `${kind} ${quote(name)} deleted${from}${suffixes[dryRun]}\n`
}

/** What kubectl says where there is none of the name. */
export function printNotFound({ kind, name }: Named): string {
  return `Error from server (NotFound): ${kind === 'service' ? 'services' : kind} ${quote(name)} not found\n`
}

const suffixes: Readonly<Record<DryRun, string>> = {
  none: '',
  client: ' (dry run)',
  server: ' (server dry run)',
}

/** A Service that the server would not take. */
export interface Invalid {
  readonly name: string
  /** The file it came from. */
  readonly file: string
  /** `spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive` */
  readonly causes: readonly string[]
}

/** What kubectl says after a run: of one failure something else than of several. */
export function printInvalid(invalid: readonly Invalid[]): string {
  const [first] = invalid
  if (first === undefined) return ''
  if (invalid.length > 1) {
    const sentences = invalid.map(({ name, file, causes }) => {
      const all = [...new Set(causes)]
      const reason = all.length === 1 ? all[0] : `[${all.join(', ')}]`
      return `Error from server (Invalid): error when creating ${quote(file)}: Service ${quote(name)} is invalid: ${reason}\n`
    })
    return sentences.join('')
  }
  const title = `The Service ${quote(first.name)} is invalid: `
  if (first.causes.length === 1) return `${title}${first.causes[0]}\n`
  return `${title}\n${first.causes.map((cause) => `* ${cause}\n`).join('')}`
}
