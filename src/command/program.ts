import { Command } from 'commander'
import type { World } from '../world/world.ts'
import type { ExitCode } from './exit-code.ts'

/**
 * Every verb nodeport knows, and what each is told. The help text lives nowhere else. The code of a
 * verb is loaded when it runs, so that no verb pays for another.
 */
export function programFor(world: World, finish: (code: ExitCode) => void): Command {
  const program = new Command('nodeport')
    .description('Compiles Kubernetes Services into IPVS virtual servers')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeOut: world.print, writeErr: world.say })

  program
    .command('version')
    .description('print the version')
    .option('-o, --output <format>', 'json, or a line of text where it is left out')
    .action(async ({ output }: { output?: string }) => {
      const { version } = await import('./version.ts')
      finish(version({ output }, world))
    })

  return program
}
