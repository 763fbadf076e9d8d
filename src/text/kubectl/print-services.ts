import type { Granted } from '../../pool/grant.ts'
import { listOf } from './get.ts'
import { printJSON } from './json.ts'
import { fieldsOfService } from './service-fields.ts'
import { printYAML } from './yaml.ts'

/** Services as they are after numbers and addresses were granted: one is itself, many are a List. */
export function printServices(granteds: readonly Granted[], output: 'json' | 'yaml'): string {
  const [first, ...others] = granteds.map((granted) => fieldsOfService(granted))
  const value = others.length === 0 && first !== undefined ? first : listOf([first, ...others])
  return output === 'json' ? printJSON(value) : printYAML(value)
}
