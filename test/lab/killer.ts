import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

// Loaded before the program: kills it, as by `kill -9`, before its effect of the number KILL_AT on
// files or on the kernel. Whoever gives a number that is too high learns at the end how many there
// were.

const killAt = Number(process.env.KILL_AT)
let effects = 0

function countThen<A extends unknown[], R>(act: (...all: A) => R): (...all: A) => R {
  return function (this: unknown, ...all: A): R {
    if (effects === killAt) process.kill(process.pid, 'SIGKILL')
    effects += 1
    return act.apply(this, all)
  }
}

fs.writeSync = countThen(fs.writeSync) as typeof fs.writeSync
fs.fsyncSync = countThen(fs.fsyncSync)
fs.renameSync = countThen(fs.renameSync)
fs.linkSync = countThen(fs.linkSync)
fs.rmSync = countThen(fs.rmSync)
syncBuiltinESMExports()

const { RawNetlinkSocket } = require('netlink/dist/raw.js')
const { send } = RawNetlinkSocket.prototype
const sendAndCount = countThen(send)
RawNetlinkSocket.prototype.send = function (
  this: unknown,
  message: Uint8Array,
  ...more: unknown[]
) {
  return (asks(message) ? send : sendAndCount).call(this, message, ...more)
}

/** Questions have no effect, and there may be thousands: for the family, or for a list. */
function asks(message: Uint8Array): boolean {
  const view = new DataView(message.buffer, message.byteOffset)
  const [control, dump] = [view.getUint16(4, true) === 16, (view.getUint16(6, true) & 0x300) !== 0]
  return control || dump
}

process.once('exit', () => process.stderr.write(`effects: ${effects}\n`))
