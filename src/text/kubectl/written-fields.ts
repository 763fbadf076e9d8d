import type { Fields } from '../../manifest/document.ts'
import { readAgain } from '../../manifest/read-again.ts'
import { type Kind, kinds } from '../../object/kinds.ts'
import { type KubernetesObject, map } from '../../object/metadata.ts'
import type { Pod } from '../../object/pod.ts'
import type { Origin } from '../../object/written.ts'
import { present } from './service-fields.ts'

/** An object as it was written, with its namespace, and without the bookkeeping of an API server. */
export function fieldsAsWritten(
  { namespace, origin }: KubernetesObject,
  { apiVersion, name: kind }: Kind,
): Fields {
  const fields = origin === undefined ? {} : read(origin)
  const metadata = { ...map(fields.metadata), namespace, managedFields: undefined }
  return { ...fields, apiVersion, kind, metadata: present(metadata) }
}

/** A pod that a workload would have: what its template says, and where it would be. */
export function fieldsOfSimulatedPod(pod: Pod): Fields {
  const { namespace, name, labels, annotations, origin, nodeName, podIPs } = pod
  const template = origin === undefined ? {} : map(map(read(origin).spec).template)
  const { apiVersion, name: kind } = kinds.Pod
  return {
    apiVersion,
    kind,
    metadata: present({ name, namespace, labels, annotations }),
    spec: present({ ...map(template.spec), nodeName }),
    status: present({
      conditions: [{ type: 'Ready', status: 'True' }],
      phase: pod.phase,
      podIP: podIPs[0],
      podIPs: podIPs.map((ip) => ({ ip })),
    }),
  }
}

function read({ document, path }: Origin): Fields {
  return map(readAgain(document, path))
}
