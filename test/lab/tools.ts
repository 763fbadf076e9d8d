import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync, realpathSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** What the lab is made of, found on this machine. */
export interface Tools {
  /** A Linux that is a program. */
  readonly kernel: string
  /** A folder of its modules, by version. */
  readonly kernelModules: string
  /** The file behind modprobe and its like. */
  readonly kmod: string
}

const debianPackages = ['user-mode-linux', 'ipvsadm', 'kmod', 'iproute2', 'util-linux']

export const installCommand = `apt-get install ${debianPackages.join(' ')}`

/** Finds the lab's tools; where they are missing and apt-get may, it installs them. */
export function findTools(): Tools | undefined {
  return toolsAtHand() ?? (install() ? toolsAtHand() : undefined)
}

function toolsAtHand(): Tools | undefined {
  const kernel = process.env.NODEPORT_LAB_KERNEL ?? find('linux.uml')
  const modprobe = find('modprobe')
  const kernelModules = process.env.NODEPORT_LAB_MODULES ?? '/usr/lib/uml/modules'
  const others = ['ipvsadm', 'ip', 'nsenter', 'mount'].map(find)
  if (kernel === undefined || modprobe === undefined || others.includes(undefined)) return undefined
  if (!isExecutable(kernel) || !existsSync(kernelModules)) return undefined
  return { kernel, kernelModules, kmod: realpathSync(modprobe) }
}

function install(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  if (find('apt-get') === undefined) return false
  return apt('install') || (apt('update') && apt('install'))
}

function apt(verb: 'install' | 'update'): boolean {
  const words = verb === 'install' ? ['--no-install-recommends', ...debianPackages] : []
  try {
    execFileSync('apt-get', [verb, '-y', ...words], {
      stdio: 'ignore',
      timeout: 240_000,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
    return true
  } catch {
    return false
  }
}

export function find(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/bin']
  return folders.map((folder) => join(folder, program)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
