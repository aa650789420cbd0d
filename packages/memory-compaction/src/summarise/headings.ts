/** The headings of a summary, in their order. A summary may leave some out. */
export const headings = [
  '## Goal',
  '## Constraints',
  '## Decisions',
  '## Facts',
  '## Artifacts',
  '## Progress',
  '## Open',
] as const;

export type Heading = (typeof headings)[number];

const shapes = [
  // `## Goal`, `### 2. Open questions`
  /^#{1,6} {0,3}(?:\d{1,2}[.)] )?\**([a-z]+)\b[^:]{0,60}(?::\**(?: (.*))?)?$/i,
  // `**Goal**`, `**Goal:** text`
  /^(?:\*\*|__)([a-z]+):?(?:\*\*|__):?(?: (.*))?$/i,
  // `Goal:`, `Goal: text`
  /^([a-z]+):(?: (.*))?$/i,
];

/** The heading that a line is, at any level and in any letter case, and what stands behind it in the line. */
export function readHeading(line: string): { readonly heading: Heading; readonly rest: string } | undefined {
  const start = line.slice(0, 400).trim();
  if (!/^[#*_a-z]/i.test(start)) return undefined;
  for (const shape of shapes) {
    const [, name = '', rest = ''] = shape.exec(start) ?? [];
    const heading = headings.find((known) => known.slice(3).toLowerCase() === name.toLowerCase());
    if (heading) return { heading, rest: `${rest}${line.slice(400)}`.trim() };
  }
  return undefined;
}
