import { UsageError } from '../cli/usage-error.js';
import { type Answering, isVendorName, type VendorName, vendorNames, vendors } from './vendors.js';

/** Where a vendor is to be found. */
export interface Connection {
  /** Absent where a server was named that wants none. */
  readonly apiKey?: string;
  readonly baseUrl?: string;
  /** False: there is neither a key nor a server, and a stand-in in this process answers. */
  readonly isLive: boolean;
}

/** Which model answers, and where. */
export interface ModelChoice extends Connection {
  readonly vendor: Answering;
  readonly modelId: string;
}

/** Reads `--model` and the vendors' variables. Throws `UsageError` for a model without a vendor that could be asked for it. */
export function chooseVendor(wanted: string | undefined, environment: NodeJS.ProcessEnv): ModelChoice {
  if (wanted === '') throw new UsageError('--model needs a vendor or the id of a model.');
  const isSet = (vendor: VendorName) =>
    Boolean(environment[vendors[vendor].keyVariable] || environment[vendors[vendor].urlVariable]);
  if (wanted === 'router') return { vendor: wanted, modelId: wanted, isLive: vendorNames.some(isSet) };
  const [first = '', ...rest] = wanted?.split(':') ?? [];
  const named = isVendorName(first) ? first : undefined;
  // A model without its vendor is OpenAI's, or one of a compatible server.
  const vendor = named ?? (wanted ? 'openai' : (vendorNames.find(isSet) ?? 'openai'));
  const modelId = named ? rest.join(':') : wanted;
  if (modelId && !isSet(vendor)) {
    const { keyVariable, urlVariable } = vendors[vendor];
    throw new UsageError(
      `--model ${wanted} needs its vendor: set ${keyVariable}, or ${urlVariable} for another server. Without, --model takes ${vendorNames.join(', ')}.`,
    );
  }
  return { vendor, modelId: modelId || vendors[vendor].defaultModel, ...connect(vendor, environment) };
}

/** Every vendor as the environment leads to it. Throws `UsageError` for an address that is none. */
export function connectAll(environment: NodeJS.ProcessEnv): { readonly [V in VendorName]: Connection } {
  const openai = connect('openai', environment);
  const anthropic = connect('anthropic', environment);
  const mistral = connect('mistral', environment);
  return { openai, anthropic, mistral };
}

function connect(vendor: VendorName, environment: NodeJS.ProcessEnv): Connection {
  const { keyVariable, urlVariable } = vendors[vendor];
  // An empty variable means the same as none.
  const apiKey = environment[keyVariable] || undefined;
  const baseUrl = environment[urlVariable] || undefined;
  if (baseUrl !== undefined && !(URL.canParse(baseUrl) && /^https?:$/.test(new URL(baseUrl).protocol)))
    throw new UsageError(`${urlVariable} is not an http or https URL.`);
  return { ...(apiKey && { apiKey }), ...(baseUrl && { baseUrl }), isLive: Boolean(apiKey || baseUrl) };
}
