import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMessage } from '../message/create-message.js';
import { estimateCounter } from './estimate.js';
import { countMessage, createTokenLedger } from './ledger.js';

const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.lorem(), fc.base64String(), fc.json());
const message = text.map((content) => createMessage({ role: 'user', content }));

describe('the estimate', () => {
  it.each([
    ['English', 'The quick brown fox jumps over the lazy dog, and nobody minds at all.', 16],
    ['German', 'Die Übermittlung der Daten erfolgt über eine verschlüsselte Verbindung.', 13],
    ['code', 'export function add(a: number, b: number): number {\n  return a + b;\n}', 20],
    ['numbers', 'id=4711 took 1382 ms, status 200', 13],
    ['Chinese', '我的狗叫雷克斯，它喜欢在公园里奔跑。', 15],
    ['Russian', 'Мою собаку зовут Рекс, она любит бегать в парке.', 17],
    [
      'random letters',
      'llldckkwwgasxsczxrpnnhbmqsbrioxqycgqwqfbswqecioyznxlpfltxrbjiykgakyjxukskoeskqywvoqwmgeakiquciebzntyumnxzhdbwwmwayuycbxnfjljdzhnrxxllxocopyeohnrmmegseytdlrbcqkoagcmyodlzqccsllvbdjokwltnjfpljzzeuuecyyxfyubxqsailvkksgiavhdwwwaajpbhdeiyhdrrhhrpjtnuwkcqiaakgeqeaqykflauzdtbjcavdqgxlxnlbjbxoqyndjnvhsmywqsowunnyokgsyusycbeoqyqxjldtkcqoovvrppyqawqkesiqwyqkbusqgopryiknzrikxleyefjztguahdvukkwyconjkaymfnfbtv',
      218,
    ],
    ['a UUID', '9f0c1d7e-5a3b-4c6d-8e2f-0a1b2c3d4e5f', 36],
  ])('is near what o200k_base counts: %s', (_, sample, exact) => {
    const estimate = estimateCounter.countText(sample);
    expect(estimate * (1 + estimateCounter.errorRatio)).toBeGreaterThanOrEqual(exact);
    expect(estimate).toBeLessThan(exact * 1.4);
  });

  it('grows with the text: the parts of a text never count much less than the whole', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const whole = estimateCounter.countText(a + b);
        expect(whole).toBeLessThanOrEqual(estimateCounter.countText(a) + estimateCounter.countText(b) + 3);
      }),
    );
  });

  it('finishes the texts that make encoders quadratic', () => {
    expect(estimateCounter.countText('a'.repeat(300_000))).toBeGreaterThan(30_000);
    expect(estimateCounter.countText('😀'.repeat(100_000))).toBeGreaterThan(100_000);
    expect(estimateCounter.countText('界'.repeat(100_000))).toBeGreaterThan(60_000);
  });
});

describe('the ledger', () => {
  it('has the total of a full recount after any additions, replacements and removals', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(message, fc.nat(5), fc.boolean())), (steps) => {
        const ledger = createTokenLedger(estimateCounter);
        const held = new Map<string, number>();
        for (const [added, slot, removes] of steps) {
          const id = `m${slot}`;
          if (removes) expect(ledger.remove(id)).toBe(held.delete(id));
          else held.set(id, ledger.add({ ...added, id }));
        }
        expect(ledger.total).toBe([...held.values()].reduce((sum, tokens) => sum + tokens, 0));
      }),
    );
  });

  it('counts each message once', () => {
    let counted = 0;
    const counter = { ...estimateCounter, countText: (part: string) => ++counted && part.length };
    const ledger = createTokenLedger(counter);
    const one = createMessage({ role: 'user', content: 'hello' });
    for (let round = 0; round < 5; round++) {
      ledger.add(one);
      ledger.count(one);
    }
    expect(counted).toBe(1);
    expect(ledger.total).toBe(countMessage(counter, one));
  });

  it('counts calls, results, pictures and files, and a picture is not its base64', () => {
    const parts = createMessage({
      role: 'user',
      content: [
        { type: 'image', mediaType: 'image/png', data: 'x'.repeat(1_000_000) },
        { type: 'tool-call', toolCallId: 'c', toolName: 'look', input: { at: 'the long way home' } },
        {
          type: 'tool-result',
          toolCallId: 'c',
          toolName: 'look',
          output: { seen: 'a lighthouse' },
          isError: false,
        },
      ],
    });
    const tokens = countMessage(estimateCounter, parts);
    expect(tokens).toBeGreaterThan(1120);
    expect(tokens).toBeLessThan(1400);
  });
});
