import { setFlagsFromString } from 'node:v8'

let isExpected = false

/**
 * Tells V8 that there is much to be done, more than a megabyte of manifests or a thousand virtual
 * servers. The one of Node 20 optimises early and inlines a lot, and by the time that it is ready most
 * of our work is over: waiting longer and inlining less takes an eighth of the time off a check of
 * 20,000 objects, and a fifth where there is one processor alone. Later ones have a compiler in between.
 */
export function expectMuch(): void {
  if (isExpected) return
  isExpected = true
  if (!process.versions.node.startsWith('20.')) return
  setFlagsFromString('--interrupt-budget=400000')
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=250')
}
