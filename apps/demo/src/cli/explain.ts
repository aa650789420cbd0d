import { type ErrorKind, LociError, ModelError } from '@loci/core';
import { TurnNotSavedError } from '@loci/core/turn';
import { type Answering, type Vendor, vendors } from '../wiring/vendors.js';
import { clip } from './output.js';
import { UsageError } from './usage-error.js';

/** Whoever a router asked. */
const allVendors = { keyVariable: 'the keys of the vendors', urlVariable: 'their addresses' };

/** What a user may do about it, in the words of the vendor that failed. */
function adviceFor(
  kind: ErrorKind,
  { keyVariable, urlVariable }: Pick<Vendor, 'keyVariable' | 'urlVariable'>,
): string | undefined {
  const advice: { readonly [K in ErrorKind]?: string } = {
    auth: `Check ${keyVariable}.`,
    quota: "Check the account's plan and billing, or use another key.",
    'rate-limit': 'Wait a moment and send it again.',
    'not-found': `Choose another model with --model, or check ${urlVariable}.`,
    overloaded: 'Send it again in a while.',
    server: 'Send it again in a while.',
    timeout: 'Send it again.',
    connection: `Check the network and ${urlVariable}, then send it again.`,
    'context-length': "Set --context-window to the model's real window, or send a shorter message.",
    'content-filter': 'Put it in other words.',
    truncated: 'Send it again.',
    malformed: `Send it again; if it stays so, check ${urlVariable}.`,
  };
  return advice[kind];
}

/** One line: what happened and what to do next. */
export function explain(error: unknown, answering: Answering): string {
  if (TurnNotSavedError.isInstance(error)) return `${error.message} ${explain(error.cause, answering)}`;
  if (error instanceof UsageError) return error.message;
  if (!(error instanceof Error)) return clip(String(error), 400);
  const message = clip(error.message, 400).replace(/([^.!?…])$/, '$1.');
  if (!ModelError.isInstance(error)) return LociError.isInstance(error) ? message : `Unexpected: ${message}`;
  const next =
    error.retryAfterMs === undefined
      ? adviceFor(error.kind, answering === 'router' ? allVendors : vendors[answering])
      : toWait(error.retryAfterMs);
  return next === undefined ? message : `${message} ${next}`;
}

function toWait(milliseconds: number): string {
  return `Send it again in ${Math.max(1, Math.ceil(milliseconds / 1000))} s.`;
}
