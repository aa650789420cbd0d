import { LociError } from '@loci/core';

/** One thing that the schema does not accept. */
export interface DataIssue {
  /** From the root of the value, for example `['messages', 2, 'content']`; empty: the value itself. */
  readonly path: readonly (string | number)[];
  /** In the words of the schema, which may quote the value. */
  readonly reason: string;
}

/** Thrown when a value does not fit the schema. Nothing was changed. */
export class InvalidDataError extends LociError {
  /** Everything that the schema found, in its order; at least one. */
  readonly issues: readonly DataIssue[];

  constructor(issues: readonly DataIssue[]) {
    const count = issues.length === 1 ? 'one place' : `${issues.length} places`;
    super(
      'INVALID_DATA',
      `The value does not fit the schema in ${count}; see \`issues\` for paths and reasons. Nothing was changed; correct it and call again.`,
    );
    this.issues = issues;
  }

  static override isInstance(error: unknown): error is InvalidDataError {
    return LociError.isInstance(error) && error.code === 'INVALID_DATA';
  }
}
