import type { ChatModel } from '@loci/core';
import { listedPrices } from '@loci/prices';
import { createRouter } from '@loci/router';
import { quotingDescription, quotingModelId } from '@loci/testing';
import type { Settings } from '../cli/settings.js';
import { openParties } from './parties.js';
import { type Answerer, startStandIn } from './stand-ins.js';
import { type VendorName, vendors } from './vendors.js';

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

/** The vendor of the settings, or a server in this process that stands in for one: it quotes its prompt, or does as `answerer` says. */
export async function openModel(settings: Settings, answerer?: Answerer): Promise<OpenedModel> {
  const { vendor } = settings.model;
  if (vendor === 'router') return openRouter(settings, answerer);
  return settings.model.isLive ? openVendor(settings, vendor) : openStandIn(settings, vendor, answerer);
}

/** All vendors as one model. */
async function openRouter(settings: Settings, answerer: Answerer | undefined): Promise<OpenedModel> {
  const parties = await openParties(settings, answerer);
  const isLive = settings.model.isLive;
  return {
    model: createRouter({
      models: parties.map(({ name, model }) => ({ id: name, model })),
      optimizeFor: 'reliability',
      prices: listedPrices,
    }),
    name: 'router',
    about: [
      `a router over ${parties.map(({ label }) => label).join('; ')}`,
      ...(isLive
        ? []
        : [quotingDescription, 'For real models set the keys of the vendors; --help says more.']),
    ],
    contextWindow: settings.contextWindow ?? assumedWindow,
    async close() {
      await Promise.all(parties.map(({ close }) => close()));
    },
  };
}

function openVendor({ model: choice, contextWindow }: Settings, vendor: VendorName): OpenedModel {
  const { modelId, baseUrl } = choice;
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

async function openStandIn(
  { contextWindow = assumedWindow }: Settings,
  vendor: VendorName,
  answerer: Answerer | undefined,
): Promise<OpenedModel> {
  const { label, keyVariable, open } = vendors[vendor];
  const server = await startStandIn(vendor, answerer && { answerer });
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
