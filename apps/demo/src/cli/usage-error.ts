/** The command line or the environment asks for what there is not. Nothing was done. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
