import { blocksOf, type MessagesBody } from '../answer.js';

/** At most four marks of the prompt cache, the longer-lived ones first. */
export function judgeCacheMarks(body: MessagesBody): string | undefined {
  const marked = [
    ...(body.tools ?? []),
    ...blocksOf(body.system),
    ...body.messages.flatMap(({ content }) => blocksOf(content)),
    ...(body['cache_control'] ? [body] : []),
  ].flatMap((holder) => {
    const mark = holder['cache_control'] as { readonly ttl?: string } | null | undefined;
    return mark ? [mark.ttl ?? '5m'] : [];
  });
  if (marked.length > 4)
    return `A maximum of 4 blocks with cache_control may be provided. Found ${marked.length}.`;
  return marked.lastIndexOf('1h') > marked.indexOf('5m') && marked.includes('5m')
    ? "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block."
    : undefined;
}
