import { createMessage } from '@loci/core';
import { scriptedModel } from '@loci/testing';
import { describe, expect, it } from 'vitest';
import { compaction } from '../src/index.js';
import { filler, longThread, narrow, summaryOf } from './support.js';

describe('an update', () => {
  const points = Array.from(
    { length: 30 },
    (_, index) => `- Point ${index} was agreed with the owner of the part.`,
  );

  it('[D5] may repeat the summary that it goes on from, which is no echo', async () => {
    const thread = await longThread(8);
    const answers = [`## Facts\n${points.join('\n')}`, `## Facts\n${points.join('\n')}\n- The sky is blue.`];
    const model = scriptedModel(answers);
    const memory = compaction({ summaryModel: model, preserveLastMessages: 2, compressionRatio: 0.9 });
    await memory.compact(thread);
    for (let index = 0; index < 6; index++) {
      const id = `more${index}`;
      const data = createMessage({ id, role: 'user', content: `Point ${index}. ${filler}` });
      await thread.append([{ id, version: 1, kind: 'message', data }]);
    }
    await memory.compact(thread);
    expect(await summaryOf(thread)).toContain('The sky is blue.');
  });

  it('[D5] of notes may repeat them, which is no echo', async () => {
    const thread = await longThread(60);
    const model = scriptedModel(() => `## Facts\n${points.join('\n')}`);
    const memory = compaction({
      summaryModel: narrow(model, 9000),
      preserveLastMessages: 2,
      summaryMaxTokens: 1000,
    });
    const result = await memory.compact(thread);
    expect(result).toMatchObject({ outcome: 'applied', details: { action: 'summary' } });
    expect(model.requests.length).toBeGreaterThan(2);
    expect(await summaryOf(thread)).toContain('Point 29');
  });
});
