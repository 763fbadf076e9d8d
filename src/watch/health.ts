/** What an agent can say of itself, for those who ask whether it is well. */
export interface Health {
  /** How long the table has been other than it is wanted, in milliseconds; 0 where it is as wanted. */
  readonly pending: number
  /** Has the table ever been as it is wanted? */
  readonly isReady: boolean
  readonly broken: Iterable<string>
  readonly away: readonly string[]
  /** When the table was last as it is wanted. */
  readonly updated: Date
  readonly now: Date
}

export interface HealthReply {
  readonly status: 200 | 503
  readonly body: string
}

/** Longer than two full comparisons nothing may be pending: so kube-proxy says, too. */
export function isHealthy({ pending }: Health, resync: number): boolean {
  return pending < 2 * resync
}

/** What kube-proxy answers to /healthz, with the same fields. */
export function healthz(health: Health, resync: number): HealthReply {
  const { updated, now } = health
  const isWell = isHealthy(health, resync)
  // kube-proxy says when it was last up to date; while it is, that is now.
  const lastUpdated = goTime(isWell ? now : updated)
  const fields = [
    `"lastUpdated": "${lastUpdated}"`,
    `"currentTime": "${goTime(now)}"`,
    '"nodeEligible": true',
  ]
  return { status: isWell ? 200 : 503, body: `{${fields.join(',')}}` }
}

/** The same for /livez, which knows of no node. */
export function livez(health: Health, resync: number): HealthReply {
  const { status, body } = healthz(health, resync)
  return { status, body: body.replace(',"nodeEligible": true', '') }
}

/** What an API server answers to /readyz?verbose: one line for each thing that has to be well. */
export function readyz({ isReady, broken, away }: Health): HealthReply {
  const lines: string[] = [
    isReady ? '[+]table ok' : '[-]table failed: it was never as it is wanted',
  ]
  for (const path of away) lines.push(`[-]source failed: ${JSON.stringify(path)} cannot be read`)
  for (const file of broken)
    lines.push(`[-]source failed: ${JSON.stringify(file)} has mistakes in it`)
  const isWell = lines.length === 1 && isReady
  if (lines.length === 1) lines.push('[+]source ok')
  lines.push(isWell ? 'readyz check passed' : 'readyz check failed')
  return { status: isWell ? 200 : 503, body: `${lines.join('\n')}\n` }
}

/** As Go prints a time. */
function goTime(time: Date): string {
  const text = time.toISOString()
  return `${text.slice(0, 10)} ${text.slice(11, 23)} +0000 UTC`
}
