import { describe, expect, test } from '@jest/globals'
import { alignColumns, describeStyle, tableStyle } from '../../../src/text/kubectl/columns.ts'

describe('a table', () => {
  test.each([
    [
      'has columns of six at least',
      [
        ['A', 'B'],
        ['x', 'y'],
      ],
      'A     B\nx     y\n',
    ],
    [
      'has three blanks after its longest cell',
      [
        ['A', 'B'],
        ['four', 'y'],
      ],
      'A      B\nfour   y\n',
    ],
    ['does not pad its last column', [['AAAAAAAA'], ['x']], 'AAAAAAAA\nx\n'],
    [
      'fills empty cells with blanks',
      [
        ['A', 'B', 'C'],
        ['', '', 'z'],
      ],
      'A     B     C\n            z\n',
    ],
    [
      'counts letters, not their units',
      [
        ['é💡', 'B'],
        ['abcd', 'y'],
      ],
      'é💡     B\nabcd   y\n',
    ],
  ])('%s', (_, rows, text) => {
    expect(alignColumns(rows, tableStyle)).toBe(text)
  })
})

describe('a description', () => {
  test('has two blanks after its longest label', () => {
    const lines = [
      ['Name:', 'web'],
      ['Selector:', 'app=web'],
    ]
    expect(alignColumns(lines, describeStyle)).toBe('Name:      web\nSelector:  app=web\n')
  })

  test('pads a label before nothing', () => {
    const lines = [
      ['Endpoints:', ''],
      ['Name:', 'web'],
    ]
    expect(alignColumns(lines, describeStyle)).toBe('Endpoints:  \nName:       web\n')
  })

  test('has columns that end where a line is shorter', () => {
    const lines = [
      ['Port:', 'http', '80/TCP'],
      ['TargetPort:', '8080/TCP'],
      ['Port:', 'metrics', '9090/TCP'],
      ['alone'],
      ['A:', 'b'],
    ]
    expect(alignColumns(lines, describeStyle)).toBe(
      'Port:        http  80/TCP\nTargetPort:  8080/TCP\nPort:        metrics  9090/TCP\nalone\nA:  b\n',
    )
  })
})
