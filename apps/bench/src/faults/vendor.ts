import type { ChatModel, Clock, ModelTraits } from '@loci/core';
import { anthropic } from '@loci/providers-anthropic';
import { mistral } from '@loci/providers-mistral';
import { openai } from '@loci/providers-openai';
import { startAnthropic } from '@loci/testing/anthropic';
import { startMistral } from '@loci/testing/mistral';
import { startOpenAI } from '@loci/testing/openai';

export const dialects = [
  'OpenAI Chat Completions',
  'OpenAI Responses',
  'Anthropic Messages',
  'Mistral Chat',
] as const;
export type DialectName = (typeof dialects)[number];

/** The faults that every vendor has. */
export type VendorFault =
  | 'rate-limit'
  | 'rate-limit-silent'
  | 'server-error'
  | 'unavailable'
  | 'reset-before-headers'
  | 'silent'
  | 'slow-first-token'
  | 'cut'
  | 'stall'
  | 'malformed-chunk'
  | 'context-length'
  | 'content-policy';

interface VendorServer {
  readonly requests: readonly unknown[];
  setFault(fault: VendorFault, options?: { readonly times?: number }): void;
  /** No end marker behind the finish reason, in the vendor's own way. */
  loseEndMarker(): void;
  clearFaults(): void;
  release(): void;
  close(): Promise<void>;
}

interface ModelSettings {
  readonly clock: Clock;
  readonly traits?: Partial<Omit<ModelTraits, 'features'>> & {
    readonly features?: Partial<ModelTraits['features']>;
  };
}

/** A vendor's loopback server, and its models through the vendor's own SDK. */
export interface Vendor {
  readonly server: VendorServer;
  connect(settings: ModelSettings): ChatModel;
}

const tokens = 60;
export const tokensBeforeFault = 40;
const words = Array.from({ length: tokens }, (_, index) => `w${index}`).join(' ');

export const wholeAnswer = words;

const options = { answer: () => words, faultAfter: tokensBeforeFault };

const starters: { readonly [D in DialectName]: () => Promise<Vendor> } = {
  'OpenAI Chat Completions': () => startOpenAIVendor('gpt-4.1', 'chat'),
  'OpenAI Responses': () => startOpenAIVendor('gpt-5.4', 'responses'),
  async 'Anthropic Messages'() {
    const server = await startAnthropic(options);
    return {
      server: { ...server, requests: server.requests, loseEndMarker: () => server.setFault('no-stop') },
      connect: (settings) => anthropic('claude-opus-5', { baseUrl: server.url, ...settings }),
    };
  },
  async 'Mistral Chat'() {
    const server = await startMistral(options);
    return {
      server: { ...server, requests: server.requests, loseEndMarker: () => server.setFault('no-done') },
      connect: (settings) => mistral('mistral-medium-3-5', { baseUrl: server.url, ...settings }),
    };
  },
};

export function startVendor(name: DialectName): Promise<Vendor> {
  return starters[name]();
}

async function startOpenAIVendor(modelId: string, api: 'chat' | 'responses'): Promise<Vendor> {
  const server = await startOpenAI(options);
  return {
    server: { ...server, requests: server.requests, loseEndMarker: () => server.setFault('no-done') },
    connect: (settings) => openai(modelId, { baseUrl: server.url, api, ...settings }),
  };
}

/** A vendor other than that of the dialect, so that nothing is shared but the conversation. */
export function otherThan(name: DialectName): DialectName {
  return name === 'Anthropic Messages' ? 'Mistral Chat' : 'Anthropic Messages';
}
