import { readFileSync } from 'node:fs'
import type { Material } from '../watch/kubeconfig.ts'

/** The text of a certificate, a key or a token, wherever it stands. */
export function textOf(material: Material | undefined): string | undefined {
  if (material === undefined) return undefined
  if ('text' in material) return material.text
  if ('base64' in material) return Buffer.from(material.base64, 'base64').toString('utf8')
  return readFileSync(material.file, 'utf8')
}
