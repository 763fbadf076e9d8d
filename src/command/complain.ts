import { type Diagnostic, inReadingOrder } from '../diagnostic/diagnostic.ts'
import { renderDiagnostic } from '../diagnostic/frame.ts'
import type { Source } from '../diagnostic/source.ts'
import type { ColourWish, World } from '../world/world.ts'

/** Says what is wrong, in the order of the input. Notes are for `check` alone. */
export async function complain(
  diagnostics: readonly Diagnostic[],
  sources: readonly Source[],
  colour: ColourWish,
  world: World,
): Promise<void> {
  const said = diagnostics.filter(({ severity }) => severity !== 'note')
  if (said.length === 0) return
  const paint = await world.paintFor('stderr', colour)
  for (const diagnostic of inReadingOrder(said, sources)) {
    world.say(renderDiagnostic(diagnostic, paint))
  }
}
