import type { Usage } from './model.js';

const nothing: Usage = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 };

/** Several calls as one; `null` where one of them is not known. */
export function sumUsage(usages: readonly (Usage | null)[]): Usage | null {
  return usages.reduce(
    (sum, usage) => {
      if (!sum || !usage) return null;
      const long = [sum.cacheWriteLong, usage.cacheWriteLong].filter((tokens) => tokens !== undefined);
      return {
        input: sum.input + usage.input,
        cacheRead: sum.cacheRead + usage.cacheRead,
        cacheWrite: sum.cacheWrite + usage.cacheWrite,
        ...(long.length > 0 && { cacheWriteLong: long.reduce((total, tokens) => total + tokens) }),
        output: sum.output + usage.output,
        reasoning: sum.reasoning + usage.reasoning,
      };
    },
    nothing as Usage | null,
  );
}
