import { describe, expect, it } from 'vitest';
import { traits } from '../../test/models.js';
import { createMessage } from '../message/create-message.js';
import { ModelError } from '../model/model-error.js';
import {
  type AnswerReader,
  buildResponse,
  carrySignal,
  checkSettings,
  createScrub,
  decideByStatus,
  defineProvider,
  isObject,
  isOneOf,
  malformed,
  mapFailure,
  type ProviderSettings,
  resolveEndpoint,
  resolveKey,
  truncated,
  type Vendor,
  withSignals,
} from '../provider.js';

const vendor: Vendor = {
  name: 'acme',
  title: 'Acme',
  baseUrl: 'https://api.acme.example',
  domain: 'acme.example',
  keyVariable: 'ACME_API_KEY',
  urlVariable: 'ACME_BASE_URL',
};
const key = 'acme-key-0123456789';
const request = { messages: [createMessage({ role: 'user', content: 'hi' })] };

/** Lines of `{ text }`, then one of `{ done: true }`. */
function createReader(): AnswerReader {
  let text = '';
  let done = false;
  return {
    take(line) {
      if (!isObject(line)) throw malformed('a line is no object');
      done ||= line['done'] === true;
      if (typeof line['text'] !== 'string') return [];
      text += line['text'];
      return [{ type: 'text-delta', partIndex: 0, text: line['text'] }];
    },
    get isComplete() {
      return done;
    },
    usage: { input: 3, cacheRead: 0, cacheWrite: 0, output: 1, reasoning: 0 },
    finish() {
      if (!done) throw truncated('its last line');
      return buildResponse(
        { modelId: 'm', provider: 'acme' },
        { content: [{ type: 'text', text }], finishReason: 'stop', usage: this.usage ?? null },
      );
    },
  };
}

/** A provider as a third party writes it; `answer` stands for the vendor's client. */
function acme(
  answer: (call: {
    readonly key: string | undefined;
    readonly signal: AbortSignal;
  }) => AsyncIterable<unknown>,
  settings: ProviderSettings = { apiKey: key },
) {
  checkSettings('m', settings);
  const opened: string[] = [];
  const model = defineProvider({
    vendor,
    modelId: 'm',
    settings,
    traits,
    open: async ({ baseUrl }) => opened.push(baseUrl),
    async send(_, call) {
      const events = answer(call);
      call.heard();
      return { events, reader: createReader() };
    },
    mapError: (error, facts) =>
      mapFailure(error, facts, ({ status, message }) =>
        typeof status === 'number'
          ? {
              status,
              code: undefined,
              type: undefined,
              text: String(message),
              decision: decideByStatus(status),
            }
          : undefined,
      ),
  });
  return { model, opened };
}

async function* lines(...values: object[]) {
  yield* values;
}

describe('a provider of a third party', () => {
  it('answers, over a client that is opened once', async () => {
    const keys: unknown[] = [];
    const { model, opened } = acme((call) => {
      keys.push(call.key);
      return lines({ text: 'Hel' }, { text: 'lo' }, { done: true });
    });
    expect(opened).toEqual([]);
    for (let turn = 0; turn < 2; turn++) {
      const response = await model.generate(request);
      expect(response.message.content).toEqual([{ type: 'text', text: 'Hello' }]);
    }
    expect([opened, keys]).toEqual([['https://api.acme.example'], [key, key]]);
  });

  it('takes a stream without its end marker for truncated, with what came and what it cost', async () => {
    const { model } = acme(() => lines({ text: 'Hel' }));
    await expect(model.generate(request)).rejects.toMatchObject({
      kind: 'truncated',
      usage: { input: 3 },
      partial: { content: [{ text: 'Hel' }] },
    });
  });

  it('shows no key in what the server said, also where the words are cut off inside it', async () => {
    const { model } = acme(() => {
      throw Object.assign(new Error(`${'x'.repeat(490)}${key}`), { status: 401 });
    });
    const error = await model.generate(request).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ kind: 'auth', status: 401 });
    expect(String(error)).not.toContain('acme-key');
  });

  it('hands its signal to the client, and says why it stopped', async () => {
    const controller = new AbortController();
    const { model } = acme(async function* ({ signal }) {
      yield { text: 'Hel' };
      controller.abort('enough');
      signal.throwIfAborted();
    });
    await expect(model.generate(request, { signal: controller.signal })).rejects.toMatchObject({
      kind: 'aborted',
      cause: 'enough',
    });
  });
});

