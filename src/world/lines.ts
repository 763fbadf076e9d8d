import type { IncomingMessage } from 'node:http'
import { StringDecoder } from 'node:string_decoder'

/** Takes an answer line by line, until somebody wants no more; what is left of a line is dropped. */
export function eachLine(response: IncomingMessage, take: (line: string) => boolean): void {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  response.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line !== '' && !take(line)) response.destroy()
    }
  })
}
