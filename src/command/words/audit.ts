import type { AuditFlags } from '../audit.ts'
import type { AuditClusterFlags } from '../audit-cluster.ts'
import {
  flag,
  oneOf,
  withCluster,
  withColour,
  withKubeProxy,
  withLedger,
  withPools,
  withView,
} from '../options.ts'
import { examples, type Verb } from '../verb.ts'

export const auditVerb: Verb = {
  name: 'audit',
  summary: 'tell what was changed in the kernel behind our back',
  configure: (command, { world, finish }) => {
    withView(
      withPools(
        withCluster(
          command,
          'kubernetes: compare with what its Services ask for',
          oneOf(['kubernetes']),
        ),
      ),
    )
    withKubeProxy(command)
    withLedger(withColour(command))
      .optionsGroup('Options:')
      .addOption(
        flag('--set <name>', "the agent's entries in the ledger", String).default('agent', 'agent'),
      )
      .addOption(flag('-o, --output <format>', 'json', oneOf(['json'])).default('words', ''))
    examples(command, [
      ['nodeport audit', 'exit code 0: nothing, 1: something'],
      ['nodeport audit --from kubernetes --node $(hostname)', 'and what kube-proxy left behind'],
    ])
    command.action(async (flags: AuditFlags | AuditClusterFlags) => {
      if ('from' in flags && flags.from === 'kubernetes') {
        const { auditCluster } = await import('../audit-cluster.ts')
        const asFromFiles = { ...flags, filename: [], recursive: false, namespace: undefined }
        finish(await auditCluster(asFromFiles, world))
      } else {
        const { audit } = await import('../audit.ts')
        finish(await audit(flags, world))
      }
    })
  },
}
