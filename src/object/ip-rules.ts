import { printCIDR, readCIDR, singleAddress } from '../address/cidr.ts'
import { type IP, ipIn, isPlainIPv4, readIP } from '../address/ip.ts'
import { type ApiError, type Field, invalid, noErrors } from './api-error.ts'
import { quote } from './go-text.ts'

// Addresses as Kubernetes 1.36 wants them, with its gate StrictIPCIDRValidation on.

/** An address in a field older than the strict rules: it need not be in canonical form. */
export function ipErrors(at: Field, text: string): readonly ApiError[] {
  if (isPlainIPv4(text)) return noErrors
  const read = readIP(text)
  if (read === undefined) {
    const detail = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'
    return [invalid(at, quote(text), detail)]
  }
  const help = `write "${read.ip}"`
  if (read.leadingZeros) return [invalid(at, quote(text), 'must not have leading 0s', help)]
  if (!read.mapped) return noErrors
  return [invalid(at, quote(text), 'must not be an IPv4-mapped IPv6 address', help)]
}

/** An address in a newer field. */
export function canonicalIPErrors(at: Field, text: string): readonly ApiError[] {
  const errors = ipErrors(at, text)
  const ip = ipIn(text)
  if (errors.length > 0 || ip === undefined || ip === text) return errors
  const detail = `must be in canonical form (${quote(ip)})`
  return [invalid(at, quote(text), detail, `write "${ip}"`)]
}

/** An address that packets can be sent to from elsewhere. */
export function destinationErrors(at: Field, text: string): readonly ApiError[] {
  const ip = ipIn(text)
  if (ip === undefined) return [invalid(at, quote(text), 'must be a valid IP address')]
  const detail = faultOfDestination(ip, text)
  return detail === undefined ? noErrors : [invalid(at, quote(text), detail)]
}

function faultOfDestination(ip: IP, text: string): string | undefined {
  if (ip === '0.0.0.0' || ip === '::') return `may not be unspecified (${text})`
  if (ip === '::1' || ip.startsWith('127.')) {
    return 'may not be in the loopback range (127.0.0.0/8, ::1/128)'
  }
  if (ip.startsWith('169.254.') || /^fe[89ab].:/.test(ip)) {
    return 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'
  }
  if (ip.startsWith('224.0.0.') || /^ff.2:/.test(ip)) {
    return 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'
  }
  return undefined
}

/** A block of addresses in a field older than the strict rules. */
export function cidrErrors(at: Field, text: string): readonly ApiError[] {
  const read = readCIDR(text)
  if (read === undefined) {
    const detail = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'
    const ip = ipIn(text)
    const help = ip === undefined ? undefined : `write "${printCIDR(singleAddress(ip))}"`
    return [invalid(at, quote(text), detail, help)]
  }
  const detail = read.leadingZeros
    ? 'must not have leading 0s in IP or prefix length'
    : read.mapped
      ? 'must not have an IPv4-mapped IPv6 address'
      : read.address !== read.cidr.base
        ? 'must not have bits set beyond the prefix length'
        : undefined
  if (detail === undefined) return noErrors
  return [invalid(at, quote(text), detail, `write "${printCIDR(read.cidr)}"`)]
}
