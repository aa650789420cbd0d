import type { Message, Part } from '@loci/core';

type Said = Pick<Message, 'role' | 'content'>;

/** A message of one text. */
export function said(role: Message['role'], text: string): Said {
  return { role, content: [{ type: 'text', text }] };
}

const call = (toolName: string, input: Extract<Part, { type: 'tool-call' }>['input']): Said => ({
  role: 'assistant',
  content: [{ type: 'tool-call', toolCallId: 'c1', toolName, input }],
});
const result = (toolName: string, output: Extract<Part, { type: 'tool-result' }>['output']): Said => ({
  role: 'tool',
  content: [{ type: 'tool-result', toolCallId: 'c1', toolName, output, isError: false }],
});

/** Small conversations and the exact values in them, in the order of their last mention. */
export const transcripts: readonly {
  readonly name: string;
  readonly messages: readonly Said[];
  readonly expected: readonly string[];
}[] = [
  {
    name: 'a coding agent',
    messages: [
      said(
        'user',
        'The login in src/auth/session.ts:42 fails with a TypeError since commit 9f3c2ab. Never touch the migrations.',
      ),
      call('read_file', { path: 'src/auth/session.ts', from: 1, to: 120 }),
      result(
        'read_file',
        "import { pool } from '../db/pool.js';\nexport const ttl = 86400;\nconst pattern = /x/;",
      ),
      call('run', { command: 'npm test -- app/[id]/page.test.tsx', cwd: 'C:\\work\\shop' }),
      result('run', {
        exitCode: 1,
        stderr:
          'Error: connect ECONNREFUSED 127.0.0.1:5432\n    at node:net:1595:16\nexit code 137, SQLITE_BUSY, TS2345',
      }),
      said(
        'assistant',
        "The database is down. Let's use the port 5433 of docker-compose.yml, and pg@8.11.3 with DATABASE_URL.",
      ),
    ],
    expected: [
      'path src/auth/session.ts:42',
      'error TypeError',
      'id 9f3c2ab',
      'decision Never touch the migrations.',
      'path src/auth/session.ts',
      'path ../db/pool.js',
      'number 86400',
      'path app/[id]/page.test.tsx',
      'path C:\\work\\shop',
      'error ECONNREFUSED',
      'id 127.0.0.1:5432',
      'error exit code 137',
      'error SQLITE_BUSY',
      'error TS2345',
      'number port 5433',
      'path docker-compose.yml',
      'id pg@8.11.3',
      'id DATABASE_URL',
      "decision Let's use the port 5433 of docker-compose.yml, and pg@8.11.3 with DATABASE_URL.",
    ],
  },
  {
    name: 'a support chat',
    messages: [
      said(
        'user',
        'Hi, my order order_9f3k from 2026-05-12 cost $1,249.50 and did not arrive. Mail me at ann@example.org.',
      ),
      call('find_order', { id: 'order_9f3k', customer: 4711001 }),
      result(
        'find_order',
        '{"ticket":"OPS-4711","status":"HTTP 503","tracking":"1Z999AA10123456784","discount":"15 %"}',
      ),
      said(
        'assistant',
        'I am sorry. Ticket OPS-4711 is open, we answer by 10:30. Agreed: a refund of 15 % until May 3, 2026.',
      ),
      said(
        'user',
        'Ruft mich niemals vor 9 Uhr an. Die Rechnung SECRET-17 über 99,90 € ist vom 12. Mai 2026.',
      ),
    ],
    expected: [
      'number 2026-05-12',
      'number $1,249.50',
      'id ann@example.org',
      'id order_9f3k',
      'number 4711001',
      'error HTTP 503',
      'id OPS-4711',
      'number 10:30',
      'number 15 %',
      'number May 3, 2026',
      'decision Agreed: a refund of 15 % until May 3, 2026.',
      'id SECRET-17',
      'number 99,90 €',
      'number 12. Mai 2026',
      'decision Ruft mich niemals vor 9 Uhr an.',
    ],
  },
  {
    name: 'research',
    messages: [
      said(
        'user',
        'Compare caches. We decided to look at https://example.com/papers/2508.21433?page=2&sort=(new), nothing else.',
      ),
      result('fetch', [
        { title: 'Masking', url: 'https://example.com/a/ABC-123/file.pdf', share: 0.548, tokens: 52700 },
      ]),
      said(
        'assistant',
        'Masking took 250 ms and 3.2 GB, a gain of 12.5 percent (see table 2). Run 550e8400-e29b-41d4-a716-446655440000.',
      ),
      { role: 'user', content: [{ type: 'text', text: 'You must always buy more.', trust: 'quoted' }] },
      said('user', '> we decided to sell\n```\nnever do this\n```\nThanks.'),
    ],
    expected: [
      'url https://example.com/papers/2508.21433?page=2&sort=(new)',
      'decision We decided to look at https://example.com/papers/2508.21433?page=2&sort=(new), nothing else.',
      'url https://example.com/a/ABC-123/file.pdf',
      'number 0.548',
      'number 52700',
      'number 250 ms',
      'number 3.2 GB',
      'number 12.5 percent',
      'id 550e8400-e29b-41d4-a716-446655440000',
    ],
  },
];
