import { ModelError } from '@loci/core';
import { describe, expect, it } from 'vitest';
import { RouteError } from '../src/index.js';
import { answerOf, createStage, failure, type Turn } from './harness.js';

/** Kind of failure, the attempts at the primary, who answers, and the health of the primary afterwards. */
const table = [
  ['timeout', 1, 'backup', 'closed'],
  ['rate-limit', 1, 'backup', 'closed'],
  ['quota', 1, 'backup', 'open'],
  ['auth', 1, 'backup', 'open'],
  ['not-found', 1, 'backup', 'open'],
  ['overloaded', 2, 'backup', 'closed'],
  ['server', 2, 'backup', 'closed'],
  ['connection', 2, 'backup', 'closed'],
  ['truncated', 1, 'backup', 'closed'],
  ['malformed', 1, 'backup', 'closed'],
  ['context-length', 1, 'larger', 'closed'],
  ['content-filter', 1, 'nobody', 'closed'],
  ['invalid-request', 1, 'nobody', 'closed'],
] as const;

describe('what follows from each kind of failure', () => {
  for (const [kind, attempts, answers, breaker] of table)
    it(`${kind}: ${attempts} at the primary, then ${answers}`, async () => {
      const stage = createStage();
      const primary = stage.model('primary', [kind], { contextWindow: 1000 });
      const router = stage.router({
        models: [
          primary,
          stage.model('backup', ['backup'], { contextWindow: 1000 }),
          stage.model('larger', ['larger'], { contextWindow: 2000 }),
        ],
      });
      const outcome = await stage.generate(router).then(answerOf, (error: unknown) => error);
      expect(primary.requests).toHaveLength(attempts);
      if (answers === 'nobody') expect(outcome).toMatchObject({ kind });
      else expect(outcome).toBe(answers);
      expect(router.health.records()[0]).toMatchObject({ breaker });
    });

  it('once is no reason to leave: a failure of the vendor, asked again after a pause, answers', async () => {
    for (const turn of ['server', 'overloaded', 'connection'] as const) {
      const stage = createStage();
      const primary = stage.model('primary', [turn, 'primary']);
      const router = stage.router({ models: [primary, stage.model('backup', ['backup'])] });
      const start = stage.clock.now();
      expect(answerOf(await stage.generate(router))).toBe('primary');
      expect(stage.clock.now() - start).toBe(250);
    }
  });

  it('without a retry budget the same model is not asked again, and it is told', async () => {
    const stage = createStage();
    const primary = stage.model('primary', ['server']);
    const router = stage.router({
      models: [primary, stage.model('backup', ['backup'])],
      retry: { budget: { ratio: 0, floor: 0 } },
    });
    expect(answerOf(await stage.generate(router))).toBe('backup');
    expect(primary.requests).toHaveLength(1);
    expect(stage.events).toContainEqual(
      expect.objectContaining({ type: 'retry-refused', id: 'scripted/primary', kind: 'server' }),
    );
  });

  it('the message decides nothing: a refused request that speaks of 500 fails at once', async () => {
    const stage = createStage();
    const backup = stage.model('backup', ['backup']);
    const error = new ModelError('400: max_tokens must be below 500', {
      kind: 'invalid-request',
      scope: 'request',
      retry: 'none',
      status: 400,
    });
    const router = stage.router({ models: [stage.model('primary', [{ error }]), backup] });
    await expect(stage.generate(router)).rejects.toMatchObject({ kind: 'invalid-request', status: 400 });
    expect(backup.requests).toHaveLength(0);
  });

  it('a failure inside a stream that has no status goes elsewhere, as does a model that was withdrawn', async () => {
    const stage = createStage();
    const router = stage.router({
      models: [
        stage.model('in-stream', [failure('server', { retry: 'other' })]),
        stage.model('withdrawn', [failure('not-found', { status: 404 })]),
        stage.model('backup', ['backup']),
      ],
    });
    expect((await stage.read(router)).text).toBe('backup');
  });

  it('an exhausted plan at the vendor goes elsewhere, streamed too, and is told loudly', async () => {
    const stage = createStage();
    const router = stage.router({ models: [stage.model('spent', ['quota']), stage.model('b', ['backup'])] });
    expect((await stage.read(router)).text).toBe('backup');
    expect(stage.events).toContainEqual(
      expect.objectContaining({ type: 'quarantine', id: 'scripted/spent', kind: 'quota' }),
    );
  });

  it('entries that share a credential are paused together', async () => {
    const stage = createStage();
    const second = stage.model('second', ['second']);
    const router = stage.router({
      models: [
        { model: stage.model('first', ['auth']), credential: 'team' },
        { model: second, credential: 'team' },
        stage.model('other', ['other']),
      ],
    });
    expect(answerOf(await stage.generate(router))).toBe('other');
    expect(second.requests).toHaveLength(0);
  });

  it('failover.auth: false leaves a refused credential to the caller', async () => {
    const stage = createStage();
    const models = [stage.model('a', ['auth']), stage.model('b', ['b'])];
    await expect(stage.generate(stage.router({ models, failover: { auth: false } }))).rejects.toMatchObject({
      kind: 'auth',
    });
  });

  it('an error that is none of models reaches the caller as it is', async () => {
    const stage = createStage();
    const broken = new TypeError('undefined is not a function');
    const router = stage.router({ models: [stage.model('a', [{ error: broken }]), stage.model('b', ['b'])] });
    expect(answerOf(await stage.generate(router))).toBe('b');
    const alone = stage.router({ models: [stage.model('a', [{ error: broken }])] });
    await expect(stage.generate(alone)).rejects.toMatchObject({ kind: 'malformed', cause: broken });
  });
});

