import type { ChangeEmbeddings } from '../loopback/embeddings.js';
import type { MistralAnswer, MistralBody } from './answer.js';

export interface MistralServerOptions {
  /** @default answers by `quotingAnswer` */
  readonly answer?: (body: MistralBody) => string | MistralAnswer | Promise<string | MistralAnswer>;
  /** Refuses every other key with 401. @default accepts any, and none */
  readonly apiKey?: string;
  /** Refuses every other model. @default accepts any */
  readonly models?: readonly string[];
  /** Refuses what is longer, prompt and `max_tokens` together; four characters count as a token. @default no limit */
  readonly contextWindow?: number;
  /** Changes the vectors that are sent. @default sends one for each text, in order */
  readonly embeddings?: ChangeEmbeddings;
  /** How many pieces of an answer come before a fault in mid-stream. @default 1 */
  readonly faultAfter?: number;
  /** Of the loopback interface, for a server that comes back. @default one that is free */
  readonly port?: number;
}
