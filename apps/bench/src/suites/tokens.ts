import { readFileSync } from 'node:fs';
import { estimateCounter } from '@loci/core/turn';
import { tiktokenCounter } from '@loci/tokens';
import { get_encoding } from 'tiktoken';
import { alternate, median, medianRatio, time } from '../measure.js';
import type { Check, Row, Suite } from '../suite.js';
import { englishText } from '../texts/english.js';
import { textKinds } from '../texts/kinds.js';
import { base64Alphabet, characterRange, randomText } from '../texts/random.js';

const rounds = 7;

/** Name, text, its number of characters. */
const worstCases: readonly (readonly [string, string, number])[] = [
  ['300,000 × "a"', 'a'.repeat(300_000), 300_000],
  ['100,000 × one emoji', '😀'.repeat(100_000), 100_000],
  ['100,000 × one Chinese character', '界'.repeat(100_000), 100_000],
  ['1 MB base64', randomText(base64Alphabet, 1_000_000), 1_000_000],
];
/** Not of the promise, and costly for bare tiktoken in short pieces as well: see the README. */
const hardCases: readonly (readonly [string, string, number])[] = [
  ['100,000 different emoji', randomText(characterRange(0x1f600, 64), 100_000), 100_000],
  ['100,000 different Chinese characters', randomText(characterRange(0x4e00, 3000), 100_000), 100_000],
  ['300,000 blanks', ' '.repeat(300_000), 300_000],
  ['300,000 random letters', randomText([...'abcdefghijklmnopqrstuvwxyz'], 300_000), 300_000],
];

export const tokens: Suite = {
  name: 'tokens',
  measures: 'speed and accuracy of counting, beside bare tiktoken; the texts that make encoders quadratic',
  async run({ data, progress }) {
    const bare = get_encoding('o200k_base');
    const exact = tiktokenCounter();
    await exact.load();
    const counters = { estimate: estimateCounter.countText, tiktoken: exact.countText };
    const exactly = (text: string) => bare.encode_ordinary(text).length;
    const ordinary =
      data === undefined ? englishText(1_000_000) : atLeast(readFileSync(data, 'utf8'), 1_000_000);
    const rows: Row[] = [];
    const checks: Check[] = [];

    progress('speed');
    const large = ordinary.slice(0, 300_000);
    const messages = Array.from({ length: 200 }, (_, index) =>
      ordinary.slice(index * 200, (index + 1) * 200),
    );
    for (const [name, count] of Object.entries({ ...counters, 'bare tiktoken': exactly })) {
      const taken = await alternate(
        {
          large: () => time(() => count(large)),
          bare: () => time(() => exactly(large)),
          messages: () => time(() => messages.forEach(count)),
        },
        rounds,
      );
      rows.push({
        table: `speed: ${data === undefined ? 'text like English' : 'the text given'}`,
        counter: name,
        'ns per character': (median(taken.large) * 1e6) / large.length,
        'µs per message of 200': (median(taken.messages) * 1000) / messages.length,
        'of bare tiktoken': medianRatio(taken.large, taken.bare),
      });
    }

    for (const [text, content, characters] of [...worstCases, ...hardCases]) {
      for (const [name, count] of Object.entries(counters)) {
        progress(`${text}, ${name}`);
        const usual = ordinary.slice(0, characters);
        const taken = await alternate(
          { usual: () => time(() => count(usual)), worst: () => time(() => count(content)) },
          rounds,
        );
        const ratio = medianRatio(taken.worst, taken.usual);
        rows.push({
          table: 'worst cases, against as many characters of the ordinary text',
          text,
          counter: name,
          tokens: count(content),
          ms: median(taken.worst),
          'ordinary ms': median(taken.usual),
          ratio,
        });
        if (worstCases.some(([known]) => known === text))
          checks.push({ id: `tokens/worst/${name}/${text}`, value: ratio, limit: 2, unit: 'ratio' });
      }
    }

    progress('accuracy');
    for (const [kind, text] of Object.entries(textKinds())) {
      const [estimate, truth] = [estimateCounter.countText(text), exactly(text)];
      rows.push({
        table: 'accuracy against o200k_base',
        text: kind,
        tokens: truth,
        estimate,
        'estimate of exact': estimate / truth,
        'tiktokenCounter of exact': exact.countText(text) / truth,
      });
      checks.push({
        id: `tokens/covered/${kind}`,
        value: truth / (estimate * (1 + estimateCounter.errorRatio)),
        limit: 1,
        unit: 'of the estimate with its error bar',
      });
    }
    bare.free();
    return { rows, checks };
  },
};

function atLeast(text: string, length: number): string {
  return text.repeat(Math.ceil(length / Math.max(1, text.length)));
}
