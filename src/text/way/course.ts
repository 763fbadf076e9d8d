import { withPort } from '../../address/ip.ts'
import type { Paint } from '../../diagnostic/frame.ts'
import { printable } from '../../diagnostic/printable.ts'
import type { Packet } from '../../table/way.ts'
import type { Course, Flow, WayOn } from '../../terrain/course.ts'
import type { Connection } from '../ipvsadm/connections.ts'
import { alignColumns, describeStyle } from '../kubectl/columns.ts'

/** The way of a flow through a machine as it is now, in words. */
export function printCourse(
  { source, packet }: Flow,
  course: Course,
  known: readonly Connection[],
  paint: Paint,
): string {
  const head = `${paint.strong(`${source} -> ${placeOf(packet)}`)}\n`
  const ways = course.ways.map((way, index) => [
    index === 0 ? 'Goes to:' : '',
    withPort(way.realServer.address, way.realServer.port),
    fateOf(way),
  ])
  const connections = known.map(({ client, destination, state, expires }, index) => [
    index === 0 ? 'Known:' : '',
    `from port ${client.port} to ${withPort(destination.address, destination.port)}`,
    `${state}, for ${expires} s`,
  ])
  const lines = [
    ...(course.end === undefined ? [] : [['Ends:', course.end]]),
    ...ways,
    ['Client:', clientOf(course)],
    ...connections,
  ]
  return (
    head +
    alignColumns(
      lines.map((line) => line.map(printable)),
      describeStyle,
    )
  )
}

/** The same for scripts. */
export function courseFields(
  { source, packet }: Flow,
  { fate, end, ways }: Course,
  known: readonly Connection[],
): object {
  return {
    apiVersion: 'nodeport.io/v1',
    kind: 'Course',
    source,
    destination: placeOf(packet),
    client: fate,
    ...(end === undefined ? {} : { end }),
    ways: ways.map(({ realServer, fate: own, why, seen }) => ({
      realServer: withPort(realServer.address, realServer.port),
      client: own,
      ...(why === undefined ? {} : { why }),
      ...(seen === undefined ? {} : { seenAs: seen }),
    })),
    connections: known.map(({ client, destination, state, expires }) => ({
      port: client.port,
      realServer: withPort(destination.address, destination.port),
      state,
      expires,
    })),
  }
}

function placeOf({ protocol, address, port }: Packet): string {
  const place = withPort(address, port)
  return protocol === 'TCP' ? place : `${place}/${protocol.toLowerCase()}`
}

function fateOf({ fate, why, seen }: WayOn): string {
  if (why !== undefined) return `${words[fate]}: ${why}`
  return seen === undefined ? words[fate] : `${words[fate]}, and sees ${seen}`
}

const words = {
  answered: 'answers',
  refused: 'refuses',
  waits: 'is not heard of again',
  'told that there is no such host': 'is not to be found',
} as const

function clientOf({ fate }: Course): string {
  switch (fate) {
    case 'depends':
      return 'is answered or not, as chance has it'
    case 'waits':
      return 'waits until it gives up'
    default:
      return `is ${fate}`
  }
}
