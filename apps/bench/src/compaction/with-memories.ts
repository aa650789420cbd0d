import { createMemoryStore, type Memory, openThread, type Thread, type ToolSpec } from '@loci/core';
import { window, withMemory } from '@loci/core/turn';
import type { Contender, KeptChat, Stage } from './contender.js';
import { contextWindow } from './stand-in.js';

/** A history memory, and the tool that it offers. */
interface Kept {
  readonly memory: Memory;
  readonly tools?: readonly ToolSpec[];
  readonly recall?: KeptChat['recall'];
}

/** A contender that is a model with memory. Ids are numbers, so that a run repeats to the token. */
export function remembering(
  name: string,
  ours: boolean,
  make: (stage: Stage, thread: Thread, randomId: () => string) => Kept,
  size: number = contextWindow,
): Contender {
  return {
    name,
    ours,
    open(stage): KeptChat {
      let ids = 0;
      const randomId = () => `id-${ids++}`;
      const thread = openThread({
        store: createMemoryStore({ clock: stage.clock }),
        key: ['bench', 'trace'],
      });
      const { memory, tools = [], recall } = make(stage, thread, randomId);
      const chat = withMemory(stage.model, {
        thread,
        memory: [memory],
        contextWindow: size,
        clock: stage.clock,
        randomId,
      });
      return {
        async send(messages) {
          const response = await chat.generate({
            messages: [stage.instructions, ...messages],
            tools: [...stage.tools, ...tools],
          });
          await chat.flush();
          return response;
        },
        ...(recall && { recall }),
      };
    },
  };
}

/** Hides nothing. */
const everything: Memory = {
  name: 'everything',
  writes: ['history'],
  prepare: async () => ({}),
  observe: async () => undefined,
};

/** As if the window had no end. */
export const noCompaction = remembering('no compaction', false, () => ({ memory: everything }), 100_000_000);

export const slidingWindow = remembering('sliding window', false, () => ({ memory: window() }));
