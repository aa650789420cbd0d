/** What is compared: one durable append to the log that all writers share, and one update of a record of one's own. */
export interface Work {
  append(id: string): Promise<void>;
  update(): Promise<void>;
  close(): Promise<void>;
}

/** Of each entry: a message of 200 characters. */
export const body = { role: 'user', content: [{ type: 'text', text: 'x'.repeat(200) }] };
