import { ModelError } from '@loci/core';
import { scriptedModel } from '@loci/testing';
import { expect, it } from 'vitest';
import { compaction } from '../src/index.js';
import { filler, openChat } from './support.js';

const limited = new ModelError('Slow down.', { kind: 'rate-limit', scope: 'model', retry: 'same' });

it.each([
  ['an empty answer', scriptedModel(() => ''), 'the summariser failed (empty).'],
  ['a rate limit', scriptedModel(() => ({ error: limited })), 'the summariser failed (rate-limit).'],
])('compacting by hand says why it failed: %s', async (_, summaryModel, message) => {
  const manager = compaction({ summaryModel, preserveLastMessages: 2 });
  const { thread, say } = openChat(manager);
  for (let turn = 0; turn < 4; turn++) await say(`Turn ${turn}. ${filler}`);
  await expect(manager.compact(thread)).rejects.toThrow(message);
});
