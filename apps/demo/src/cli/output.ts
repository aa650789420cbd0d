import { styleText } from 'node:util';

// Answers and lists go to stdout; everything about them goes to stderr, so that stdout can be kept by itself.

/** Writes to stdout what was asked for. */
export function print(text: string): void {
  process.stdout.write(toPrintable(text));
}

/** Writes one line to stderr: what goes on. */
export function note(text = ''): void {
  process.stderr.write(`${dim(toPrintable(text))}\n`);
}

/** Writes the title of a part of a story to stderr. */
export function chapter(title: string): void {
  note(`\n${title}`);
}

/** Writes one line to stderr: what went wrong. */
export function warn(text: string): void {
  process.stderr.write(`${styleText('red', '✗', { stream: process.stderr })} ${toPrintable(text)}\n`);
}

/** What stands before the words of somebody, for stderr. */
export function speaker(name: string, color: 'cyan' | 'green'): string {
  return `${styleText(['bold', color], `${toPrintable(name)} ›`, { stream: process.stderr })} `;
}

function dim(text: string): string {
  return text === '' ? '' : styleText('dim', text, { stream: process.stderr });
}

/** Stored text, answers and names may hold escape sequences; a terminal must not obey them. */
export function toPrintable(text: string): string {
  return text.replace(/[^\P{Cc}\t\n]/gu, '');
}

/** One line of at most `length` characters. */
export function clip(text: string, length: number): string {
  const characters = [...toPrintable(text.replace(/\s+/g, ' ').trim())];
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : characters.join('');
}

/** Lines of at most 78 characters, broken between words. */
export function wrap(text: string): string[] {
  return (text.match(/\S(?:.{0,77}(?=\s|$)|\S*)/g) ?? []).map((line) => line.trimEnd());
}

/** Lines of columns, each as wide as it has to be. */
export function table(rows: readonly (readonly string[])[], indent = ''): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map(
    (row) =>
      indent +
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
  );
}
