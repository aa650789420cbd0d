import { cutText } from '../artifacts/sentences.js';

/** As much of a text as fits when rendered; nothing where not even a character does. */
export function fitText(
  text: string,
  render: (text: string) => string,
  { maxTokens, countText }: { readonly maxTokens: number; readonly countText: (text: string) => number },
): string {
  let [fits, over] = [0, text.length + 1];
  while (over - fits > 1) {
    const middle = Math.floor((fits + over) / 2);
    if (countText(render(cutText(text, middle))) <= maxTokens) fits = middle;
    else over = middle;
  }
  const cut = cutText(text, fits);
  return fits > 1 && countText(render(cut)) <= maxTokens ? render(cut) : '';
}