describe('the endpoint and its key', () => {
  const environment = { ACME_API_KEY: key, ACME_BASE_URL: '' };

  it.each([
    [{}, environment, true, key],
    [{}, { ...environment, ACME_BASE_URL: 'http://proxy' }, false, key],
    [{ baseUrl: 'https://eu.acme.example' }, environment, true, key],
    [{ baseUrl: 'https://other.example' }, environment, false, undefined],
    [{ baseUrl: 'https://evil-acme.example' }, environment, false, undefined],
    [{ baseUrl: 'https://other.example', apiKey: 'given' }, environment, false, 'given'],
    [{}, { ACME_API_KEY: '' }, true, undefined],
  ])(
    'a key of the environment goes to no server that is named in code: %j',
    (settings, variables, isVendor, apiKey) => {
      expect(resolveEndpoint(vendor, settings, variables)).toMatchObject({ isVendor, apiKey });
    },
  );

  it.each([
    ['none', undefined, 'There is no Acme API key. Set ACME_API_KEY'],
    ['a broken one', 'a\nb', 'characters that a header cannot carry'],
    ['a function without one', () => ' ', 'returned none'],
    ['a function that fails', () => Promise.reject(new TypeError(key)), 'failed (TypeError)'],
  ])('is refused at the vendor itself: %s', async (_, apiKey, message) => {
    const asked = (async () => resolveKey(vendor, { apiKey, isVendor: true }))();
    const error = await asked.catch((caught: unknown) => caught);
    expect(ModelError.isInstance(error) && error.kind).toBe('auth');
    expect(String(error)).toContain(message);
    expect(String(error)).not.toContain(key);
  });

  it('may be missing where a header carries one, or at another server', () => {
    expect(resolveKey(vendor, { apiKey: undefined, isVendor: true }, { 'X-API-Key': 'x' })).toBeUndefined();
    expect(resolveKey(vendor, { apiKey: undefined, isVendor: false })).toBeUndefined();
  });
});

it('settings are refused by the path of the first that is wrong', () => {
  const rules = { mode: isOneOf('a', 'b') };
  const settings = { headers: { a: 'b' }, mode: 'a', provider: undefined } as object;
  expect(() => checkSettings('m', settings, rules)).not.toThrow();
  for (const [wrong, path] of [
    [{ mode: 'c' }, 'settings.mode'],
    [{ baseUrl: 'ftp://x' }, 'settings.baseUrl'],
    [{ clock: {} }, 'settings.clock'],
    [{ headers: { a: 1 } }, 'settings.headers.a'],
    [{ timeouts: { idleMs: -1 } }, 'settings.timeouts.idleMs'],
  ] as const)
    expect(() => checkSettings('m', wrong as object, rules)).toThrow(expect.objectContaining({ path }));
});

it('secrets are taken out escaped in any way, and what looks like a key', () => {
  const secret = 'pa"ss/wörd';
  const forms = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), 'k-1234567'];
  expect(forms.map(createScrub([secret, ''], /k-\d+/g))).toEqual(forms.map(() => '[secret]'));
});

describe('a signal that is carried', () => {
  it.each(['the call', 'the client'])(
    'stops the fetch when %s is aborted, and is not passed on',
    async (whose) => {
      const [call, client] = [new AbortController(), new AbortController()];
      const inits: RequestInit[] = [];
      const wrapped = withSignals(async (_, init = {}) => {
        inits.push(init);
        return new Response();
      });
      const carried = carrySignal(call.signal);
      await wrapped('https://x.example', { method: 'POST', signal: client.signal, ...carried });
      expect(inits[0]?.signal?.aborted).toBe(false);
      (whose === 'the call' ? call : client).abort('why');
      expect(inits[0]?.signal?.reason).toBe('why');
      expect(Object.keys(inits[0] ?? {})).toEqual(['method', 'signal']);
      await wrapped('https://x.example', { ...carried, signal: client.signal });
      expect(inits[1]?.signal?.aborted).toBe(true);
    },
  );
});
