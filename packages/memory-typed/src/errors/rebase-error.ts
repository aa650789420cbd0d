import { type Key, LociError, showKey } from '@loci/core';

/**
 * Given to a store that had queued a change, where the recipe or schema threw when the change was made anew on what
 * the server holds; `cause` is what was thrown. The change is not stored.
 */
export class RebaseError extends LociError {
  readonly key: Key;

  constructor(key: Key, cause: unknown) {
    super(
      'REBASE',
      `A queued change of ${showKey(key)} could not be made anew on what others stored meanwhile. It was not stored; read the memory and make the change again.`,
      cause,
    );
    this.key = key;
  }

  static override isInstance(error: unknown): error is RebaseError {
    return LociError.isInstance(error) && error.code === 'REBASE';
  }
}
