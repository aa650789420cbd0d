import type { ChatModel, ChatRequest } from '@loci/core';
import type { CreateContext } from '../kit/create-context.js';

/** What the vendor does in each scenario, with every request, as far as its own protocol has such a thing. */
export const modelScenarios = Object.freeze({
  text: 'answers “one two three”, in more than one piece, with its usage',
  reasoning: 'reasons “Let me see.” and then answers “one two three”',
  'tool-call': 'calls the tool `weather` with `{ "city": "Porto" }`',
  'tool-calls':
    'calls the tool `weather` twice in one answer, with `{ "city": "Porto" }` and `{ "city": "Lima" }`',
  json: 'answers `{"total":6}`',
  cached: 'answers “one two three” for 100 tokens, 40 of which it read from a cache, with 20 tokens',
  'cache-write': 'answers “one two three” for 100 tokens, 8 of which it wrote to a cache, with 20 tokens',
  'counted-reasoning':
    'answers “one two three” for 100 tokens with 20 tokens, 6 of which it reasoned without showing it',
  'no-usage': 'answers “one two three” and states no usage',
  length: 'answers “one two three” and says that the maximum of tokens ended it',
  'content-filter': 'answers “one two three” and says that a filter ended it',
  cut: 'ends after “one ”, without its end marker',
  'cut-tool-call': 'ends in the middle of a call of the tool `weather`, without its end marker',
  reset: 'loses the connection after “one ”',
  empty: 'answers with success and nothing',
  malformed: 'sends after “one ” what its protocol does not know',
  'malformed-tool-call': 'calls the tool `weather` with what is not JSON, and ends properly',
  'error-in-stream': 'reports a failure of its own inside the answer, after “one ”',
  'rate-limit': 'refuses with 429 and asks to wait two seconds',
  quota: 'refuses because nothing is left to pay with',
  'server-error': 'fails with 500',
  overloaded: 'refuses because it is overloaded',
  unauthorized: 'refuses the key',
  'echoed-key': 'refuses the key and repeats it wherever it can: message, code, headers',
  'context-length': 'refuses because the prompt is longer than the window',
  refused: 'refuses because its safety system does',
  silent: 'takes the request and sends nothing, not even headers',
  'slow-first-content': 'sends its headers and then nothing',
  stalled: 'sends “one ” and then nothing',
});

export type ModelScenario = keyof typeof modelScenarios;

export interface ModelContext extends CreateContext {
  /** Arrange the vendor so. Throw for a scenario that it cannot have, and declare the cases of it as gaps. */
  readonly scenario: ModelScenario;
}

/** A model before a vendor that behaves as the scenario says. */
export interface ModelSubject {
  readonly model: ChatModel;
  /** Requests that have reached the vendor. */
  readonly requests: () => number;
  /** Requests whose answer is neither complete nor given up by the model. */
  readonly openConnections: () => number;
  /** Everything that has reached the vendor except the key, as text. */
  readonly received: () => string;
  /** The body of each request, oldest first, as text. */
  readonly bodies: () => readonly string[];
  /** Resolves when the vendor holds its answer back: `silent`, `slow-first-content`, `stalled`. */
  readonly whenHeld: () => Promise<void>;
  /** The key that the model was given, which nothing may show. */
  readonly secret: string;
  /** What of a request this model cannot honour, for example `{ reasoning: { effort: 'high' } }`. */
  readonly unsupported: Partial<ChatRequest>;
}
