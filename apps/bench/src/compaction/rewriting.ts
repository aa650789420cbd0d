import type { Message } from '@loci/core';
import type { Contender, Stage } from './contender.js';

export interface Rewrite {
  /** What is kept from now on. */
  readonly history: readonly Message[];
  /** What is sent. @default the history */
  readonly prompt?: readonly Message[];
}

/**
 * A contender that is a list of messages, rewritten before every call. Its prompts end a prefix at the instructions and at
 * their last message, which is what vendors recommend for conversations that grow.
 */
export function rewriting(
  name: string,
  open: (stage: Stage) => (history: readonly Message[]) => Promise<Rewrite> | Rewrite,
): Contender {
  return {
    name,
    ours: false,
    open(stage) {
      const rewrite = open(stage);
      let kept: readonly Message[] = [];
      return {
        async send(messages) {
          const { history, prompt = history } = await rewrite([...kept, ...messages]);
          const { instructions, tools } = stage;
          const prefixEnds = [instructions.id, prompt.at(-1)?.id ?? ''];
          const response = await stage.model.generate({
            messages: [instructions, ...prompt],
            tools,
            cache: { affinityKey: 'trace', prefixEnds },
          });
          kept = [...history, response.message];
          return response;
        },
      };
    },
  };
}
