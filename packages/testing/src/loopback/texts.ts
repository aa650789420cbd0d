/** Words; a single word in two halves, so that every text can break in the middle. */
export function pieces(text: string | undefined): readonly string[] {
  const words = text?.match(/\S+\s*|\s+/g) ?? [];
  const [only] = words;
  if (words.length !== 1 || only === undefined || only.length < 2) return words;
  const characters = [...only];
  return [characters.slice(0, 1).join(''), characters.slice(1).join('')].filter(Boolean);
}

/** Roughly four characters are a token. */
export function estimateTokens(value: unknown): number {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return Math.ceil(text.length / 4);
}
