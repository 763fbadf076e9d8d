import { expect, test } from '@jest/globals'
import { plain, renderDiagnostic } from '../../src/diagnostic/frame.ts'
import { isFields } from '../../src/manifest/document.ts'
import { readDocuments } from '../../src/manifest/read.ts'
import { readMetadata } from '../../src/object/metadata.ts'
import { checkAnnotations } from '../../src/table/check-annotations.ts'
import { defaultSettings } from '../../src/table/service-settings.ts'
import { clusterOf, nodeOf, podOf, serviceOf, workloadOf } from '../support/built.ts'

test('annotations are pointed at, and the nearest known name is offered', () => {
  const text = `\
metadata:
  name: web
  annotations:
    nodeport.io/schedular: rr
    nodeport.io/scheduler: round-robin
    nodeport.io/weight: "5"
`
  expect(complaintsAbout(text)).toBe(`\
warning[annotation-unknown]: there is no annotation "nodeport.io/schedular"
 --> web.yaml:4:5
  |
4 |     nodeport.io/schedular: rr
  |     ^^^^^^^^^^^^^^^^^^^^^ unknown
help: did you mean "nodeport.io/scheduler"?
warning[annotation-misplaced]: "nodeport.io/weight" means nothing on a Service
 --> web.yaml:6:5
  |
6 |     nodeport.io/weight: "5"
  |     ^^^^^^^^^^^^^^^^^^ has no effect here
help: it belongs on a Pod, EndpointSlice, Endpoints or Node
error[annotation-value]: nodeport.io/scheduler: "round-robin" is no scheduler of IPVS
 --> web.yaml:5:28
  |
5 |     nodeport.io/scheduler: round-robin
  |                            ^^^^^^^^^^^
help: there are rr, wrr, lc, wlc, lblc, lblcr, dh, sh, sed, nq, fo, ovf, mh, twos
`)
})

test('every object is looked at, and the pods of a workload by its template', () => {
  const annotations = { 'nodeport.io/weight': 'heavy' }
  const workload = workloadOf('web')
  const cluster = clusterOf({
    pods: [podOf('web-0', { annotations })],
    nodes: [nodeOf('node-a', { annotations: { 'nodeport.io/ignore': 'anything' } })],
    workloads: [{ ...workload, template: { ...workload.template, annotations } }],
    services: [
      serviceOf({
        annotations: {
          'nodeport.io/probe': 'exec:/bin/true',
          'nodeport.io/probe-fallback': 'keep',
          'service.kubernetes.io/topology-mode': 'Auto',
        },
      }),
    ],
  })
  const messages: string[] = []
  checkAnnotations(cluster, defaultSettings, ({ message }) => messages.push(message))
  expect(messages).toEqual([
    'nodeport.io/probe: "exec:/bin/true" cannot be used',
    'nodeport.io/weight: "heavy" is no weight',
    'nodeport.io/weight: "heavy" is no weight',
  ])
})

function complaintsAbout(text: string): string {
  let seen = ''
  for (const { document, value } of readDocuments({ name: 'web.yaml', text }, () => {})) {
    if (!isFields(value)) continue
    const metadata = readMetadata(value, 'default', { document, path: [] })
    const cluster = clusterOf({ services: [serviceOf({ ...metadata })] })
    checkAnnotations(cluster, defaultSettings, (it) => {
      seen += renderDiagnostic(it, plain)
    })
  }
  return seen
}
