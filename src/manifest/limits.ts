// What a manifest may not exceed. The limits are far beyond what people and tools write, and low
// enough that whatever is within them is read in seconds and in the memory of a small machine.

/** Levels of nesting. Objects have less than ten, custom resource definitions come near 60. */
export const deepest = 200

const mebibyte = 1024 * 1024

/** Letters of a document. A list of all Services of the largest clusters has some 100 million. */
export const largest = 256 * mebibyte

/**
 * Letters of a document outside the plain dialect and JSON: its events take ten times the memory
 * that its text does. It is also the most of one value that js-yaml reads in about a second.
 */
export const largestTree = 64 * mebibyte

/** Nobody writes so much YAML that could be JSON before the first letter that could not. */
export const longestFlow = 65_536

/** Values of a document. 20,000 objects have some 3 million; each takes up to 100 bytes. */
export const mostValues = 10_000_000

/** Values that aliases and merges stand for. People repeat a few hundred, alias bombs billions. */
export const mostUnfolded = 1_000_000

/** Faults of one source. Nobody reads so many, and whoever has more has no manifests. */
export const mostFaults = 10_000

/** Repeated keys and disputed values of one document that are worth telling of. */
export const mostRepeated = 1000
export const mostDisputed = 100_000

export function inMebibytes(letters: number): number {
  return letters / mebibyte
}
