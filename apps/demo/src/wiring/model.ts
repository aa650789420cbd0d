import type { ChatModel } from '@loci/core';
import { openai } from '@loci/providers-openai';
import { quotingDescription, quotingModelId } from '@loci/testing';
import { startOpenAI } from '@loci/testing/openai';
import type { Settings } from '../cli/settings.js';

export const defaultModel = 'gpt-5.4-mini';
const assumedWindow = 16_000;

export interface OpenedModel {
  readonly model: ChatModel;
  /** What stands before its answers. */
  readonly name: string;
  /** What a user must know about it, by paragraph. */
  readonly about: readonly string[];
  /** Tokens. */
  readonly contextWindow: number;
  close(): Promise<void>;
}

/** The vendor of the settings, or a server in this process that stands in for one. */
export async function openModel(settings: Settings): Promise<OpenedModel> {
  return settings.apiKey || settings.baseUrl ? openVendor(settings) : openStandIn(settings);
}

function openVendor({
  apiKey,
  baseUrl,
  model: modelId = defaultModel,
  contextWindow,
}: Settings): OpenedModel {
  const model = openai(modelId, { ...(apiKey && { apiKey }), ...(baseUrl && { baseUrl }) });
  const known = model.traits.contextWindow;
  const isAssumed = contextWindow === undefined && known === 'unknown';
  return {
    model,
    name: modelId,
    about: [
      `${modelId}, at ${baseUrl ? new URL(baseUrl).host : 'OpenAI'}`,
      ...(isAssumed
        ? [`Its context window is not known; ${assumedWindow} tokens are assumed (--context-window N).`]
        : []),
    ],
    contextWindow: contextWindow ?? (known === 'unknown' ? assumedWindow : known),
    close: () => Promise.resolve(),
  };
}

async function openStandIn({ contextWindow = assumedWindow }: Settings): Promise<OpenedModel> {
  const server = await startOpenAI();
  return {
    model: openai(quotingModelId, { baseUrl: server.url }),
    name: 'stand-in',
    about: [
      `${quotingModelId}, on a loopback server in this process`,
      quotingDescription,
      'For a real model set OPENAI_API_KEY; --help says more.',
    ],
    contextWindow,
    close: () => server.close(),
  };
}
