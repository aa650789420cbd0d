import type { Coverage, Entry, Thread } from '@loci/core';

/** What processes said that a thread holds. */
export interface Acknowledged {
  /** Ids of turns. */
  readonly turns: readonly string[];
  /** Ids of clears. */
  readonly clears: readonly string[];
}

interface Placed {
  readonly id: string;
  readonly seq: number;
  readonly turnSeq: number;
}

interface Details {
  readonly basis: string | null;
  readonly covered: readonly string[];
  readonly saw: { readonly ids: readonly string[] } | null;
}

/**
 * What is wrong, in sentences, with a thread that several processes appended to, compacted and cleared; none where nothing
 * acknowledged is lost, the view is what the last shape leaves, a clear hides for good what it hid, no two compactions
 * covered the same, and a summary covers exactly what its summarisers saw. Folds the whole log, and shares no code with it.
 */
export async function checkSharedThread(thread: Thread, acknowledged: Acknowledged): Promise<string[]> {
  const faults: string[] = [];
  const entries: Entry[] = [];
  for await (const entry of thread.entries()) entries.push(entry);
  const known = new Set(entries.map(({ id }) => id));
  for (const id of acknowledged.turns)
    for (const part of ['start', '0', '1', 'end'])
      if (!known.has(`${id}.${part}`)) faults.push(`${id}.${part} of an acknowledged turn is lost`);
  for (const id of acknowledged.clears) if (!known.has(id)) faults.push(`the clear ${id} is lost`);

  const ends = new Map(
    entries.flatMap((entry) =>
      entry.kind === 'turn' && entry.data.state === 'completed' ? [[entry.turnId, entry.seq]] : [],
    ),
  );
  const messages = entries
    .flatMap((entry): Placed[] =>
      entry.kind === 'message'
        ? [{ id: entry.id, seq: entry.seq, turnSeq: ends.get(entry.turnId) ?? Number.NaN }]
        : [],
    )
    .filter(({ turnSeq }) => !Number.isNaN(turnSeq))
    .sort((a, b) => a.turnSeq - b.turnSeq || a.seq - b.seq);

  let cleared: Coverage | undefined;
  let shape: { readonly id: string; readonly covers: Coverage } | undefined;
  let isSummary = false;
  let chain = new Set<string>();
  for (const entry of entries) {
    if (entry.kind === 'clear') {
      cleared = entry.data.covers;
      chain = new Set();
      isSummary = false;
      shape = { id: entry.id, covers: entry.data.covers };
    } else if (entry.kind === 'overlay') {
      const { covers } = entry.data;
      const details = entry.data.details as unknown as Details;
      const basis = isSummary ? shape?.id : null;
      if (details.basis !== basis)
        faults.push(`${entry.id} goes on from ${details.basis}, not from ${basis}`);
      for (const id of details.covered) {
        if (chain.has(id)) faults.push(`${entry.id} covers ${id}, which was covered before`);
        if (!details.saw?.ids.includes(id)) faults.push(`${entry.id} covers ${id}, which no summariser saw`);
        chain.add(id);
      }
      const hidden = messages.filter((one) => isWithin(covers, one) && !(cleared && isWithin(cleared, one)));
      const exact = hidden.length === chain.size && hidden.every(({ id }) => chain.has(id));
      if (!exact) faults.push(`${entry.id} hides ${hidden.length} messages and covers ${chain.size}`);
      shape = { id: entry.id, covers };
      isSummary = true;
    }
  }

  const view = await thread.view();
  const wanted = messages.filter((one) => !(shape && isWithin(shape.covers, one))).map(({ id }) => id);
  // Others go on meanwhile: the view may know more than the log that was read.
  const shown = view.seq === entries.at(-1)?.seq ? view.messages.map(({ id }) => id) : wanted;
  if (view.seq === entries.at(-1)?.seq && view.shape !== (shape?.id ?? null))
    faults.push(`the view has the shape ${view.shape}, not ${shape?.id}`);
  if (shown.join() !== wanted.join()) faults.push('the view is not what its shape leaves of the log');
  return faults;
}

function isWithin({ closed }: Coverage, { turnSeq, seq }: Placed): boolean {
  return turnSeq < closed.turnSeq || (turnSeq === closed.turnSeq && seq <= closed.seq);
}
