import { describe, expect, it } from 'vitest';
import { said, transcripts } from '../../test/transcripts.js';
import { extractArtifacts } from './extract-artifacts.js';

const shown = (...texts: string[]) =>
  extractArtifacts(texts.map((text) => said('tool', text))).map(({ kind, value }) => `${kind} ${value}`);
const decided = (text: string, role: 'user' | 'assistant' | 'tool' = 'user') =>
  extractArtifacts([said(role, text)]).flatMap(({ kind, value }) => (kind === 'decision' ? [value] : []));

it.each(transcripts)('finds the exact values of $name, newest last', ({ messages, expected }) => {
  expect(extractArtifacts(messages).map(({ kind, value }) => `${kind} ${value}`)).toEqual(expected);
});

it.each([
  ['see ./a/b.js, ../c.md and ~/notes.txt.', 'path ./a/b.js', 'path ../c.md', 'path ~/notes.txt'],
  ['/etc/nginx/nginx.conf:12:4 (lib/x.py#L10)', 'path /etc/nginx/nginx.conf:12:4', 'path lib/x.py#L10'],
  ['Dockerfile, package.json and .env.local', 'path Dockerfile', 'path package.json', 'path .env.local'],
  ['import x from "@loci/core"', 'id @loci/core'],
  ['failed: NotFoundError, E1042, ERR_BAD_NAME', 'error NotFoundError', 'error E1042', 'error ERR_BAD_NAME'],
  ['it said 429 Too Many Requests (status 429)', 'error 429 Too Many Requests', 'error status 429'],
  ['killed by SIGKILL, status code: 500', 'error SIGKILL', 'error status code: 500'],
  ['v24.1.0 and 1.2.3-beta.1 of gpt-4o-mini', 'id v24.1.0', 'id 1.2.3-beta.1', 'id gpt-4o-mini'],
  ['CVE-2024-12345, INV-2024-0042, #4711', 'id CVE-2024-12345', 'id INV-2024-0042', 'id #4711'],
  ['toolu_01A9bC, chatcmpl-9Zk2Q, req_7hx', 'id toolu_01A9bC', 'id chatcmpl-9Zk2Q', 'id req_7hx'],
  ['0x80070005 on 10.0.0.12/24, +49 30 1234567', 'id 0x80070005', 'id 10.0.0.12/24', 'id +49 30 1234567'],
  [
    '20 km, 3 pm, 1,234,567 rows, 12.03.2026',
    'number 20 km',
    'number 3 pm',
    'number 1,234,567',
    'number 12.03.2026',
  ],
  ['5 GB for 20 EUR by 2026-05-12T10:30:00Z', 'number 5 GB', 'number 20 EUR', 'number 2026-05-12T10:30:00Z'],
  ['postgres://db.example.com:5432/shop.', 'url postgres://db.example.com:5432/shop'],
  [
    '(https://en.example.org/wiki/A_(b)), www.example.org',
    'url https://en.example.org/wiki/A_(b)',
    'url www.example.org',
  ],
  ['ECONNREFUSED-Fehler in origin/ABC-123', 'error ECONNREFUSED', 'id ABC-123'],
])('finds what is exact in %j', (text, ...expected) => {
  expect(shown(text)).toEqual(expected);
});

it.each([
  'The weather was lovely, and we walked along the river for a while and/or sat in the sun.',
  'It works 24/7, i.e. all day, e.g. on the 2nd floor, with 3 apples and 12 friends.',
  'Node.js and Vue.js read UTF-8, use SHA-256 and TCP/IP. It was the mid-1990s, a top-10 hit.',
  'EVERY ENGLISH EXAMPLE IS IN CAPITALS. OK, FINE!',
  'He defaced the facade (see chapter 4, item 7). </div> // a comment',
  'Das Café ist schön und/oder groß, z. B. im 3. Stock.',
  '𐀀/𐀀 and 𐀀.𐀀',
  'The cat/dog question, his/her choice, w/o a doubt; 3:1 for us.',
  `A picture: data:image/png;base64,${'iVBORw0KGgo/AAAA+NSUhEUgAA'.repeat(20)} and its end`,
  `${'9j/4AAQSkZJRgABAQEAYABgAAD+2wBDAAgGBgcGBQgHBwcJ'.repeat(3)}\n${'Zm9vYmFy/W1Qx8s2K+'.repeat(5)}`,
])('finds nothing in %j', (text) => {
  expect(extractArtifacts([said('user', text)])).toEqual([]);
});

