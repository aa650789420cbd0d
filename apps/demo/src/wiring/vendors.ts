import type { ChatModel } from '@loci/core';
import { anthropic } from '@loci/providers-anthropic';
import { mistral } from '@loci/providers-mistral';
import { openai } from '@loci/providers-openai';

/** What a model of a vendor is opened with. */
interface Connection {
  readonly apiKey?: string;
  readonly baseUrl?: string;
}

export interface Vendor {
  readonly label: string;
  readonly keyVariable: string;
  /** Names another server of the vendor's dialect. */
  readonly urlVariable: string;
  readonly defaultModel: string;
  open(modelId: string, connection: Connection): ChatModel;
}

export const vendors = {
  openai: {
    label: 'OpenAI',
    keyVariable: 'OPENAI_API_KEY',
    urlVariable: 'OPENAI_BASE_URL',
    defaultModel: 'gpt-5.4-mini',
    open: (modelId, connection) => openai(modelId, connection),
  },
  anthropic: {
    label: 'Anthropic',
    keyVariable: 'ANTHROPIC_API_KEY',
    urlVariable: 'ANTHROPIC_BASE_URL',
    defaultModel: 'claude-haiku-5-5',
    open: (modelId, connection) => anthropic(modelId, connection),
  },
  mistral: {
    label: 'Mistral',
    keyVariable: 'MISTRAL_API_KEY',
    urlVariable: 'MISTRAL_BASE_URL',
    defaultModel: 'mistral-medium-3-5',
    open: (modelId, connection) => mistral(modelId, connection),
  },
} as const satisfies { readonly [name: string]: Vendor };

export type VendorName = keyof typeof vendors;

export const vendorNames = Object.keys(vendors) as readonly VendorName[];

export function isVendorName(name: string): name is VendorName {
  return Object.hasOwn(vendors, name);
}

/** Who may answer: a vendor, or a router over all of them. */
export type Answering = VendorName | 'router';
