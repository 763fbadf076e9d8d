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

/** Debian's own kernel, or the one for packets, which has nftables too. */
export type Kind = 'usual' | 'packets'

const debianPackages = [
  ...['user-mode-linux', 'ipvsadm', 'kmod', 'iproute2', 'util-linux'],
  ...['nftables', 'iptables', 'procps', 'curl'],
]

const installCommand = `apt-get install ${debianPackages.join(' ')}`

/** What to type where the lab is missing. */
export const remedies = {
  usual: installCommand,
  packets: `${installCommand}; test/lab/kernel/build`,
} satisfies Record<Kind, string>

/** Finds the lab's tools; where they are missing and apt-get may, it installs them. */
export function findTools(kind: Kind = 'usual'): Tools | undefined {
  return toolsAtHand(kind) ?? (install() ? toolsAtHand(kind) : undefined)
}

function toolsAtHand(kind: Kind): Tools | undefined {
  const modprobe = find('modprobe')
  const others = ['ipvsadm', 'ip', 'nsenter', 'mount', 'nft', 'iptables-legacy', 'sysctl', 'curl']
  const { kernel, kernelModules } = kind === 'usual' ? debianKernel() : kernelForPackets()
  if (kernel === undefined || modprobe === undefined) return undefined
  if (others.map(find).includes(undefined)) return undefined
  if (!isExecutable(kernel) || !existsSync(kernelModules)) return undefined
  return { kernel, kernelModules, kmod: realpathSync(modprobe) }
}

type Found = Pick<Tools, 'kernelModules'> & { readonly kernel: string | undefined }

function debianKernel(): Found {
  return {
    kernel: process.env.NODEPORT_LAB_KERNEL ?? find('linux.uml'),
    kernelModules: process.env.NODEPORT_LAB_MODULES ?? '/usr/lib/uml/modules',
  }
}

/** It is built before the tests, not among them: that takes minutes. */
function kernelForPackets(): Found {
  const script = join(process.cwd(), 'test/lab/kernel/build')
  const folder = execFileSync('sh', [script, '--where'], { encoding: 'utf8' }).trim()
  return { kernel: join(folder, 'linux'), kernelModules: join(folder, 'modules') }
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
