import type { ChatModel } from '@loci/core';
import { quotingDescription, quotingModelId } from '@loci/testing';
import type { Settings } from '../cli/settings.js';
import { startStandIn } from './stand-ins.js';
import { vendors } from './vendors.js';

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
  return settings.model.isLive ? openVendor(settings) : openStandIn(settings);
}

function openVendor({ model: choice, contextWindow }: Settings): OpenedModel {
  const { vendor, modelId, baseUrl } = choice;
  const model = vendors[vendor].open(modelId, choice);
  const known = model.traits.contextWindow;
  const isAssumed = contextWindow === undefined && known === 'unknown';
  return {
    model,
    name: modelId,
    about: [
      `${modelId}, at ${baseUrl ? new URL(baseUrl).host : vendors[vendor].label}`,
      ...(isAssumed
        ? [`Its context window is not known; ${assumedWindow} tokens are assumed (--context-window N).`]
        : []),
    ],
    contextWindow: contextWindow ?? (known === 'unknown' ? assumedWindow : known),
    close: () => Promise.resolve(),
  };
}

async function openStandIn({
  model: { vendor },
  contextWindow = assumedWindow,
}: Settings): Promise<OpenedModel> {
  const { label, keyVariable, open } = vendors[vendor];
  const server = await startStandIn(vendor);
  return {
    model: open(quotingModelId, { baseUrl: server.url }),
    name: 'stand-in',
    about: [
      `${quotingModelId}, on a loopback server in this process that speaks as ${label} does`,
      quotingDescription,
      `For a real model set ${keyVariable}; --help says more.`,
    ],
    contextWindow,
    close: () => server.close(),
  };
}