describe('content filters', () => {
  const refused: readonly Turn[] = [
    failure('content-filter', { scope: 'request' }),
    { text: '', finishReason: 'content-filter' },
  ];

  it('a refusal is a clean failure, or an answer that says so; nobody else is asked', async () => {
    const stage = createStage();
    const backup = stage.model('backup', ['backup']);
    const router = stage.router({ models: [stage.model('strict', refused), backup] });
    await expect(stage.generate(router)).rejects.toMatchObject({ kind: 'content-filter' });
    expect(await stage.generate(router)).toMatchObject({ finishReason: 'content-filter' });
    expect(backup.requests).toHaveLength(0);
  });

  it('failover.contentFilter asks another, in either form', async () => {
    const stage = createStage();
    const router = stage.router({
      models: [stage.model('strict', refused), stage.model('backup', ['backup'])],
      failover: { contentFilter: true },
    });
    expect(answerOf(await stage.generate(router))).toBe('backup');
    expect(answerOf(await stage.generate(router))).toBe('backup');
  });
});

describe('context length', () => {
  it('an answer that the window ended is asked of a larger one; where there is none, it stands', async () => {
    const stage = createStage();
    const full: Turn = { text: 'half an ans', finishReason: 'context-window' };
    const small = stage.model('small', [full], { contextWindow: 1000 });
    const equal = stage.model('equal', ['equal'], { contextWindow: 1000 });
    const large = stage.model('large', ['large'], { contextWindow: 5000 });
    expect(answerOf(await stage.generate(stage.router({ models: [small, equal, large] })))).toBe('large');
    expect(await stage.generate(stage.router({ models: [small, equal] }))).toMatchObject({
      finishReason: 'context-window',
    });
    expect(equal.requests).toHaveLength(0);
  });
});

describe('where everybody fails', () => {
  it('the first failure is reported, with the whole story', async () => {
    const stage = createStage();
    const router = stage.router({
      models: [stage.model('a', [failure('overloaded', { status: 529 })]), stage.model('b', ['auth'])],
    });
    const error: unknown = await stage.generate(router).catch((thrown: unknown) => thrown);
    expect(RouteError.isInstance(error) && ModelError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({
      kind: 'overloaded',
      status: 529,
      route: {
        outcome: 'overloaded',
        answeredBy: null,
        attempts: [{ id: 'scripted/a' }, { id: 'scripted/a' }, { id: 'scripted/b', result: 'auth' }],
      },
    });
  });
});