describe('decisions', () => {
  it.each([
    'We decided to use Postgres.',
    "Let's go with the second plan.",
    'We agreed on Tuesday.',
    'I chose the blue one.',
    'Keys must not be logged.',
    'Always answer in German.',
    "Please don't call the API twice.",
    'Do not delete anything.',
    'Wir haben uns für Rot entschieden.',
    'Bitte niemals freitags ausliefern.',
    'Das darf auf der Seite nicht erscheinen.',
  ])('%j is one', (text) => {
    expect(decided(`Hello there. ${text} Thanks!`)).toEqual([text]);
  });

  it.each([
    "I don't know what happened.",
    'Should we always retry?',
    'It must have been the cache.',
    'Never mind, it works.',
    'It was as always quite late.',
    'Das ist immer noch kaputt.',
    '> we decided to sell everything',
    '```\nnever do this\n```',
  ])('%j is none', (text) => {
    expect(decided(text)).toEqual([]);
  });

  it('are not taken from what a tool answers', () => {
    expect(decided('We decided to sell.', 'tool')).toEqual([]);
    expect(decided('We decided to sell.', 'assistant')).toEqual(['We decided to sell.']);
  });

  it('are cut to about 160 characters around what they decide', () => {
    const [told = ''] = decided(
      `${'long words before '.repeat(30)}we must never sell ${'and after '.repeat(50)}`,
    );
    expect(told).toContain('must never sell');
    expect(told.length).toBeLessThanOrEqual(160);
  });
});

it('tells a value once, at its last mention', () => {
  expect(shown('a/x.ts and b/y.ts', 'c/z.ts', 'again a/x.ts')).toEqual([
    'path b/y.ts',
    'path c/z.ts',
    'path a/x.ts',
  ]);
});

it('reads JSON that a tool answers as text by its strings', () => {
  const output = JSON.stringify({
    log: 'first\nsrc/a.ts',
    dir: 'C:\\temp\\x',
    rows: [{ n: 12345 }, null, true],
  });
  const content = [{ type: 'tool-result', toolCallId: 'c', toolName: 't', output, isError: false } as const];
  expect(extractArtifacts([{ role: 'tool', content }]).map(({ value }) => value)).toEqual([
    'src/a.ts',
    'C:\\temp\\x',
    '12345',
  ]);
});

it('names files and pictures, and leaves reasoning and their bytes out', () => {
  const image = { type: 'image', mediaType: 'image/png' } as const;
  const origin = { provider: 'p', model: 'm' };
  const found = extractArtifacts([
    {
      role: 'user',
      content: [
        { ...image, data: 'aGVsbG8gd29ybGQx', name: 'plan.png' },
        { ...image, data: 'https://example.com/p.png' },
        { type: 'reasoning', text: 'perhaps src/secret.ts', origin },
      ],
    },
  ]);
  expect(found.map(({ value }) => value)).toEqual(['plan.png', 'https://example.com/p.png']);
});

it('one giant tool result does not crowd out what was mentioned before', () => {
  const giant = Array.from({ length: 20_000 }, (_, index) => `file-${index}/x.ts`).join('\n');
  const found = shown('src/kept.ts', giant, giant.replaceAll('x.ts', 'y.ts'));
  expect(found).toContain('path src/kept.ts');
  expect(found).toHaveLength(201);
});

it('of too many values those stay that most messages mention, and then the newest', () => {
  const messages = Array.from(
    { length: 1000 },
    (_, index) => `OPS-${index}${index < 500 ? '' : ' and OPS-7'}`,
  );
  const found = shown(...messages);
  expect(found).toHaveLength(400);
  expect(found).toContain('id OPS-7');
  expect(found).toContain('id OPS-999');
  expect(found).not.toContain('id OPS-8');
});

describe('a megabyte of the same takes linear time', () => {
  const base64 = Array.from({ length: 250_000 }, (_, index) => ((index * 7919) % 4093).toString(36)).join(
    '+',
  );
  it.each([
    ['letters', 'a'],
    ['slashes', '/'],
    ['brackets', '(a+'],
    ['digits', '1'],
    ['dots', '.'],
    ['dots and letters', 'a.'],
    ['dots and hyphens', '.-'],
    ['hyphens', 'a-'],
    ['underscores', 'A_'],
    ['at signs', 'a@'],
    ['commas in digits', '1,'],
    ['URLs', 'https://'],
    ['drives', 'C:\\a'],
    ['routes', '[a]/'],
    ['cues', 'wir haben '],
    ['backquotes', '```'],
    ['blanks', ' '],
    ['base64', base64],
  ])(
    '%s',
    (_, piece) => {
      const text = piece.repeat(Math.ceil(1e6 / piece.length)).slice(0, 1e6);
      const started = performance.now();
      expect(decided(text)).toEqual([]);
      expect(performance.now() - started).toBeLessThan(15_000);
    },
    30_000,
  );
});
