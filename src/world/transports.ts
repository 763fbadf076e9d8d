import type { NetlinkOptions } from './netlink.ts'
import type { Transport } from './transport.ts'
import { WorldError } from './world.ts'

/** Ways to the kernel: one for most things, one for what comes in long datagrams. */
export interface Transports {
  readonly usual: Transport
  readonly wide: Transport
}

interface TransportsWish extends Pick<NetlinkOptions, 'with'> {
  /** How long a usual datagram may be. */
  readonly usual: number
  /** Where there is no way. */
  readonly help: string
}

/** The package that carries netlink is loaded only here, since few commands need it. */
export async function openTransports({
  usual,
  help,
  ...options
}: TransportsWish): Promise<Transports> {
  try {
    const { openNetlink } = await import('./netlink.ts')
    const open = (datagram: number) => openNetlink({ ...options, datagram })
    return { usual: open(usual), wide: open(32_768) }
  } catch (cause) {
    throw new WorldError('there is no way to the kernel from here', { help, cause })
  }
}

export function closeTransports({ usual, wide }: Transports): void {
  usual.close()
  wide.close()
}
