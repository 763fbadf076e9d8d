import { byteLength } from './go-text.ts'

// The forms of names in Kubernetes. Each function answers what is wrong, in the server's words.
// Names of objects are counted in characters and labels in bytes; Go counts bytes for both.

const none: readonly string[] = []

const dnsLabel = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const dnsSubdomain = `${dnsLabel}(\\.${dnsLabel})*`
const labelKey = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const labelValue = `(${labelKey})?`

const isDNSLabel = new RegExp(`^${dnsLabel}$`)
const isDNSSubdomain = new RegExp(`^${dnsSubdomain}$`)
const isLabelKey = new RegExp(`^${labelKey}$`)
const isLabelValue = new RegExp(`^${labelValue}$`)

/** A DNS label as RFC 1123 has it: the names of Services, namespaces and ports. */
export function faultsOfDNSLabel(text: string): readonly string[] {
  if (text.length <= 63 && isDNSLabel.test(text)) return none
  const faults = longer(text, 63, 'characters')
  if (isDNSLabel.test(text)) return faults
  if (isDNSSubdomain.test(text)) return [...faults, 'must not contain dots']
  return [
    ...faults,
    `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${dnsLabel}')`,
  ]
}

/** Labels with dots between them: the names of most objects. */
export function faultsOfDNSSubdomain(
  text: string,
  unit: 'characters' | 'bytes' = 'characters',
): readonly string[] {
  if (text.length <= 253 && isDNSSubdomain.test(text)) return none
  const faults = longer(text, 253, unit)
  if (isDNSSubdomain.test(text)) return faults
  return [
    ...faults,
    `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${dnsSubdomain}')`,
  ]
}

/** The key of a label, or a qualified name: `example.com/MyName`. */
export function faultsOfLabelKey(text: string): readonly string[] {
  const slash = text.indexOf('/')
  if (slash < 0) {
    return text.length <= 63 && isLabelKey.test(text) ? none : faultsOfNamePart(text)
  }
  const [prefix, name] = [text.slice(0, slash), text.slice(slash + 1)]
  if (name.includes('/')) {
    return [
      `a valid label key ${keyText} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ]
  }
  const ofPrefix = prefix === '' ? ['must be non-empty'] : faultsOfDNSSubdomain(prefix, 'bytes')
  if (ofPrefix.length === 0 && name.length <= 63 && isLabelKey.test(name)) return none
  return [...ofPrefix.map((fault) => `prefix part ${fault}`), ...faultsOfNamePart(name)]
}

const keyText = `must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${labelKey}')`

function faultsOfNamePart(name: string): string[] {
  const faults = name === '' ? ['must be non-empty'] : longer(name, 63, 'bytes')
  if (!isLabelKey.test(name)) faults.push(keyText)
  return faults.map((fault) => `name part ${fault}`)
}

export function faultsOfLabelValue(text: string): readonly string[] {
  if (text.length <= 63 && isLabelValue.test(text)) return none
  const faults = longer(text, 63, 'bytes')
  if (isLabelValue.test(text)) return faults
  return [
    ...faults,
    `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '${labelValue}')`,
  ]
}

/** The name of a container's port, which a targetPort may say. */
export function faultsOfPortName(text: string): readonly string[] {
  const faults = longer(text, 15, 'characters')
  if (!/^[-a-z0-9]+$/.test(text)) {
    faults.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)')
  }
  if (!/[a-z]/.test(text)) faults.push('must contain at least one letter (a-z)')
  if (text.includes('--')) faults.push('must not contain consecutive hyphens')
  if (text.startsWith('-') || text.endsWith('-')) {
    faults.push('must not begin or end with a hyphen')
  }
  return faults
}

/** The nearest text that would do as a DNS label, if there is a near one. */
export function asDNSLabel(text: string): string | undefined {
  const near = text
    .toLowerCase()
    .replace(/[^-a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '')
  return near === '' || near === text ? undefined : near
}

function longer(text: string, most: number, unit: 'characters' | 'bytes'): string[] {
  if (text.length * 3 <= most || byteLength(text) <= most) return []
  return [`must be no more than ${most} ${unit}`]
}
