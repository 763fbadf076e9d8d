import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

/** Makes one file of a program for the lab, in the tree, so that it finds the tree's packages. */
export function bundled(tree: string, name: string): string {
  const file = join(tree, `dist/lab/${name}.cjs`)
  const options = [
    '--bundle',
    '--platform=node',
    '--format=cjs',
    '--external:netlink',
    '--loader:.md=text',
  ]
  execFileSync(
    join(tree, 'node_modules/.bin/esbuild'),
    [join(tree, `test/lab/${name}.ts`), ...options, `--outfile=${file}`, '--log-level=warning'],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  )
  return file
}
