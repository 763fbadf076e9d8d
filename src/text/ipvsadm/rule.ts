import type { Said } from '../../diagnostic/complaint.ts'
import { ipvsadmRefusal, ipvsadmUsage } from '../../diagnostic/complaints.ts'
import type { RealServer, VirtualServer } from '../../table/virtual-server.ts'
import type { CommandName } from './rule-commands.ts'
import type { Topic } from './rule-topics.ts'
import type { Word } from './rule-words.ts'

/** What one line of `ipvsadm -R` asks for. */
export interface Rule {
  readonly command: CommandName | 'help' | 'version'
  /** The word that says so. */
  readonly word: Word
  /** Where each option says what it says. */
  readonly places: Places
  /** The virtual server that is meant, with what is said of it; absent where none is named. */
  readonly server: VirtualServer | undefined
  /** Absent where none is named. */
  readonly realServer: RealServer | undefined
}

export type Places = ReadonlyMap<Topic, Word>

/** Where an option that is known to be given stands. */
export function placeOf(places: Places, topic: Topic): Word {
  return places.get(topic) ?? { text: '', start: 0 }
}

/** Why a line is not carried out. */
export interface Refusal {
  readonly said: Said
  readonly at: Word
  readonly related: Elsewhere | undefined
  /** What ipvsadm prints. */
  readonly printed: string
  /** ipvsadm's exit status, where no line follows. */
  readonly status: number
  /** No line behind it is carried out. */
  readonly ends: boolean
}

export interface Elsewhere {
  readonly at: Word
  readonly label: string
}

export function isRefusal(outcome: Rule | Refusal): outcome is Refusal {
  return 'said' in outcome
}

/** What we have to say beside ipvsadm's sentence. */
export interface Aside {
  readonly label?: string | undefined
  readonly help?: string | undefined
  readonly related?: Elsewhere | undefined
}

/** ipvsadm itself refuses, and stops. */
export function wrong(sentence: string, at: Word, { related, ...aside }: Aside = {}): Refusal {
  const said = ipvsadmUsage(sentence, aside)
  return { said, at, related, printed: `${sentence}\n`, status: 2, ends: true }
}

/** The kernel refuses, and ipvsadm goes on with the next line. */
export function refused(sentence: string, at: Word, { related, ...aside }: Aside): Refusal {
  const said = ipvsadmRefusal(sentence, aside)
  return { said, at, related, printed: `${sentence}\n`, status: 255, ends: false }
}
