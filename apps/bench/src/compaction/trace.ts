import type { JsonValue, ToolSpec } from '@loci/core';

/** Who says a fact. */
export type Speaker = 'user' | 'tool' | 'assistant';

/** Something that is said once in a trace and has to be found at its end. */
export interface Fact {
  /** The sentence, as it stands in the trace. */
  readonly sentence: string;
  /** What it is about, for asking after it. */
  readonly subject: string;
  /** An exact value that nobody can guess; in no other sentence. */
  readonly value: string;
  readonly by: Speaker;
}

export interface TraceCall {
  readonly toolName: string;
  readonly input: JsonValue;
  readonly output: string;
}

/** One answer of the model: with calls, their results come next; without, it ends the turn. */
export interface TraceStep {
  readonly text: string;
  readonly calls: readonly TraceCall[];
  /** Milliseconds until whatever comes next arrives. */
  readonly takesMs: number;
}

export interface TraceTurn {
  /** Milliseconds since the turn before it. */
  readonly pauseMs: number;
  readonly user: string;
  readonly steps: readonly TraceStep[];
}

/** A conversation as it went: what the user said, what the model answered, and when. Made by code, the same for the same seed. */
export interface Trace {
  readonly name: string;
  readonly instructions: string;
  readonly tools: readonly ToolSpec[];
  readonly turns: readonly TraceTurn[];
  readonly facts: readonly Fact[];
}

/** Every text of a trace, in order. */
export function traceTexts({ instructions, turns }: Trace): string[] {
  return [
    instructions,
    ...turns.flatMap(({ user, steps }) => [
      user,
      ...steps.flatMap(({ text, calls }) => [
        text,
        ...calls.flatMap(({ input, output }) => [JSON.stringify(input), output]),
      ]),
    ]),
  ];
}
