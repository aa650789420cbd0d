/** The lines of a text that are its own: what is quoted with `>` or fenced as code is left out. */
export function ownLines(text: string): string[] {
  let isCode = false;
  return text.split(/[\n\r\u2028\u2029]+/).filter((line) => {
    const isFence = /^ {0,8}(?:```|~~~)/.test(line);
    if (isFence) isCode = !isCode;
    return !(isFence || isCode || /^ {0,8}>/.test(line));
  });
}

/** The sentences of one line, not cut in `12. May`, without the marks of a list before them. */
export function sentences(line: string): string[] {
  return line
    .split(/(?<=[^\d][.!?]|[!?]|[^\s\d]\d{1,2}\.|\d{3}\.)\s/)
    .map((sentence) => oneLine(sentence).replace(/^(?:[-*•+] |\d{1,3}[.)] |#{1,6} )/, ''))
    .filter((sentence) => sentence !== '');
}

/** Blanks and line ends made one blank each. */
export function oneLine(text: string): string {
  return text.split(/\s/).filter(Boolean).join(' ');
}

/** At most `longest` characters, cut between words where that is possible. */
export function cutText(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const cut = text.slice(0, Math.max(longest - 1, 0)).replace(/[\uD800-\uDBFF]$/, '');
  const blank = cut.lastIndexOf(' ');
  return longest < 1 ? '' : `${blank > longest / 2 ? cut.slice(0, blank) : cut}…`;
}
