import {
  type ChatRequest,
  canonicalJson,
  hashText,
  type JsonValue,
  type Message,
  type Part,
  type TokenCounter,
} from '@loci/core';
import { countMessage, countTools } from '@loci/core/turn';

/** One piece of a prompt: a tool, or a part of a message. */
export interface Block {
  /** Of everything up to and with this block: equal prefixes have equal digests. */
  readonly prefix: string;
  /** Up to and with this block. */
  readonly tokens: number;
  /** Of the message that ends here. */
  readonly endOf?: string;
}

type Piece = Pick<Block, 'tokens' | 'endOf'> & { readonly digest: string };

/**
 * A prompt in the order in which vendors read it (output schema, tools, system, settings, messages), each block chained to
 * what stands before it. Message ids, times and metadata are not sent and do not count. A message is read once for as long
 * as its object lives, so a conversation that grows costs what it grew by.
 */
export function createBlockReader(counter: TokenCounter, settings: readonly ('toolChoice' | 'reasoning')[]) {
  const known = new WeakMap<Message, readonly Piece[]>();
  const read = (message: Message) => {
    const pieces = known.get(message) ?? toPieces(message, counter);
    known.set(message, pieces);
    return pieces;
  };

  return (request: ChatRequest): Block[] => {
    const { messages, tools = [], output } = request;
    const isSystem = ({ role }: Message) => role === 'system';
    let prefix = output ? hashText(canonicalJson(output)) : '';
    let tokens = 0;
    const chain = ({ digest, tokens: own, ...rest }: Piece): Block => {
      prefix = hashText(`${prefix} ${digest}`);
      tokens += own;
      return { prefix, tokens, ...rest };
    };
    const head = [
      ...tools.map((tool) => ({
        digest: digestOf(['tool', tool.name, tool.description, tool.inputSchema]),
        tokens: countTools(counter, [tool]),
      })),
      ...messages.filter(isSystem).flatMap(read),
    ].map(chain);
    for (const setting of settings) {
      const value = request[setting];
      if (value !== undefined && value !== 'auto') prefix = hashText(`${prefix} ${canonicalJson(value)}`);
    }
    return [
      ...head,
      ...messages
        .filter((message) => !isSystem(message))
        .flatMap(read)
        .map(chain),
    ];
  };
}

function toPieces(message: Message, counter: TokenCounter): Piece[] {
  const { id, role, content } = message;
  const frame = countMessage(counter, { content: [] });
  if (content.length === 0) return [{ digest: digestOf([role]), tokens: frame, endOf: id }];
  return content.map((part, index) => ({
    digest: digestOf([index === 0 ? role : '', toSent(part)]),
    tokens: countMessage(counter, { content: [part] }) - (index === 0 ? 0 : frame),
    ...(index === content.length - 1 && { endOf: id }),
  }));
}

/** Without what stays here. */
function toSent(part: Part): JsonValue {
  return part.type === 'text' ? part.text : part;
}

function digestOf(value: JsonValue): string {
  return hashText(canonicalJson(value));
}
