/** What a router tells of an attempt. */
interface Outcome {
  readonly id: string;
  readonly result: string;
  readonly durationMs: number;
}

/**
 * The strategy to compare with that gateways call “lowest latency”: by the plain average of the last ten answers of each
 * model; models that have not answered yet come first, equal ones in the order of the list. Give it every outcome.
 */
export function latencyAveraging() {
  const answers = new Map<string, number[]>();
  const averageOf = (id: string) => {
    const last = answers.get(id) ?? [];
    return last.length === 0 ? 0 : last.reduce((sum, ms) => sum + ms, 0) / last.length;
  };
  return {
    name: 'latency-averaging',
    record({ id, result, durationMs }: Outcome): void {
      if (result === 'success') answers.set(id, [...(answers.get(id) ?? []), durationMs].slice(-10));
    },
    rank(candidates: readonly { readonly id: string; readonly position: number }[]) {
      return candidates
        .map(({ id, position }) => ({
          id,
          position,
          score: averageOf(id),
          why: 'average of the last ten answers',
        }))
        .sort((a, b) => a.score - b.score || a.position - b.position);
    },
  };
}
