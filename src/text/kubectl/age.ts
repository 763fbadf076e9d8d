/** The age of an object at a moment (milliseconds since 1970), as kubectl writes it. */
export function ageOf(creationTimestamp: string | undefined, now: number): string {
  const created = creationTimestamp === undefined ? Number.NaN : Date.parse(creationTimestamp)
  // Go's zero time stands for no time at all.
  if (Number.isNaN(created) || created === zeroTime) return '<unknown>'
  return printDuration(now - created)
}

const zeroTime = Date.parse('0001-01-01T00:00:00Z')

/** Milliseconds in two or three significant figures; what is left over is cut off. */
export function printDuration(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / 1000)
  if (seconds < -1) return '<invalid>'
  if (seconds < 120) return `${Math.max(0, seconds)}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's')
  if (minutes < 180) return `${minutes}m`
  const hours = Math.floor(minutes / 60)
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  const days = Math.floor(hours / 24)
  if (days < 8) return pair(days, 'd', hours % 24, 'h')
  if (days < 730) return `${days}d`
  const years = Math.floor(days / 365)
  return years < 8 ? pair(years, 'y', days % 365, 'd') : `${years}y`
}

function pair(large: number, unit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${unit}` : `${large}${unit}${small}${smallUnit}`
}

/**
 * A moment in whole seconds, as Kubernetes writes it. V8 looks for the time zone of the machine before
 * it writes its own ISO text, which takes longer than all that an apply does for a Service.
 */
export function printTime(moment: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0')
  const date = [moment.getUTCFullYear(), moment.getUTCMonth() + 1, moment.getUTCDate()].map(two)
  const time = [moment.getUTCHours(), moment.getUTCMinutes(), moment.getUTCSeconds()].map(two)
  return `${date.join('-')}T${time.join(':')}Z`
}
