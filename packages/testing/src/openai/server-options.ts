import type { ChangeEmbeddings } from '../loopback/embeddings.js';
import type { ChatBody, OpenAIAnswer } from './answer.js';

export interface OpenAIServerOptions {
  /** Given a body of Responses as Chat Completions would have it. @default answers by `quotingAnswer` */
  readonly answer?: (body: ChatBody) => string | OpenAIAnswer | Promise<string | OpenAIAnswer>;
  /** Refuses every other key with 401. @default accepts any, and none */
  readonly apiKey?: string;
  /** Refuses every other model with 404. @default accepts any */
  readonly models?: readonly string[];
  /** Refuses longer prompts with `context_length_exceeded`; four characters count as a token. @default no limit */
  readonly contextWindow?: number;
  /** Changes the vectors that are sent. @default sends one for each text, in order */
  readonly embeddings?: ChangeEmbeddings;
  /** How many pieces of an answer come before a fault in mid-stream. @default 1 */
  readonly faultAfter?: number;
  /** Of the loopback interface, for a server that comes back. @default one that is free */
  readonly port?: number;
}
