import { isObject } from '@loci/core/provider';

/** More than any error is long, less than anybody minds. */
const keptBytes = 65_536;

/**
 * Remembers the last bytes that are read of a body: for an event that is an error the SDK throws what its schema misses,
 * and the server's own words are lost. Answers the last error that the stream reported as an event of its own, if there
 * is one among those bytes.
 */
export function recordBody(body: ReadableStream<Uint8Array>): () => unknown {
  const last: Uint8Array[] = [];
  let size = 0;
  const keep = (bytes: Uint8Array) => {
    last.push(bytes);
    size += bytes.length;
    while (size - (last[0]?.length ?? 0) > keptBytes) size -= last.shift()?.length ?? 0;
  };
  // On the body itself: a stream around it would cost every chunk twice as much as the reading of it.
  const getReader = () => {
    const reader = ReadableStream.prototype.getReader.call(body) as ReadableStreamDefaultReader<Uint8Array>;
    const read = reader.read.bind(reader);
    reader.read = async () => {
      const result = await read();
      if (result.value) keep(result.value);
      return result;
    };
    return reader;
  };
  Object.defineProperty(body, 'getReader', { value: getReader });
  return () => findError(last);
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
