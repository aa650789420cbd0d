import { expect, it } from 'vitest';
import { toPatch } from './to-patch.js';

it('[A3] paths become JSON Pointers, with their special characters escaped', () => {
  const patches = [
    { op: 'replace', path: ['a/b', '~', '', 0], value: 1 },
    { op: 'remove', path: ['list', 2] },
    { op: 'replace', path: [], value: { a: 1 } },
  ] as const;
  expect(toPatch(patches as never)).toEqual([
    { op: 'replace', path: '/a~1b/~0//0', value: 1 },
    { op: 'remove', path: '/list/2' },
    { op: 'replace', path: '', value: { a: 1 } },
  ]);
});

it('[A3] values are copies, without what JSON leaves out', () => {
  const value = { a: 1, b: undefined };
  const patch = toPatch([{ op: 'add', path: ['x'], value }]);
  value.a = 2;
  expect(patch).toEqual([{ op: 'add', path: '/x', value: { a: 1 } }]);
  expect(toPatch([{ op: 'add', path: ['x'], value: undefined }])).toEqual([]);
  expect(toPatch([{ op: 'replace', path: ['x'], value: undefined }])).toEqual([{ op: 'remove', path: '/x' }]);
});

it('[A3] the removal of a property whose name every object inherits is not trusted', () => {
  expect(toPatch([{ op: 'remove', path: ['a', 'constructor'] }])).toBeUndefined();
});
