import { Command, type Option } from 'commander'
import type { World } from '../world/world.ts'
import type { ExitCode } from './exit-code.ts'
import type { Verb } from './verb.ts'
import { versionLine } from './version.ts'
import { agentVerb } from './words/agent.ts'
import { applyVerb } from './words/apply.ts'
import { auditVerb } from './words/audit.ts'
import { checkVerb } from './words/check.ts'
import { completeVerb } from './words/complete.ts'
import { completionVerb } from './words/completion.ts'
import { confirmVerb } from './words/confirm.ts'
import { deleteVerb } from './words/delete.ts'
import { describeVerb } from './words/describe.ts'
import { diffVerb } from './words/diff.ts'
import { doctorVerb } from './words/doctor.ts'
import { drainVerb } from './words/drain.ts'
import { explainVerb } from './words/explain.ts'
import { fleetVerb } from './words/fleet.ts'
import { getVerb } from './words/get.ts'
import { graphVerb } from './words/graph.ts'
import { importVerb } from './words/import.ts'
import { listVerb } from './words/list.ts'
import { manVerb } from './words/man.ts'
import { restoreVerb } from './words/restore.ts'
import { undrainVerb } from './words/undrain.ts'
import { uninstallVerb } from './words/uninstall.ts'
import { versionVerb } from './words/version.ts'
import { zeroVerb } from './words/zero.ts'

/** Every verb nodeport knows, in the order in which help lists them. */
export const verbs: readonly Verb[] = [
  checkVerb,
  listVerb,
  getVerb,
  describeVerb,
  explainVerb,
  graphVerb,
  importVerb,
  applyVerb,
  confirmVerb,
  diffVerb,
  deleteVerb,
  auditVerb,
  doctorVerb,
  restoreVerb,
  drainVerb,
  undrainVerb,
  zeroVerb,
  uninstallVerb,
  agentVerb,
  fleetVerb,
  completionVerb,
  manVerb,
  versionVerb,
]

/**
 * The words of the command line. The verb that is asked for is the only one that gets its flags, or
 * stands there at all, and its code is loaded when it runs, so that no verb pays for another.
 */
export function programFor(
  asked: string | undefined,
  world: World,
  finish: (code: ExitCode) => void,
): Command {
  const program = new Command('nodeport')
    .description('Compiles Kubernetes Services into IPVS virtual servers')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeOut: world.print, writeErr: world.say })
    .configureHelp({ optionDescription, showGlobalOptions: true })
    .option('--netns <where>', 'in a network namespace: its name, its path, or a process in it')
  const every = [...verbs, completeVerb]
  const one = every.filter(({ name }) => name === asked)
  // Each verb has flags of its own, and this is none of them.
  if (one.length === 0) program.version(versionLine, '--version', 'print the version')
  const wordsOf = (verb: string | undefined) => programFor(verb, world, finish)
  for (const { name, summary, configure, isHidden } of one.length === 0 ? every : one) {
    const command = program.command(name, { hidden: isHidden === true }).description(summary)
    if (name === asked) configure(command, { world, finish, wordsOf })
  }
  return program
}

/** A default is told in words, where there are words for it. */
function optionDescription({ description, defaultValueDescription: usual }: Option): string {
  return usual === undefined || usual === '' ? description : `${description} (default: ${usual})`
}
