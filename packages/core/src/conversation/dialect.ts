import type { MediaPart, ReasoningPart, Role, TextPart } from '../message/message.js';
import type { NameRule } from './wire-names.js';

/**
 * What a vendor's wire format takes, as data and two pure functions. The compiler does what is legal in every dialect
 * without being asked: results directly follow all calls of their message, in one message and in the order of the calls;
 * ids of calls are unique; no part is an empty text; reasoning stands before what it led to.
 */
export interface Dialect {
  /** Ids of tool calls. */
  readonly callIds: NameRule;
  readonly toolNames: NameRule;
  /** Where system messages may stand; `first`: before all others, which a top-level field is too; `none`: sent as the user's. */
  readonly system: 'anywhere' | 'first' | 'none';
  /** Whether consecutive messages of one role become one. A message with calls takes nothing more. */
  readonly merge: boolean;
  /** Whether a text of nothing but white space is taken. */
  readonly blankText: boolean;
  /** What becomes of a call without a result: left out, or answered with an error that says so. */
  readonly unanswered: 'leave-out' | 'answer';
  /** Whether the input of a call must be a JSON object; another value is sent as `{ value }`. */
  readonly objectInputs: boolean;
  /** The user's text put before an assistant message that would be first. Absent: it may be first. */
  readonly opening?: string;
  /** The assistant's text put between results and a user message. Absent: one may follow the other. */
  readonly bridge?: string;
  /** The user's text put last where the last message would be neither the user's nor results. Absent: any may be last. */
  readonly closing?: string;
  /** An image or file as it is sent in this role: itself, a text in its place, or `undefined` to leave it out. */
  media(part: MediaPart, role: Role): MediaPart | TextPart | undefined;
  /** Whether the reasoning is of an origin to which it may be replayed. It then is, verbatim. */
  reasoning(part: ReasoningPart): boolean;
  /** The id of reasoning that is replayed, where the vendor takes each one only once; of several the last one is sent. Absent: any number. */
  reasoningId?(part: ReasoningPart): string | undefined;
}
