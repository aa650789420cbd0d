import type { Message } from '../message/message.js';
import type { Warning } from '../model/model.js';
import type { LossReport, Place } from './report.js';

/** A conversation that is legal in one dialect. Compiling it again changes nothing. */
export interface CompiledConversation {
  /**
   * Still core's messages, so that what is left for a provider is a mapping one by one: ids and names are those of the
   * wire, results are in one `tool` message directly behind their calls.
   */
  readonly messages: readonly Message[];
  readonly report: LossReport;
  /** What the caller should know of the report. */
  readonly warnings: readonly Warning[];
  /** The caller's id of each call, by its id on the wire. */
  readonly callIds: ReadonlyMap<string, string>;
  /** The caller's name of each tool, by its name on the wire. */
  readonly toolNames: ReadonlyMap<string, string>;
  /** The name on the wire of each tool, by the caller's name. */
  readonly wireNames: ReadonlyMap<string, string>;
  /** Where the last part of a given message is sent; `undefined` where none of it is. For marks such as the end of a cached prefix. */
  endOf(messageId: string): Place | undefined;
}
