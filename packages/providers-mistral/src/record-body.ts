import { isObject } from './read.js';

/** More than any error is long, less than anybody minds. */
const keptBytes = 65_536;

export interface RecordedBody {
  readonly body: ReadableStream<Uint8Array>;
  /** The last error that the stream reported as an event of its own, if there is one among its last bytes. */
  readonly inBandError: () => unknown;
}

/**
 * The body as it is, remembering its last bytes: for an event that is an error the SDK throws what its schema misses, and
 * the server's own words are lost.
 */
export function recordBody(source: ReadableStream<Uint8Array>): RecordedBody {
  const reader = source.getReader();
  const last: Uint8Array[] = [];
  let size = 0;
  const keep = (bytes: Uint8Array) => {
    last.push(bytes);
    size += bytes.length;
    while (size - (last[0]?.length ?? 0) > keptBytes) size -= last.shift()?.length ?? 0;
  };
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) {
          controller.close();
          return;
        }
        keep(value);
        controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    // Nothing is read before it is asked for, so that the last bytes are those that the SDK failed on.
    { highWaterMark: 0 },
  );
  return { body, inBandError: () => findError(last) };
}

function findError(bytes: readonly Uint8Array[]): unknown {
  const decoder = new TextDecoder();
  const text = bytes.map((part) => decoder.decode(part, { stream: true })).join('') + decoder.decode();
  for (const line of text.split(/\r\n|\r|\n/).reverse()) {
    const event = line.startsWith('data:') ? parse(line.slice(5)) : undefined;
    if (!isObject(event) || 'choices' in event) continue;
    if (event['object'] === 'error' || event['error'] || event['detail']) return event;
  }
  return undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
