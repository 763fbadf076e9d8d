import { readFileSync } from 'node:fs'

/** What tells one run of this kernel from the next; nothing where the kernel does not say. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return ''
  }
}
