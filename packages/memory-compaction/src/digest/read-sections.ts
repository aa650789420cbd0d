import { cutText, oneLine } from '../artifacts/sentences.js';
import { type Heading, readHeading } from '../summarise/headings.js';

/** Characters of one line that is taken over. */
const longestLine = 400;

/** The lines of a summary by heading, without the marks of a list; what stands before the first heading is a fact. */
export function readSections(summary: string): ReadonlyMap<Heading, readonly string[]> {
  const sections = new Map<Heading, Set<string>>();
  let current: Heading = '## Facts';
  for (const line of summary.split(/\n+/)) {
    const found = readHeading(line);
    if (found) current = found.heading;
    const text = cutText(oneLine((found ? found.rest : line).replace(/^\s*(?:[-*•+] )?/, '')), longestLine);
    if (text !== '') sections.set(current, (sections.get(current) ?? new Set()).add(text));
  }
  return new Map([...sections].map(([heading, texts]) => [heading, [...texts]]));
}
