import { expect, it } from 'vitest';
import { createWatchers } from './watchers.js';

it('many changes of one record wait as one, and too many of different records as one resync', () => {
  const watchers = createWatchers();
  const watcher = watchers.add(['a']);
  for (let count = 0; count < 3; count++) watchers.changed('da/x/');
  watchers.changed('la/x/');
  watchers.changed('dab/');
  expect([...watcher.waiting.values()]).toEqual([
    { type: 'changed', target: 'document', key: ['a', 'x'] },
    { type: 'changed', target: 'log', key: ['a', 'x'] },
  ]);
  for (let count = 0; count < 10_000; count++) watchers.changed(`da/${count}/`);
  expect([...watcher.waiting.values()].slice(0, 1)).toEqual([{ type: 'resync' }]);
  expect(watcher.waiting.size).toBeLessThan(10);
});

it('a resync takes the place of what waits, and changes after it are kept', () => {
  const watchers = createWatchers();
  const watcher = watchers.add([]);
  watchers.changed('dk/');
  watchers.resync();
  watchers.changed('lk/');
  expect([...watcher.waiting.values()]).toEqual([
    { type: 'resync' },
    { type: 'changed', target: 'log', key: ['k'] },
  ]);
});
