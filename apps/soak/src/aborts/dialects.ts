import type { ChatModel, Clock } from '@loci/core';
import { anthropic } from '@loci/providers-anthropic';
import { mistral } from '@loci/providers-mistral';
import { openai } from '@loci/providers-openai';
import { startAnthropic } from '@loci/testing/anthropic';
import { startMistral } from '@loci/testing/mistral';
import { startOpenAI } from '@loci/testing/openai';

/** Where the vendor holds its answer: before the headers, before the first token, in mid-stream, or nowhere. */
export const phases = ['silent', 'slow-first-token', 'stall', 'drip', 'none'] as const;
type Phase = (typeof phases)[number];

/** A vendor's model over its own SDK, and the loopback server behind it. */
export interface Dialect {
  readonly name: string;
  readonly model: ChatModel;
  hold(phase: Phase): void;
  /** Requests whose answer is neither complete nor given up. */
  open(): number;
  /** How many requests came, and how the client left each. */
  readonly requests: readonly { readonly closedByClient: Promise<boolean> }[];
  close(): Promise<void>;
}

const words = Array.from({ length: 40 }, (_, index) => `word ${index}`).join(' ');

export async function startDialects(clock: Clock): Promise<readonly Dialect[]> {
  const answer = () => words;
  const [chat, responses] = [await startOpenAI({ answer }), await startOpenAI({ answer })];
  const [messages, mixtral] = [await startAnthropic({ answer }), await startMistral({ answer })];
  return [
    toDialect('OpenAI Chat Completions', chat, openai('gpt-4.1', { baseUrl: chat.url, api: 'chat', clock })),
    toDialect(
      'OpenAI Responses',
      responses,
      openai('gpt-5.4', { baseUrl: responses.url, api: 'responses', clock }),
    ),
    toDialect('Anthropic Messages', messages, anthropic('claude-opus-5', { baseUrl: messages.url, clock })),
    toDialect('Mistral Chat', mixtral, mistral('mistral-medium-3-5', { baseUrl: mixtral.url, clock })),
  ];
}

interface Server extends Pick<Dialect, 'requests' | 'close'> {
  setFault(fault: Exclude<Phase, 'none'>): void;
  clearFaults(): void;
  openConnections(): number;
}

function toDialect(name: string, server: Server, model: ChatModel): Dialect {
  return {
    name,
    model,
    hold(phase) {
      server.clearFaults();
      if (phase !== 'none') server.setFault(phase);
    },
    open: server.openConnections,
    requests: server.requests,
    close: server.close,
  };
}
