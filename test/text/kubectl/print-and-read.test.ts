import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { understand } from '../../../src/compile.ts'
import type { Service } from '../../../src/object/service.ts'
import { defaultPools } from '../../../src/pool/allocate.ts'
import { defaultSettings } from '../../../src/table/service-settings.ts'
import { fieldsOfService } from '../../../src/text/kubectl/service-fields.ts'
import { printYAML } from '../../../src/text/kubectl/yaml.ts'

// A Service that is printed with all its numbers, and read again, is the same Service.

const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('yes', '080', '~', 'a\nb\n', ''),
)
const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/)
const portName = fc.stringMatching(/^[a-z][a-z0-9]{0,10}$/)
const number = fc.integer({ min: 1, max: 65535 })
const labels = fc.dictionary(
  fc.stringMatching(/^[a-z](\.?[a-z]){0,5}$/),
  fc.stringMatching(/^[A-Za-z0-9]{0,5}$/),
)
const absent = { freq: 3, nil: undefined }

const port = fc.record({
  name: portName,
  port: number,
  protocol: fc.constantFrom('TCP', 'UDP', 'SCTP', undefined),
  targetPort: fc.oneof(number, portName, fc.constant(undefined)),
  nodePort: fc.option(fc.integer({ min: 30000, max: 32767 }), absent),
  appProtocol: fc.option(fc.constantFrom('http', 'kubernetes.io/h2c'), absent),
})

const spec = fc.record({
  type: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer', undefined),
  clusterIP: fc.constantFrom('10.96.0.77', undefined, undefined),
  ports: fc.uniqueArray(port, { minLength: 1, maxLength: 4, selector: ({ name }) => name }),
  selector: fc.option(labels, absent),
  externalIPs: fc.option(fc.constantFrom(['203.0.113.5'], ['203.0.113.5', '2001:db8::5']), absent),
  sessionAffinity: fc.constantFrom('ClientIP', 'None', undefined),
  externalTrafficPolicy: fc.constantFrom('Local', undefined),
  internalTrafficPolicy: fc.constantFrom('Local', undefined),
  publishNotReadyAddresses: fc.constantFrom(true, undefined),
  trafficDistribution: fc.constantFrom('PreferSameZone', undefined),
})

const manifest = fc.record({
  apiVersion: fc.constant('v1'),
  kind: fc.constant('Service'),
  metadata: fc.record({
    name,
    namespace: fc.option(name, absent),
    labels: fc.option(labels, absent),
    annotations: fc.option(fc.dictionary(portName, text), absent),
  }),
  spec,
})

test('what was printed of a granted Service is the same Service', () => {
  fc.assert(
    fc.property(manifest, (written) => {
      const [granted] = grantedIn(JSON.stringify(written))
      // What an API server would refuse is never printed.
      fc.pre(granted !== undefined)
      const [again] = grantedIn(printYAML(fieldsOfService(granted)))
      expect(again && modelOf(again)).toEqual(modelOf(granted))
    }),
    { numRuns: 500 },
  )
})

function grantedIn(text: string): readonly Service[] {
  const options = { pools: defaultPools, held: new Map(), settings: defaultSettings }
  const { granteds, diagnostics } = understand([{ name: 'web.yaml', text }], options)
  return diagnostics.some(({ severity }) => severity === 'error') ? [] : granteds
}

/** Without the way back to the text that it was read from. */
function modelOf({ origin: _, fields: __, ...model }: Service): object {
  return model
}
