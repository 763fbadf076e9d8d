import { expect, test } from '@jest/globals'
import { run } from '../support/console.ts'

test.each([
  ['get svc web', 'Error from server (NotFound): services "web" not found\n', 1],
  ['get SVC/myapp services/web', 'Error from server (NotFound): services "web" not found\n', 1],
  ['get svc web -l app=web', 'error: name cannot be provided when a selector is specified\n', 2],
  ['get svc web -A', 'error: a resource cannot be retrieved by name across all namespaces\n', 2],
  ['get svc/a/b', 'error: arguments in resource/name form may not have more than one slash\n', 2],
  ['get svc/', 'error: arguments in resource/name form must have a single resource and name\n', 2],
  [
    'get svc po/web',
    'error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form\nhelp: write po/web alone, or the type and the names apart\n',
    2,
  ],
  [
    'get servcies',
    'error: nodeport knows no resource type "servcies"\nhelp: did you mean "services"?\n',
    2,
  ],
  [
    'get svc -l a=(',
    `Error from server (BadRequest): Unable to find "/v1, Resource=services" that match label selector "a=(", field selector "": unable to parse requirement: found '(', expected: identifier\n`,
    1,
  ],
  [
    'describe nodes',
    'error: nodeport knows no resource type "nodes"\nhelp: there are services\n',
    2,
  ],
  ['describe svc web', 'Error from server (NotFound): services "web" not found\n', 1],
])('%s', async (line, err, exit) => {
  expect(await run([...line.split(' '), '-f', '.'], 'fixtures/seeds')).toMatchObject({ err, exit })
})

test('the endpoints that a ledger holds are those that were put into the kernel', async () => {
  const out = await run(['get', 'ep', '--ledger', 'ledger.json'], 'fixtures/stories/ledger')
  expect(out.out).toContain('10.233.66.21:80,10.233.67.8:80,10.233.68.5:80')
})
