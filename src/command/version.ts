import packageFile from '../../package.json' with { type: 'json' }
import type { World } from '../world/world.ts'
import { ExitCode } from './exit-code.ts'

export interface VersionOptions {
  readonly output?: 'json'
}

const kubernetes = '1.36'

/** In one line, for `--version` too. */
export const versionLine = `nodeport ${packageFile.version} (rules of Kubernetes ${kubernetes})`

/** Prints which nodeport this is, and which Kubernetes' rules it follows. */
export function version({ output }: VersionOptions, world: World): ExitCode {
  const facts = { version: packageFile.version, kubernetes, node: process.versions.node }
  if (output === 'json') world.print(`${JSON.stringify(facts, undefined, 2)}\n`)
  else world.print(`${versionLine}\n`)
  return ExitCode.Done
}
