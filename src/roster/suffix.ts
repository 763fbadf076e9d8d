import { hashOf } from '../pool/hash.ts'

// Kubernetes' own: no vowels, so that no words come about, and nothing that looks like another.
const letters = 'bcdfghjklmnpqrstvwxz2456789'

/** The letters that Kubernetes would draw at random to make a name unique: here the same each time. */
export function suffixFor(name: string, length = 5): string {
  let suffix = ''
  for (let hash = hashOf(name); suffix.length < length; hash = Math.floor(hash / letters.length)) {
    if (suffix.length % 5 === 0) hash = hashOf(`${name}#${suffix.length}`)
    suffix += letters[hash % letters.length]
  }
  return suffix
}
